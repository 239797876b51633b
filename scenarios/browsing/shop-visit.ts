import { setTimeout as delay } from 'node:timers/promises';
import type { ControlClient } from '../control.js';
import type { Visit } from './bank.js';
import type { ReceivedPage } from './html-page.js';
import type { ResultListener } from './result-listener.js';

/** How long due results are waited for, in milliseconds. It ends a wait for what never comes and measures nothing. */
const RESULT_TIMEOUT = 10_000;
/** Between two looks at the gateway while a page does not come, in milliseconds. */
const LOOK_INTERVAL = 25;

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

/** What the customer sees: the first answer of the gateway, and then the last page. */
export interface CustomerVisit {
  readonly first: ReceivedPage;
  readonly visit: Visit;
}

/** What a {@link ShopVisit} needs. */
export interface ShopVisitOptions {
  /** Names the visit in the addresses of the listener. */
  readonly order: string;
  /** The variables that were sent to the gateway. */
  readonly sent: Readonly<Record<string, string>>;
  readonly control: ControlClient;
  readonly listener: ResultListener;
  /** Reads the gateway's clock. */
  readonly now: () => Promise<Date>;
}

/** A visit of the gateway's pages that a step started: its customer and the results that its shop receives. */
export abstract class ShopVisit {
  readonly order: string;
  readonly sent: Readonly<Record<string, string>>;
  protected readonly control: ControlClient;
  protected readonly listener: ResultListener;
  protected readonly now: () => Promise<Date>;
  /** When the customer left the shop, by the gateway's clock. */
  protected asked = new Date(0);
  protected seen: CustomerVisit | undefined;
  #customer: Promise<void> = Promise.resolve();

  constructor({ order, sent, control, listener, now }: ShopVisitOptions) {
    this.order = order;
    this.sent = sent;
    this.control = control;
    this.listener = listener;
    this.now = now;
  }

  /** Where the customer is; undefined while the page that leads back waits for the gateway's clock. */
  get visit(): Visit | undefined {
    return this.seen?.visit;
  }

  /** The values for expectations and later steps. */
  abstract fields(): Promise<ReadonlyMap<string, string>>;

  /** Whether the page that leads the browser back waits for the gateway's clock. */
  protected abstract isPageLate(): Promise<boolean>;

  /** Waits for the results that are due at the server by the gateway's clock. */
  protected abstract receiveResults(limit: AbortSignal): Promise<void>;

  /**
   * Sends the customer on their way. Resolves when they are at its end and the results that are due have arrived, or when their page waits for
   * the gateway's clock.
   *
   * @throws BrowserError when a page does not come
   */
  async go(way: () => Promise<CustomerVisit>): Promise<void> {
    this.seen = undefined;
    this.asked = await this.now();
    let isAtEnd = false;
    this.#customer = way().then((visit) => {
      this.seen = visit;
    });
    // A customer who still waits when the case ends gets no page.
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
    const limit = AbortSignal.timeout(RESULT_TIMEOUT);
    if (!this.seen && !(await this.isPageLate())) await Promise.race([this.#customer, aborted(limit)]);
    await this.receiveResults(limit);
  }

  /** Resolves when the page waits for the gateway's clock. It cannot be waited for, so the gateway is looked at until the page has come. */
  async #untilPending(isAtEnd: () => boolean): Promise<void> {
    while (!isAtEnd()) {
      await delay(LOOK_INTERVAL);
      if (!isAtEnd() && (await this.isPageLate())) return;
    }
  }
}
