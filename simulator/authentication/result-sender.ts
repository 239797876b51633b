import { encodeForm, latin1Text } from '../../contracts/index.js';
import type { Authentication, ResultFault } from '../engine/authentication.js';
import { addParisDuration } from '../engine/calendar.js';
import type { Gateway } from '../gateway/gateway.js';
import { type CallResult, callShop, type ShopCall } from '../notifications/call-shop.js';
import type { Signer } from '../notifications/signer.js';
import { makeResult, resultAddress, resultForm, type SignedResult } from './signed-result.js';

/** How long after the page the call to the server starts when the browser is to be first, in milliseconds of real time. */
const HEAD_START = 500;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

type FormFields = readonly (readonly [name: string, value: string])[];

/** What a {@link ResultSender} needs. */
export interface ResultSenderOptions {
  readonly signer: Signer;
  /** Makes the calls to shops. Default: `fetch` of this process. */
  readonly fetch?: typeof globalThis.fetch;
}

// The gateway may have been reset meanwhile, and have given the ID3D to another authentication.
const isSame = (a: Authentication, b: Authentication): boolean =>
  a.account === b.account && a.IdSession === b.IdSession && a.startedAt === b.startedAt && a.endedAt === b.endedAt;

/** The address of a call without its query, user name and password. */
const shownAddress = (url: string): string => (url.split('?', 1)[0] ?? '').replace(/^(https?:\/\/)[^/#]*@/i, '$1');

/** Sends the results of authentications: calls the shop's server, and makes what the browser posts. */
export class ResultSender {
  readonly signer: Signer;
  readonly #fetch: typeof globalThis.fetch;
  readonly #closing = new AbortController();
  /** One for each wait, because Node.js warns of a signal that has many listeners. */
  readonly #waits = new Set<AbortController>();

  constructor({ signer, fetch = (input, init) => globalThis.fetch(input, init) }: ResultSenderOptions) {
    this.signer = signer;
    this.#fetch = fetch;
  }

  /**
   * Sends the result of an authentication that has just ended to the shop's server. Resolves when the browser may be answered: after the call
   * if the server is to be first, at once otherwise.
   */
  async notify(gateway: Gateway, authentication: Authentication): Promise<void> {
    const { server } = authentication.faults;
    if (authentication.URLHttpDirect === '' || server?.lost) return;
    const sending = this.#notifyServer(gateway, authentication, server);
    if (authentication.order === 'server-first' && server?.late === undefined) await sending;
    // Nobody waits for it, so a failure would end the process.
    else sending.catch(() => {});
  }

  /** Sends the result of an authentication when the time of its challenge is over, unless it ended before. */
  async expire(gateway: Gateway, started: Authentication): Promise<void> {
    // Again if the clock was set back at once.
    while (await this.#reaches(gateway, started.expiresAt)) {
      const authenticator = await gateway.authenticator();
      const continued = await authenticator.continue(started.ID3D).catch(() => undefined);
      if (continued?.hasEnded) await this.notify(gateway, continued.authentication).catch(() => {});
      if (!continued || !isSame(continued.authentication, started)) return;
    }
  }

  /**
   * The fields that the browser posts, after the delay that a rule asks for.
   *
   * @returns undefined: the result is lost
   */
  async browserForm(gateway: Gateway, authentication: Authentication): Promise<FormFields | undefined> {
    const { browser } = authentication.faults;
    if (browser?.lost) return undefined;
    await this.#wait(gateway, browser);
    const result = await makeResult(authentication, browser, this.signer, gateway.clock.now());
    const form = resultForm(result);
    const body = latin1Text(encodeForm(form, 'iso-8859-1'));
    const times = authentication.URLRetour === '' ? 1 : (browser?.times ?? 1);
    for (let again = 1; again < times; again++) {
      await this.#call(gateway, authentication, { url: authentication.URLRetour, body }, result);
    }
    return form;
  }

  /** Ends the calls and the waits. */
  close(): void {
    this.#closing.abort();
    for (const wait of this.#waits) wait.abort();
  }

  async #wait(gateway: Gateway, fault: ResultFault | undefined): Promise<boolean> {
    if (fault?.late === undefined) return true;
    return this.#reaches(gateway, addParisDuration(gateway.clock.now(), fault.late));
  }

  /** Waits until the clock of a gateway shows an instant. Resolves with false when the sender is closed before. */
  async #reaches(gateway: Gateway, instant: number): Promise<boolean> {
    if (this.#closing.signal.aborted) return false;
    const wait = new AbortController();
    this.#waits.add(wait);
    try {
      return await gateway.clock.reaches(instant, wait.signal);
    } finally {
      this.#waits.delete(wait);
    }
  }

  async #notifyServer(gateway: Gateway, authentication: Authentication, fault: ResultFault | undefined): Promise<void> {
    if (!(await this.#wait(gateway, fault))) return;
    if (authentication.order === 'browser-first' && fault?.late === undefined) await pause(HEAD_START);
    const stored = await gateway.authentication(authentication.ID3D).catch(() => undefined);
    if (!stored || !isSame(stored, authentication)) return;
    const result = await makeResult(authentication, fault, this.signer, gateway.clock.now());
    const call = { url: resultAddress(authentication.URLHttpDirect, result) };
    for (let time = 0; time < (fault?.times ?? 1); time++) await this.#call(gateway, authentication, call, result);
  }

  /** Calls the shop, again if it did not answer and the account says so. Each try is recorded. */
  async #call(gateway: Gateway, authentication: Authentication, call: ShopCall, { fields, check }: SignedResult): Promise<void> {
    const [site = '', rang = ''] = authentication.account.split('/');
    const attempts = gateway.account(site, rang)?.notificationAttempts ?? 1;
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const result = await gateway.track(callShop(call, { fetch: this.#fetch, signal: this.#closing.signal }));
      if (this.#closing.signal.aborted) return;
      const authenticator = await gateway.authenticator();
      await authenticator.record({
        operation: 'result',
        account: authentication.account,
        reference: authentication.IdSession,
        request: [
          ['(address)', `${call.body === undefined ? 'GET' : 'POST'} ${shownAddress(call.url)}`],
          ...resultForm({ fields, check }).slice(0, -1),
          ['Check', check],
        ],
        reply: replyOf(result),
        findings: result.problem ? [result.problem] : [],
      });
      if (!result.problem) return;
    }
  }
}

function replyOf({ status, body }: CallResult): FormFields {
  return status === undefined ? [['HTTP', 'none']] : [['HTTP', String(status)], ...(body === '' ? [] : [['(answer)', body] as const])];
}
