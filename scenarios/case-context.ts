import { parisDateq } from '../client/question.js';
import type { Arrival } from './browsing/result-listener.js';
import { ResultListener } from './browsing/result-listener.js';
import { ShopAuthentication } from './browsing/shop-authentication.js';
import { ShopCheckout } from './browsing/shop-checkout.js';
import type { ShopVisit } from './browsing/shop-visit.js';
import { ControlApiError, type ControlClient, type JournalRequest } from './control.js';
import { DEFAULT_CARD, type EarlierStep } from './default-variables.js';
import type { Exchange } from './exchange.js';
import type { Path, StepFailure } from './expectations.js';
import type { Statement } from './explore/attempt.js';
import type { Law } from './explore/laws.js';
import type { Observation } from './explore/observation.js';
import { InterpolationError, type Names } from './interpolate.js';
import type { Step } from './scenario.js';
import type { Endpoint } from './target.js';

/** What a step produced: an exchange with the gateway, a program's output, an application's response, or the result of an authentication or a hosted payment. */
export interface StepResult {
  readonly exchange?: Exchange;
  readonly program?: { readonly status: number | null; readonly stdout: string; readonly stderr: string };
  readonly http?: {
    readonly status: number;
    readonly body: string;
    /** Of the last page, after `browse`. */
    readonly url?: string;
    /** Whether the last page is one of the gateway, and not of the application. */
    readonly isOfGateway?: boolean;
  };
  readonly authentication?: { readonly shop: ShopAuthentication; readonly fields: ReadonlyMap<string, string> };
  readonly checkout?: {
    readonly shop: ShopCheckout;
    readonly fields: ReadonlyMap<string, string>;
    /** How many results the shops of the case had received before the step. */
    readonly since: number;
  };
}

/** What programs and applications said in one attempt, and what the gateway had at its end. */
export interface SpokenAttempt {
  readonly statements: Statement[];
  atEnd?: Observation;
}

/** A step that ran, its result, and the expectations it did not meet. */
export interface StepRecord extends StepResult {
  readonly step: Step;
  /** Path of the step within the scenario. */
  readonly path: Path;
  readonly failures: readonly StepFailure[];
  /** Requests that the gateway received during a failed `run` or `call` step. */
  readonly received?: readonly JournalRequest[];
  /** The concurrent steps of a `together` step. */
  readonly parts?: readonly StepRecord[];
}

const random = (below: number): number => Math.floor(Math.random() * below);

const newNumber = (): string => String(1 + random(2_147_483_646));

/** Five digits, so that scenarios can prefix zeros within the ten that NUMQUESTION allows. */
const newShortNumber = (): string => String(10_000 + random(90_000));

/** The day of a DATEQ, DDMMYYYY. */
const questionDay = (now: Date): string => parisDateq(now).slice(0, 8);

const PAGE = 1000;

/** State shared by the steps of a case: its endpoint, its clock, and the replies received so far. */
export class CaseContext {
  readonly endpoint: Endpoint;
  readonly unique: { readonly reference: string; readonly subscriber: string };
  readonly earlier = new Map<string, EarlierStep>();
  readonly #values: Readonly<Record<string, string>>;
  now: () => Date = () => new Date();
  /** What programs and applications said, of one attempt after the other; the last one is running. */
  readonly attempts: SpokenAttempt[] = [{ statements: [] }];
  /** Laws of the scenario. */
  laws: readonly Law[] = [];
  /** Variables that applications get beside those of the gateway. */
  environment: Readonly<Record<string, string>> = {};
  /** Whether a customer has been on the pages of the application. */
  hasBrowsed = false;
  readonly #visits = new Map<string, ShopVisit>();
  readonly #ending = new AbortController();
  #listener: Promise<ResultListener> | undefined;
  #opened: ResultListener | undefined;
  #orders = 0;

  /**
   * @param token makes the case's reference and subscriber unique
   * @param values values of `${name}` in addition to the default ones: the row of the examples, the options of the run
   */
  constructor(endpoint: Endpoint, token: string, values: Readonly<Record<string, string>>) {
    this.endpoint = endpoint;
    this.unique = { reference: `SIM-${token}`, subscriber: `SUB-${token}` };
    this.#values = values;
  }

  /** Returns what `${…}` can refer to at this point. `numquestion` is new on each call. */
  names(): Names {
    const { account, url, backupUrl } = this.endpoint;
    return {
      values: {
        reference: this.unique.reference,
        subscriber: this.unique.subscriber,
        site: account.site,
        rang: account.rang,
        rang3: account.rang.padStart(3, '0'),
        cle: account.cle ?? '',
        version: account.version,
        numquestion: newNumber(),
        shortNumber: newShortNumber(),
        dateq: questionDay(this.now()),
        card: DEFAULT_CARD.PORTEUR,
        expiry: DEFAULT_CARD.DATEVAL,
        cvv: DEFAULT_CARD.CVV,
        url,
        backupUrl: backupUrl ?? url,
        ...this.#values,
      },
      replies: Object.fromEntries(Array.from(this.earlier, ([name, { reply }]) => [name, reply])),
    };
  }

  /** @throws InterpolationError when no step that ran so far has this name */
  earlierNamed(name: string): EarlierStep {
    const known = this.earlier.get(name);
    if (known) return known;
    const names = [...this.earlier.keys()].join(', ') || 'none';
    throw new InterpolationError(`No earlier step is named ${name}; named steps: ${names}.`);
  }

  /** Aborted when the case ends. */
  get closing(): AbortSignal {
    return this.#ending.signal;
  }

  /** Returns the case's listener for results. It is opened when it is needed first. */
  async listener(): Promise<ResultListener> {
    this.#listener ??= ResultListener.open();
    this.#opened = await this.#listener;
    return this.#opened;
  }

  /** All results that the shops of the case have received, in their order. */
  get arrivals(): readonly Arrival[] {
    return this.#opened?.arrivals ?? [];
  }

  /** Returns the number of another authentication or checkout of the case. */
  newOrder(): string {
    this.#orders += 1;
    return String(this.#orders);
  }

  /** Stores an authentication or a checkout and its values under the name of its step. */
  rememberVisit(name: string, visit: ShopVisit, fields: ReadonlyMap<string, string>): void {
    this.#visits.set(name, visit);
    this.earlier.set(name, { sent: visit.sent, reply: Object.fromEntries(fields) });
  }

  /** The checkouts of the case, by the numbers of {@link newOrder}. */
  readonly checkouts = new Map<string, ShopCheckout>();

  /** @throws InterpolationError when no step `authenticate` or `checkout` that ran so far has this name */
  visitNamed(name: string): ShopVisit {
    const known = this.#visits.get(name);
    if (known) return known;
    const names = [...this.#visits.keys()].join(', ') || 'none';
    throw new InterpolationError(`No earlier authentication or checkout is named ${name}; named ones: ${names}.`);
  }

  /** @throws InterpolationError when no step `authenticate` that ran so far has this name */
  authenticationNamed(name: string): ShopAuthentication {
    return this.#visitOf(name, ShopAuthentication, 'authentication');
  }

  /** @throws InterpolationError when no step `checkout` that ran so far has this name */
  checkoutNamed(name: string): ShopCheckout {
    return this.#visitOf(name, ShopCheckout, 'checkout');
  }

  #visitOf<Visit extends ShopVisit>(name: string, kind: abstract new (...args: never[]) => Visit, called: string): Visit {
    const known = this.#visits.get(name);
    if (known instanceof kind) return known;
    const names = [...this.#visits].flatMap(([own, visit]) => (visit instanceof kind ? [own] : [])).join(', ') || 'none';
    throw new InterpolationError(`No earlier ${called} is named ${name}; named ones: ${names}.`);
  }

  /** Ends what customers are still doing, and closes the listener. */
  async close(): Promise<void> {
    this.#ending.abort();
    await (await this.#listener)?.close();
  }

  /** @throws ControlApiError when the endpoint has no control API */
  control(): ControlClient {
    if (!this.endpoint.control) throw new ControlApiError('This endpoint has no control API.');
    return this.endpoint.control;
  }

  /** Reads or moves the gateway's clock, as {@link ControlClient.clock} does, and sets the case's time to it. */
  async clock(...request: Parameters<ControlClient['clock']>): Promise<void> {
    const now = await this.control().clock(...request);
    this.now = () => now;
  }

  /** Returns the number of the last request in the journal; 0 if it is empty. */
  async lastSeq(): Promise<number> {
    const { entries } = (await this.control().call('GET', '/journal?limit=1')) as { entries: JournalRequest[] };
    return entries[0]?.seq ?? 0;
  }

  /** Returns the requests that the gateway received after request number `seq`, oldest first. */
  async requestsSince(seq: number): Promise<JournalRequest[]> {
    const { entries } = (await this.control().call('GET', `/journal?limit=${PAGE}`)) as { entries: JournalRequest[] };
    return entries.filter((entry) => entry.seq > seq).reverse();
  }
}
