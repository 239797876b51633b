import type { ControlClient } from '../control.js';
import { authenticationOf, dueCalls, isReturnPending } from './authentication-record.js';
import type { Visit } from './bank.js';
import type { ReceivedPage } from './html-page.js';
import { resultFields } from './result-fields.js';
import type { ResultListener } from './result-listener.js';

/** How long due results are waited for, in milliseconds. It ends a wait for what never comes and measures nothing. */
const RESULT_TIMEOUT = 10_000;
/** Between two looks at an authentication whose page does not come, in milliseconds. */
const LOOK_INTERVAL = 25;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

/** What the customer sees: the answer of RemoteMPI, and then the last page. */
export interface CustomerVisit {
  readonly first: ReceivedPage;
  readonly visit: Visit;
}

/** An authentication that a step started: its customer and the results that its shop receives. */
export class ShopAuthentication {
  /** Names the authentication in the addresses of the listener. */
  readonly order: string;
  readonly IdSession: string;
  /** The variables of RemoteMPI that were sent. */
  readonly sent: Readonly<Record<string, string>>;
  readonly #control: ControlClient;
  readonly #listener: ResultListener;
  readonly #now: () => Promise<Date>;
  #visit: CustomerVisit | undefined;
  #customer: Promise<void> = Promise.resolve();
  /** When the customer set out, by the gateway's clock. */
  #asked = new Date(0);

  /** @param now reads the gateway's clock */
  constructor(
    { order, sent }: { readonly order: string; readonly sent: Readonly<Record<string, string>> },
    control: ControlClient,
    listener: ResultListener,
    now: () => Promise<Date>,
  ) {
    this.order = order;
    this.sent = sent;
    this.IdSession = sent.IdSession ?? '';
    this.#control = control;
    this.#listener = listener;
    this.#now = now;
  }

  /** Where the customer is; undefined while the page that leads back waits for the gateway's clock. */
  get visit(): Visit | undefined {
    return this.#visit?.visit;
  }

  /**
   * Sends the customer on their way. Resolves when they are at its end and the results that are due have arrived, or when their page waits for
   * the gateway's clock.
   *
   * @throws BrowserError when a page does not come
   */
  async go(way: () => Promise<CustomerVisit>): Promise<void> {
    this.#visit = undefined;
    this.#asked = await this.#now();
    let isAtEnd = false;
    this.#customer = way().then((visit) => {
      this.#visit = visit;
    });
    // A customer who waits when the case ends is sent away.
    this.#customer.catch(() => {});
    const ended = this.#customer.finally(() => {
      isAtEnd = true;
    });
    ended.catch(() => {});
    await Promise.race([ended, this.#untilPending(() => isAtEnd)]);
    await this.settle();
  }

  /** Waits for the results that are due by the gateway's clock. */
  async settle(): Promise<void> {
    const record = await authenticationOf(this.#control, this.IdSession);
    if (!record) return;
    const now = await this.#now();
    const limit = AbortSignal.timeout(RESULT_TIMEOUT);
    if (!this.#visit && !isReturnPending(record, this.#asked, now)) await Promise.race([this.#customer, aborted(limit)]);
    if (this.#listener.owns(record.URLHttpDirect)) await this.#listener.receives(this.order, dueCalls(record, now), limit);
  }

  /** The values for expectations and later steps: see {@link resultFields}. */
  async fields(): Promise<ReadonlyMap<string, string>> {
    const record = await authenticationOf(this.#control, this.IdSession);
    return resultFields({
      arrivals: this.#listener.arrivalsOf(this.order),
      first: this.#visit?.first,
      visit: this.#visit?.visit,
      ID3D: record?.ID3D,
      publicKey: await this.#control.text('/public-key.pem'),
      isShop: (url) => this.#listener.owns(url),
    });
  }

  /** Resolves when the page waits for the gateway's clock. It cannot be waited for, so the record is looked at until the page has come. */
  async #untilPending(isAtEnd: () => boolean): Promise<void> {
    while (!isAtEnd()) {
      await pause(LOOK_INTERVAL);
      const record = isAtEnd() ? undefined : await authenticationOf(this.#control, this.IdSession);
      if (record && isReturnPending(record, this.#asked, await this.#now())) return;
    }
  }
}
