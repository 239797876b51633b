import type { ResultFault, ResultOrder } from '../engine/authentication.js';
import { addParisDuration } from '../engine/calendar.js';
import type { Gateway } from '../gateway/gateway.js';
import { type CallResult, callShop, type ShopCall } from './call-shop.js';
import type { Signer } from './signer.js';

/** How long after the page the call to the server starts when the browser is to be first, in milliseconds of real time. */
const HEAD_START = 500;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A result that is sent to the server of a shop. */
export interface Delivery {
  readonly gateway: Gateway;
  /** `SITE/RANG`, whose setting says how often a call is tried. */
  readonly account: string;
  readonly order: ResultOrder;
  readonly fault: ResultFault | undefined;
  /** Whether what the result is about still exists: the gateway may have been reset meanwhile. */
  readonly isWanted: () => Promise<boolean>;
  /** Makes the call when it is time. One that cannot be made, because the state cannot be read, is not sent. */
  readonly makeCall: () => Promise<ShopCall>;
  /** Writes a try into the journal. */
  readonly record: (call: ShopCall, result: CallResult) => Promise<void>;
}

/** What a {@link Deliveries} needs. */
export interface DeliveriesOptions {
  readonly signer: Signer;
  /** The host names that may be called. Empty: all, except those of the gateway. Default: empty. */
  readonly hosts?: readonly string[];
  /** Makes the calls to shops. Default: `fetch` of this process. */
  readonly fetch?: typeof globalThis.fetch;
}

/** Sends results to the servers of shops, in the order and with the faults that they ask for. */
export class Deliveries {
  readonly signer: Signer;
  readonly #fetch: typeof globalThis.fetch;
  readonly #hosts: readonly string[];
  readonly #closing = new AbortController();
  /** One for each wait, because Node.js warns of a signal that has many listeners. */
  readonly #waits = new Set<AbortController>();

  constructor({ signer, hosts = [], fetch = (input, init) => globalThis.fetch(input, init) }: DeliveriesOptions) {
    this.signer = signer;
    this.#hosts = hosts.map((host) => host.toLowerCase());
    this.#fetch = fetch;
  }

  /**
   * Sends a result. Resolves when the browser may be answered: after the call if the server is to be first, at once otherwise.
   */
  async send(delivery: Delivery): Promise<void> {
    const { fault, order } = delivery;
    if (fault?.lost) return;
    const sending = this.#sendLater(delivery);
    if (order === 'server-first' && fault?.late === undefined) await sending;
    // Nobody waits for it, so a failure would end the process.
    else sending.catch(() => {});
  }

  /** Waits as long as a fault says. Resolves with false when the deliveries are closed before. */
  async waitFor(gateway: Gateway, fault: ResultFault | undefined): Promise<boolean> {
    if (fault?.late === undefined) return true;
    return this.reaches(gateway, addParisDuration(gateway.clock.now(), fault.late));
  }

  /**
   * Waits until the clock of a gateway shows an instant. Resolves with false when the deliveries are closed before.
   *
   * @param wait ends this wait only
   */
  async reaches(gateway: Gateway, instant: number, wait = new AbortController()): Promise<boolean> {
    if (this.#closing.signal.aborted) return false;
    this.#waits.add(wait);
    try {
      return await gateway.clock.reaches(instant, wait.signal);
    } finally {
      this.#waits.delete(wait);
    }
  }

  /**
   * Calls the shop, again if it did not answer and the account says so. Each try is recorded.
   *
   * @returns what became of the last try; undefined: the deliveries were closed
   */
  async call(
    { gateway, account, record }: Pick<Delivery, 'gateway' | 'account' | 'record'>,
    call: ShopCall,
  ): Promise<CallResult | undefined> {
    let result: CallResult | undefined;
    const attempts = gateway.accountWithId(account)?.notificationAttempts ?? 1;
    for (let attempt = 1; attempt <= attempts; attempt++) {
      result = await gateway.track(callShop(call, { fetch: this.#fetch, hosts: this.#hosts, signal: this.#closing.signal }));
      if (this.#closing.signal.aborted) return undefined;
      await record(call, result);
      if (!result.problem) break;
    }
    return result;
  }

  /** Ends the calls and the waits. */
  close(): void {
    this.#closing.abort();
    for (const wait of this.#waits) wait.abort();
  }

  async #sendLater(delivery: Delivery): Promise<void> {
    const { gateway, order, fault, isWanted, makeCall } = delivery;
    if (!(await this.waitFor(gateway, fault))) return;
    if (order === 'browser-first' && fault?.late === undefined) await pause(HEAD_START);
    if (!(await isWanted().catch(() => false))) return;
    const call = await makeCall().catch(() => undefined);
    if (!call) return;
    for (let time = 0; time < (fault?.times ?? 1); time++) await this.call(delivery, call);
  }
}

/** The parts of a journal entry that describe what a shop answered. */
export function answerPairs({ status, body }: CallResult): readonly (readonly [name: string, value: string])[] {
  return status === undefined ? [['HTTP', 'none']] : [['HTTP', String(status)], ...(body === '' ? [] : [['(answer)', body] as const])];
}

/** The method and the address of a call, without its query, user name and password. */
export const addressOf = ({ url, body }: ShopCall): string =>
  `${body === undefined ? 'GET' : 'POST'} ${(url.split('?', 1)[0] ?? '').replace(/^(https?:\/\/)[^/#]*@/i, '$1')}`;
