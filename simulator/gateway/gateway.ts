import { accountId, decodeForm, type Form, tenDigits } from '../../contracts/index.js';
import type { Account, AccountInput } from '../engine/account.js';
import { type Admitted, admit, type NotAdmitted } from '../engine/admit.js';
import { decide } from '../engine/decide.js';
import { type Finding, finding } from '../engine/finding.js';
import type { Found } from '../engine/found.js';
import { lookupOf } from '../engine/lookup.js';
import type { Payment } from '../engine/payment.js';
import { type Host, type Question, readQuestion } from '../engine/question.js';
import { refuse } from '../engine/refusal.js';
import { refusedReply } from '../engine/reply.js';
import type { Rule, RuleInput } from '../engine/rule.js';
import type { JournalEntry, JournalFilter } from '../journal/entry.js';
import { makeEntry } from '../journal/make-entry.js';
import { EMPTY_CONTENT, type Store, type Work } from '../store/store.js';
import { Answer, type Answered } from './answer.js';
import { Clock, type ClockPosition } from './clock.js';
import { checkRule } from './configuration/check-rule.js';
import { type Configuration, DEFAULT_CONFIGURATION, withCustomAccounts } from './configuration/configuration.js';
import { parseConfiguration } from './configuration/configuration-text.js';
import { RuleBook } from './configuration/rule-book.js';
import type { GatewaySettings } from './configuration/settings.js';
import { SharedConfiguration } from './configuration/shared-configuration.js';
import { applySettings, countCalls, moveClock, putAccount, withNewRule } from './configuration/updates.js';
import { ImportError, importPayment, type PaymentInput } from './import-payment.js';
import { Underway } from './in-flight.js';
import { readSnapshot, type Snapshot, writeSnapshot } from './snapshot.js';

/** A body as a door received it. */
export interface Received {
  readonly body: Uint8Array;
  /** Undefined: unknown, and not remarked on. */
  readonly contentType?: string | undefined;
  /** The body was longer than the door reads; what was read of it is of no use. */
  readonly tooLarge?: boolean;
  /** Which of the gateway's hosts was asked; `main` where it is left out. */
  readonly host?: Host;
}

/** How many entries a listing shows unless it is told. */
export const DEFAULT_PAGE = 100;

const EMPTY_FORM: Form = { fields: [], badEscape: false };

/** What is said of a question that the gateway processes a second time by itself: what it then looks like is not the caller's doing. */
const SECOND_TIME: readonly Finding[] = [finding('fault-staged', 'The gateway processed the question a second time.')];

/** What is left of an attempt on terms that hold no more. */
const OUTDATED: Work<undefined> = { facts: [], result: undefined };

/** A name for a start that no other has. */
export const newStart = (): string => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;

/** How a gateway is embedded. Everything may be left out. */
export interface GatewayPlace {
  /** Told of every exchange. */
  readonly onExchange?: ((answer: Answer) => void) | undefined;
  /** What must be over before the gateway looks into the store. */
  readonly after?: Promise<void> | undefined;
  /** Names the start that the settings belong to: of the processes that begin with the same name, one puts them in. */
  readonly start?: string | undefined;
  /** A clock for this gateway alone: it then keeps to its settings, whatever the store's other gateways of the name agree on. */
  readonly clock?: Clock | undefined;
}

/** One gateway: its accounts, rules and clock, its state in a store. Knows nothing of HTTP. */
export class Gateway {
  readonly name: string;
  readonly clock: Clock;
  readonly rules: RuleBook;
  readonly store: Store;
  readonly #settings: GatewaySettings;
  readonly #onExchange: (answer: Answer) => void;
  readonly #isApart: boolean;
  readonly #start: string;
  readonly #terms: SharedConfiguration;
  #ready: Promise<void> | undefined;
  /** Whether `#ready` is kept: who asks then need not wait for it. */
  #isReady = false;
  readonly #after: Promise<void> | undefined;
  readonly #answering = new Underway();

  /** @throws RuleError or RangeError when the settings hold a rule or a time that is none */
  constructor(name: string, store: Store, settings: GatewaySettings, { onExchange, after, start, clock }: GatewayPlace = {}) {
    this.name = name;
    this.store = store;
    this.#settings = settings;
    this.#onExchange = onExchange ?? (() => {});
    this.#isApart = clock !== undefined;
    this.#after = after;
    this.#start = start ?? newStart();
    this.clock = clock ?? new Clock(undefined, (move) => this.#terms.change(moveClock(move)));
    const showClock = ({ clock: position }: Configuration): void => {
      if (!this.#isApart) this.clock.restore(position);
    };
    this.#terms = new SharedConfiguration(store, applySettings(settings, this.#start), this.#start, {
      show: showClock,
      forget: () => this.#unready(),
      ready: () => this.ready(),
    });
    showClock(this.#terms.shown);
    const terms = (): Configuration => this.#terms.shown;
    this.rules = new RuleBook({
      get terms() {
        return terms();
      },
      isShared: store.isShared,
      change: (change) => this.#terms.change(change),
    });
    // Whoever asks first meets a failure; until then it must not count as unhandled.
    this.ready().catch(() => {});
  }

  /** Kept once settings and payments of the settings are in the store. What failed is tried again. */
  ready(): Promise<void> {
    if (this.#ready) return this.#ready;
    const ready: Promise<void> = this.#prepare().then(
      () => {
        if (this.#ready === ready) this.#isReady = true;
      },
      (error: unknown) => {
        this.#unready();
        throw error;
      },
    );
    this.#ready = ready;
    return ready;
  }

  #unready(): void {
    this.#ready = undefined;
    this.#isReady = false;
  }

  /**
   * Kept once clock, accounts and rules, as they were last changed from this process, are in the store.
   *
   * @throws StoreError when they could not be written; they are then as they were
   */
  saved(): Promise<void> {
    return this.#terms.saved();
  }

  /** Takes over what other processes made of clock, accounts and rules. A question does so by itself. */
  async refresh(): Promise<void> {
    await this.ready();
    await this.#terms.refresh();
    // Dropped by another process: it begins anew.
    await this.ready();
  }

  get accounts(): readonly Account[] {
    return [...this.#terms.shown.accounts.values()];
  }

  account(site: string, rang: string): Account | undefined {
    return this.#terms.shown.accounts.get(accountId(site, rang));
  }

  /** Adds an account, or changes the settings of one that is there. */
  setAccount(input: AccountInput): Account {
    this.#terms.change(putAccount(input));
    return this.account(input.SITE, input.RANG) as Account;
  }

  /**
   * Adds a rule as {@link RuleBook.add} does, and answers once every process has it: of two that add at the same instant one is first, and names
   * are made up in that order.
   *
   * @throws RuleError when it cannot be applied, or its name is taken
   */
  async addRule(input: RuleInput): Promise<Rule> {
    await this.ready();
    let rule: Rule | undefined;
    await this.#terms.settle((terms) => {
      const added = withNewRule(terms, input);
      rule = added.rule;
      return added.terms;
    });
    return rule as Rule;
  }

  /** Answers a question. Never throws: where the state cannot be written, the gateway answers 00003. */
  async answer(received: Received): Promise<Answer> {
    const { body, tooLarge, contentType, host } = received;
    const form = tooLarge ? EMPTY_FORM : decodeForm(body);
    const question = readQuestion(form, { contentType, problem: tooLarge ? 'too-large' : undefined, host });
    const answering = this.#answering.begin();
    try {
      const answer = new Answer(await this.#carryOut(question), question.get('URL_ENCODE') === 'O');
      this.#tell(answer);
      return answer;
    } finally {
      this.#answering.end(answering);
    }
  }

  // Whoever watches must not harm what was answered.
  #tell(answer: Answer): void {
    try {
      this.#onExchange(answer);
    } catch (error) {
      console.error(error);
    }
  }

  /**
   * Puts in a payment that was taken elsewhere, on TestGateway System's hosted page.
   *
   * @throws ImportError when it cannot be: its account or currency unknown, its numbers taken
   */
  importPayment(input: PaymentInput): Promise<Payment> {
    return importPayment(input, this.#terms.shown.accounts, this.store, this.clock.now());
  }

  /** Forgets every payment, subscriber and exchange, and puts accounts, rules and clock back to the settings. */
  async reset(): Promise<void> {
    await this.ready();
    await this.#terms.load(EMPTY_CONTENT, () => applySettings(this.#settings, this.#start)(DEFAULT_CONFIGURATION));
    await this.#importPayments();
  }

  /** The gateway as plain data. */
  async snapshot(): Promise<Snapshot> {
    await this.saved().catch(() => {});
    const { shared, ...content } = await this.store.dump();
    const { accounts, rules, clock } = shared === undefined ? this.#terms.shown : parseConfiguration(shared);
    return writeSnapshot(content, [...accounts.values()], rules, JSON.stringify(clock));
  }

  /**
   * Puts the gateway back as a snapshot shows it.
   *
   * @throws SnapshotError when it is none, or of another version
   * @throws RuleError when it holds a rule that cannot be applied
   */
  async restore(snapshot: unknown): Promise<void> {
    const { content, accounts, rules, clock } = readSnapshot(snapshot);
    for (const rule of rules) checkRule(rule);
    await this.ready();
    const restored = { rules, accounts: withCustomAccounts(accounts), clock: JSON.parse(clock) as ClockPosition };
    await this.#terms.load(content, (terms) => ({ ...terms, ...restored }));
  }

  /** Kept once the questions that are being answered are. */
  async idle(): Promise<void> {
    await Promise.allSettled([this.ready(), this.#answering.settled()]);
    await Promise.allSettled([this.saved()]);
  }

  /** The exchanges of the journal, newest first. */
  journal(filter: Partial<JournalFilter> = {}): Promise<JournalEntry[]> {
    return this.store.journal({ limit: DEFAULT_PAGE, ...filter });
  }

  async #prepare(): Promise<void> {
    if (this.#isApart) return;
    await this.#after;
    await this.#terms.begin();
    await this.#importPayments();
  }

  async #importPayments(): Promise<void> {
    for (const payment of this.#settings.payments ?? []) {
      const isThere = async (): Promise<boolean> => (await this.store.payment(tenDigits(payment.NUMTRANS))) !== undefined;
      if (await isThere()) continue;
      await this.importPayment(payment).catch(async (error: unknown) => {
        // Another process may have been first.
        if (!(error instanceof ImportError) || !(await isThere())) throw error;
      });
    }
  }

  async #carryOut(question: Question): Promise<Answered> {
    let isAsked = false;
    try {
      for (;;) {
        if (!this.#isReady) await this.ready();
        if (this.#terms.isSaving) await this.saved();
        const now = this.clock.now();
        const terms = this.#terms.kept;
        const admitted = admit(question, terms.accounts);
        isAsked = true;
        const answered = await ('refusal' in admitted ? this.#refuse(question, admitted, terms, now) : this.#attempt(admitted, terms, now));
        // A refused question meets no rule, and so no fault.
        if (answered?.fault?.processed === 'twice') await this.#processAgain(admitted as Admitted, now);
        if (answered) return answered;
      }
    } catch (error) {
      if (isAsked && !this.#isApart) await this.#terms.forget();
      return this.#failed(question, error);
    }
  }

  #refuse(question: Question, { findings, refusal }: NotAdmitted, terms: Configuration, now: number): Promise<Answered | undefined> {
    return this.store.transact(undefined, (_, shared) =>
      this.#isStill(terms, shared) ? this.#work(question, now, { reply: refusedReply(question, refusal), findings, facts: [] }) : OUTDATED,
    );
  }

  /** Undefined: by the time the store was reached, another process had changed what the question was admitted on. */
  #attempt(admitted: Admitted, terms: Configuration, now: number): Promise<Answered | undefined> {
    return this.store.transact(lookupOf(admitted, now), (found, shared) =>
      this.#isStill(terms, shared) ? this.#decide(admitted, found, now) : OUTDATED,
    );
  }

  // As a gateway would that has lost track: nobody looks whether the question was seen, and no rule is asked.
  #processAgain(admitted: Admitted, now: number): Promise<unknown> {
    const again = { ...admitted, account: { ...admitted.account, questionNumbers: 'off' } } as const;
    return this.store.transact(lookupOf(again, now), (found) =>
      this.#work(admitted.question, now, { ...decide(again, found, [], now), findings: SECOND_TIME }),
    );
  }

  #isStill(terms: Configuration, shared: string | undefined): boolean {
    if (this.#isApart) return true;
    if (!this.#terms.see(shared)) return false;
    const { accounts, clock } = this.#terms.kept;
    return accounts === terms.accounts && clock === terms.clock;
  }

  #decide(admitted: Admitted, found: Found, now: number): Work<Answered> {
    const outcome = decide(admitted, found, this.#terms.kept.rules, now);
    const work = this.#work(admitted.question, now, outcome, admitted.account);
    // In the same transaction: a rule for one call answers one, in whichever process.
    return outcome.rules.length === 0 || this.#isApart ? work : { ...work, shared: this.#terms.put(countCalls(outcome.rules)) };
  }

  #work(
    question: Question,
    now: number,
    outcome: Parameters<typeof makeEntry>[2] & Pick<Answered, 'fault'>,
    account?: Account,
  ): Work<Answered> {
    const { reply, facts, fault } = outcome;
    const entry = makeEntry(question, now, outcome, account?.id);
    return { facts, entry, result: { reply, kept: entry, fault } };
  }

  #failed(question: Question, error: unknown): Answered {
    const reply = refusedReply(question, refuse('00003'));
    const kept = makeEntry(question, this.clock.now(), { reply, findings: [], facts: [] });
    return { reply, kept, failure: error instanceof Error ? error.message : String(error) };
  }
}
