import { accountId, decodeForm, type Form, type MaskOptions, maskCardData, maskText, tenDigits } from '../../contracts/index.js';
import type { Account, AccountInput } from '../engine/account.js';
import type { Authentication } from '../engine/authentication.js';
import type { Checkout } from '../engine/checkout.js';
import type { InjectedFault } from '../engine/fault.js';
import type { Finding } from '../engine/finding.js';
import type { Payment } from '../engine/payment.js';
import { type Host, readQuestion } from '../engine/question.js';
import type { Rule, RuleInput } from '../engine/rule.js';
import { disabledReason } from '../engine/rule-patterns.js';
import type { Subscriber } from '../engine/subscriber.js';
import type { JournalEntry, JournalFilter } from '../journal/entry.js';
import { type AuthenticationFilter, type CheckoutFilter, dump, EMPTY_CONTENT, type PaymentFilter, type Store } from '../store/store.js';
import type { Answer } from './answer.js';
import type { Authenticator } from './authenticator.js';
import { Clock } from './clock.js';
import { loadForRules } from './configuration/check-rule.js';
import { type Configuration, parseConfiguration, withCustomAccounts } from './configuration/configuration.js';
import { RuleBook } from './configuration/rule-book.js';
import type { GatewaySettings } from './configuration/settings.js';
import { SharedConfiguration } from './configuration/shared-configuration.js';
import { setAccount, withNewRule } from './configuration/updates.js';
import type { HostedPage } from './hosted-page.js';
import type { PaymentInput } from './import-payment.js';
import type { SubscriberInput } from './import-subscriber.js';
import type { PageSteps } from './page-steps.js';
import { fixedConfiguration, QuestionProcessor } from './question-processor.js';
import { ReplyHolds } from './reply-holds.js';
import { type Snapshot, type SnapshotSettings, writeSnapshot } from './snapshot.js';

/** The body of a question as a transport received it. */
export interface Received {
  readonly body: Uint8Array;
  /** Content type as sent; undefined if unknown. */
  readonly contentType?: string | undefined;
  /** The body was longer than the limit of the transport, and was not read. */
  readonly tooLarge?: boolean;
  /** Which of the gateway's hosts received it. Default: `main`. */
  readonly host?: Host;
  /** The body was the query of a GET. Default: false. */
  readonly isByGet?: boolean;
  /** It was sent to `/`. Default: false. */
  readonly isAtRoot?: boolean | undefined;
}

/** How many items a list has by default. */
export const DEFAULT_PAGE = 100;

const EMPTY_FORM: Form = { fields: [], badEscape: false };

/** A deployment name that no other process has. */
export const uniqueDeployment = (): string => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;

/** How a gateway is embedded. */
export interface GatewayOptions {
  /** Called after each exchange. */
  readonly onExchange?: ((answer: Answer) => void) | undefined;
  /** Must settle before the gateway reads the store. */
  readonly waitFor?: Promise<void> | undefined;
  /** Called when the gateway has its content: after the start, and after a snapshot was restored. */
  readonly onLoaded?: ((gateway: Gateway) => void) | undefined;
  /** Of the processes with the same deployment, one applies the settings. Default: each process applies its own. */
  readonly deployment?: string | undefined;
}

// A reference is stored masked, so it is searched for in that form.
const storedReference = ({ REFERENCE }: { readonly REFERENCE?: string | undefined }) =>
  REFERENCE === undefined ? {} : { REFERENCE: maskText(REFERENCE) };

function questionOf({ body, tooLarge, contentType, host, isByGet = false, isAtRoot }: Received) {
  const form = tooLarge ? EMPTY_FORM : decodeForm(body);
  return readQuestion(form, { contentType, problem: tooLarge ? 'too-large' : undefined, host, isByGet, isAtRoot });
}

// Loaded when it is needed: few pages with the MSW handlers import payments.
const importing = () => import('./import-settings.js');

async function importGiven(settings: GatewaySettings, configuration: Configuration, store: Store): Promise<void> {
  const { payments = [], subscribers = [] } = settings;
  if (payments.length + subscribers.length === 0) return;
  const { importSettings } = await importing();
  await importSettings(settings, configuration, store);
}

/** One gateway: its accounts, rules and clock, its state in a store. Knows nothing of HTTP. */
export class Gateway {
  readonly name: string;
  readonly clock: Clock;
  readonly rules: RuleBook;
  readonly #store: Store;
  readonly #configuration: SharedConfiguration;
  readonly #processor: QuestionProcessor;
  #authenticator: Promise<Authenticator> | undefined;
  #hostedPage: Promise<HostedPage> | undefined;
  readonly #journal: MaskOptions;
  readonly #onExchange: (answer: Answer) => void;
  readonly #onLoaded: (gateway: Gateway) => void;
  readonly #inFlight = new Set<Promise<unknown>>();
  readonly #holds = new ReplyHolds();

  /** @throws RuleError or RangeError when the settings hold a rule that cannot be applied, or a clock that is not a time */
  constructor(name: string, store: Store, settings: GatewaySettings, options: GatewayOptions = {}) {
    const { onExchange = () => {}, onLoaded = () => {}, waitFor, deployment = uniqueDeployment() } = options;
    this.name = name;
    this.#store = store;
    this.#journal = settings.journal ?? {};
    this.#onExchange = onExchange;
    this.#onLoaded = onLoaded;
    const configuration = new SharedConfiguration(store, {
      settings,
      deployment,
      waitFor,
      onApplied: (applied) => importGiven(settings, applied, store),
    });
    const clock = new Clock(configuration);
    this.#configuration = configuration;
    this.clock = clock;
    this.rules = new RuleBook(configuration);
    this.#processor = new QuestionProcessor(store, configuration, () => clock.now(), this.#journal);
    // What is due then may be due by another process, which does not learn of the move by itself.
    if (store.isShared)
      clock.onMove(
        () =>
          void this.saved().then(
            () => onLoaded(this),
            () => {},
          ),
      );
    // The first caller that waits receives a failure; until then it must not count as unhandled.
    this.ready().then(
      () => onLoaded(this),
      () => {},
    );
  }

  /** Whether other processes may change the gateway's state too. */
  get isShared(): boolean {
    return this.#store.isShared;
  }

  /** Resolves when the settings and their payments are in the store. A failed start is tried again by the next call. */
  ready(): Promise<void> {
    return this.#configuration.ready();
  }

  /**
   * Resolves when clock, accounts and rules, as this process changed them last, are in the store.
   *
   * @throws StoreError when they could not be written; they are then reverted
   */
  saved(): Promise<void> {
    return this.#configuration.saved();
  }

  /** Takes over what other processes changed in clock, accounts and rules. A question does this by itself. */
  refresh(): Promise<void> {
    return this.#configuration.refresh();
  }

  /** The published test accounts and those that were added, including changes of this process that are not saved yet. */
  get accounts(): readonly Account[] {
    return [...this.#configuration.pending.accounts.values()];
  }

  /** Returns the account with this SITE and RANG (with or without leading zeros), or undefined. */
  account(site: string, rang: string): Account | undefined {
    return this.accountWithId(accountId(site, rang));
  }

  /** Returns the account with this id (`SITE/RANG`), or undefined. */
  accountWithId(id: string): Account | undefined {
    return this.#configuration.pending.accounts.get(id);
  }

  /** Adds an account, or changes the given settings of an existing one. */
  setAccount(input: AccountInput): Account {
    this.#configuration.update(setAccount(input));
    return this.account(input.SITE, input.RANG) as Account;
  }

  /**
   * Adds a rule as {@link RuleBook.add} does, and resolves when it is committed: of two processes that add one at the same instant, one is
   * first, and names are generated in that order.
   *
   * @throws RuleError when the rule cannot be applied or has an unknown key, or its name is taken
   */
  async addRule(input: RuleInput): Promise<Rule> {
    await loadForRules([input]);
    let rule: Rule | undefined;
    await this.#configuration.commit((configuration) => {
      const added = withNewRule(configuration, input);
      rule = added.rule;
      return added.configuration;
    });
    return rule as Rule;
  }

  /** The ids of the rules that match nothing, because an earlier version stored a pattern that this one does not support, with the reasons. */
  async disabledRules(): Promise<ReadonlyMap<string, string>> {
    const rules = this.rules.list();
    await loadForRules(rules);
    const reasons = rules.map((rule) => [rule.id, disabledReason(rule)] as const);
    return new Map(reasons.filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  /** Answers a question. Never throws: see {@link QuestionProcessor.process}. */
  async answer(received: Received): Promise<Answer> {
    const answer = await this.track(this.#processor.process(questionOf(received)));
    this.#notify(answer);
    this.#holds.count();
    if (answer.fault) await this.#beforeReply(answer.fault);
    return answer;
  }

  /** Sends the replies that a rule holds; without one, those that any rule holds. */
  release(rule?: string): void {
    this.#holds.release(rule);
  }

  /** Work that {@link Gateway.idle} waits for: a question, a call to a shop. */
  async track<Result>(work: Promise<Result>): Promise<Result> {
    this.#inFlight.add(work);
    try {
      return await work;
    } finally {
      this.#inFlight.delete(work);
    }
  }

  /**
   * Records a request that met no route, so that the user sees it. Never throws.
   *
   * @param request its method and path, such as `POST /ppps.php`
   * @param status of the HTTP response
   * @param why why it met no route, or what else is wrong with it. Default: by the status
   */
  async recordMissed(request: string, status: number, why?: string | Finding): Promise<void> {
    this.#notify(await this.#processor.recordMissed(request, status, why));
  }

  /**
   * Answers questions on this gateway's state at the time of another clock, with its accounts and without its rules. They are not reported
   * to `onExchange`.
   */
  withClock(clock: Clock): Pick<Gateway, 'answer'> {
    const configuration = fixedConfiguration({ ...this.#configuration.pending, rules: [] });
    const processor = new QuestionProcessor(this.#store, configuration, () => clock.now(), this.#journal);
    return { answer: (received) => processor.process(questionOf(received)) };
  }

  /**
   * Imports a payment that was taken elsewhere, on Paybox System's hosted page.
   *
   * @throws ImportError when its account or currency is unknown, its state is impossible, or its numbers are taken
   */
  async importPayment(input: PaymentInput): Promise<Payment> {
    const { importPayment } = await importing();
    return importPayment(input, this.#configuration.pending.accounts, this.#store, this.clock.now());
  }

  /**
   * Imports a subscriber of Direct Plus that was registered elsewhere, with the token that it has there.
   *
   * @throws ImportError when its account is unknown, its token is a card number, or the account has a subscriber with its REFABONNE
   */
  async importSubscriber(input: SubscriberInput): Promise<Subscriber> {
    const { importSubscriber } = await importing();
    return importSubscriber(input, this.#configuration.pending.accounts, this.#store, this.clock.now());
  }

  /** Payments, highest NUMTRANS first. */
  payments(filter: Partial<PaymentFilter> = {}): Promise<Payment[]> {
    return this.#store.payments({ limit: DEFAULT_PAGE, ...filter, ...storedReference(filter) });
  }

  /**
   * The payment that has a transaction with this number.
   *
   * @param numtrans NUMTRANS, padded or not
   */
  payment(numtrans: string): Promise<Payment | undefined> {
    return this.#store.payment(tenDigits(numtrans));
  }

  /** Subscribers in the order of their registration. */
  subscribers(): Promise<Subscriber[]> {
    return this.#store.subscribers();
  }

  /** Starts and continues the authentications of RemoteMPI. Loaded when it is needed. */
  authenticator(): Promise<Authenticator> {
    this.#authenticator ??= Promise.all([import('./authenticator.js'), this.#pageSteps()]).then(
      ([module, steps]) => new module.Authenticator(steps),
    );
    return this.#authenticator;
  }

  async #pageSteps(): Promise<PageSteps> {
    const module = await import('./page-steps.js');
    const now = () => this.clock.now();
    return new module.PageSteps(this.#store, this.#configuration, now, this.#journal, (answer) => this.#notify(answer));
  }

  /** Starts and continues the checkouts of the hosted page. Loaded when it is needed. */
  hostedPage(): Promise<HostedPage> {
    this.#hostedPage ??= Promise.all([import('./hosted-page.js'), this.#pageSteps()]).then(
      ([module, steps]) => new module.HostedPage(steps),
    );
    return this.#hostedPage;
  }

  /** Checkouts, newest first. */
  checkouts(filter: Partial<CheckoutFilter> = {}): Promise<Checkout[]> {
    return this.#store.checkouts({ limit: DEFAULT_PAGE, ...filter, ...storedReference(filter) });
  }

  /** The checkout with this id; undefined if there is none. */
  checkout(id: string): Promise<Checkout | undefined> {
    return this.#store.checkout(tenDigits(id));
  }

  /** Authentications, newest first. */
  authentications(filter: Partial<AuthenticationFilter> = {}): Promise<Authentication[]> {
    const IdSession = filter.IdSession === undefined ? {} : { IdSession: maskCardData(filter.IdSession) };
    return this.#store.authentications({ limit: DEFAULT_PAGE, ...filter, ...IdSession });
  }

  /** The authentication with this ID3D; undefined if there is none. */
  authentication(id3d: string): Promise<Authentication | undefined> {
    return this.#store.authentication(id3d);
  }

  /** Entries of the journal, newest first. */
  journal(filter: Partial<JournalFilter> = {}): Promise<JournalEntry[]> {
    return this.#store.journal({ limit: DEFAULT_PAGE, ...filter, ...storedReference(filter) });
  }

  /** Deletes all payments, subscribers and exchanges, and applies the settings again. */
  reset(): Promise<void> {
    return this.#configuration.reset(EMPTY_CONTENT);
  }

  /** The gateway as plain data. */
  async snapshot(): Promise<Snapshot> {
    await this.saved().catch(() => {});
    const { shared, ...content } = await dump(this.#store);
    const { accounts, rules, clock } = this.#snapshotSettings(shared);
    return writeSnapshot(content, accounts, rules, clock);
  }

  /** Yields the JSON of {@link Gateway.snapshot} in pieces. It gives way to questions, and never holds all of it in memory. */
  async *snapshotText(): AsyncGenerator<string, void, undefined> {
    const { snapshotText } = await import('./snapshot-text.js');
    await this.saved().catch(() => {});
    yield* snapshotText(this.#store.parts(), (shared) => this.#snapshotSettings(shared));
  }

  /**
   * Restores the gateway from a snapshot. All of it is checked before anything is written.
   *
   * @throws SnapshotError when it is not a snapshot, has another version, or holds what no gateway has
   */
  async restore(snapshot: unknown): Promise<void> {
    const { readSnapshot } = await import('./read-snapshot.js');
    const { content, accounts, rules, clock } = await readSnapshot(snapshot, this.#journal);
    const restored = { rules, accounts: withCustomAccounts(accounts), clock };
    await this.#configuration.load(content, (configuration) => ({ ...configuration, ...restored }));
    this.#onLoaded(this);
  }

  /** Resolves when the questions that are in progress now are answered, and the changes of this process are saved. */
  async idle(): Promise<void> {
    await Promise.allSettled([this.ready(), ...this.#inFlight]);
    await Promise.allSettled([this.saved()]);
  }

  #snapshotSettings(shared: string | undefined): SnapshotSettings {
    const { accounts, rules, clock } = shared === undefined ? this.#configuration.pending : parseConfiguration(shared);
    return { accounts: [...accounts.values()], rules, clock: JSON.stringify(clock) };
  }

  /** What a rule does between a question and its reply. */
  async #beforeReply({ clock, hold = 0, rule }: Pick<InjectedFault, 'clock' | 'hold' | 'rule'>): Promise<void> {
    if (clock !== undefined) {
      try {
        this.clock.step(clock);
        await this.saved();
      } catch {
        // The clock is at the end of its range, or the store failed. The question is answered all the same.
      }
    }
    await this.#holds.wait(hold, rule);
  }

  // A listener that throws must not change the answer.
  #notify(answer: Answer): void {
    try {
      this.#onExchange(answer);
    } catch (error) {
      console.error(error);
    }
  }
}
