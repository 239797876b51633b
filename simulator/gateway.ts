import { accountId, decodeForm, encodeReply, type Form, type Reply, tenDigits } from '../contracts/index.js';
import { checkRule } from './check-rule.js';
import { Clock, type ClockPosition } from './clock.js';
import type { Account, AccountInput } from './engine/account.js';
import { type Admitted, admit } from './engine/admit.js';
import { decide } from './engine/decide.js';
import { type Finding, finding } from './engine/finding.js';
import type { Found } from './engine/found.js';
import { lookupOf } from './engine/lookup.js';
import type { Payment } from './engine/payment.js';
import { type Host, type Question, readQuestion } from './engine/question.js';
import { refuse } from './engine/refusal.js';
import { refusedReply } from './engine/reply.js';
import type { Rule, RuleInput } from './engine/rule.js';
import type { StagedFault } from './engine/verdict.js';
import { ImportError, importPayment, type PaymentInput } from './import-payment.js';
import type { JournalEntry, JournalFilter, NewJournalEntry } from './journal/entry.js';
import { makeEntry } from './journal/make-entry.js';
import { RuleBook } from './rule-book.js';
import type { GatewaySettings } from './settings.js';
import { readSnapshot, type Snapshot, writeSnapshot } from './snapshot.js';
import { EMPTY_CONTENT, type Store, type Work } from './store/store.js';
import { beginning, type Change, countCalls, moveClock, putAccount, withNewRule } from './terms/changes.js';
import { SharedTerms } from './terms/shared-terms.js';
import { FIRST_TERMS, type Terms, withOwnAccounts } from './terms/terms.js';
import { readTerms } from './terms/terms-text.js';

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

/** What a gateway answers. */
export interface Answer {
  /** ISO-8859-1. */
  readonly body: Uint8Array<ArrayBuffer>;
  readonly reply: Reply;
  /** Whether the values of the body are percent-encoded. */
  readonly urlEncode: boolean;
  /** What the journal keeps of the exchange. */
  readonly entry: NewJournalEntry;
  /** What shall go wrong on the reply's way out: the door's work. */
  readonly fault?: StagedFault | undefined;
  /** Why the state could not be written; the gateway then answers 00003. */
  readonly failure?: string;
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

/** Told of every exchange once it is committed, or has failed. */
export type OnExchange = (entry: NewJournalEntry, gateway: string, failure: string | undefined) => void;

type Answered = Omit<Answer, 'body' | 'urlEncode'>;

/** How a gateway is embedded. Everything may be left out. */
export interface GatewayPlace {
  /** Told of every exchange. */
  readonly onExchange?: OnExchange | undefined;
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
  readonly #onExchange: OnExchange;
  readonly #isApart: boolean;
  readonly #start: string;
  readonly #terms: SharedTerms;
  #ready: Promise<void> | undefined;
  readonly #after: Promise<void> | undefined;
  readonly #answering = new Set<Promise<unknown>>();

  /** @throws RuleError or RangeError when the settings hold a rule or a time that is none */
  constructor(name: string, store: Store, settings: GatewaySettings, { onExchange, after, start, clock }: GatewayPlace = {}) {
    this.name = name;
    this.store = store;
    this.#settings = settings;
    this.#onExchange = onExchange ?? (() => {});
    this.#isApart = clock !== undefined;
    this.#after = after;
    this.#start = start ?? newStart();
    this.clock = clock ?? new Clock(undefined, (move) => this.#change(moveClock(move)));
    const showClock = ({ clock: position }: Terms): void => {
      if (!this.#isApart) this.clock.restore(position);
    };
    this.#terms = new SharedTerms(store, beginning(settings, this.#start), this.#start, showClock, () => {
      this.#ready = undefined;
    });
    showClock(this.#terms.shown);
    const terms = (): Terms => this.#terms.shown;
    this.rules = new RuleBook({
      get terms() {
        return terms();
      },
      isShared: store.isShared,
      change: (change) => this.#change(change),
    });
    // Whoever asks first meets a failure; until then it must not count as unhandled.
    this.ready().catch(() => {});
  }

  /** Kept once settings and payments of the settings are in the store. What failed is tried again. */
  ready(): Promise<void> {
    this.#ready ??= this.#prepare().catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    });
    return this.#ready;
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
    this.#change(putAccount(input));
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
    await this.#terms.settle(
      (terms) => {
        const added = withNewRule(terms, input);
        rule = added.rule;
        return added.terms;
      },
      () => this.ready(),
    );
    return rule as Rule;
  }

  #change(change: Change): void {
    this.#terms.change(change, () => this.ready());
  }

  /** Answers a question. Never throws: where the state cannot be written, the gateway answers 00003. */
  async answer(received: Received): Promise<Answer> {
    const question = readQuestion(received.tooLarge ? EMPTY_FORM : decodeForm(received.body), {
      contentType: received.contentType,
      ...(received.tooLarge && { problem: 'too-large' }),
      ...(received.host && { host: received.host }),
    });
    const urlEncode = question.get('URL_ENCODE') === 'O';
    const answering = this.#carryOut(question).catch((error: unknown) => this.#failed(question, error));
    this.#answering.add(answering);
    const answer = await answering;
    this.#answering.delete(answering);
    this.#tell(answer);
    return { body: encodeReply(answer.reply, urlEncode), urlEncode, ...answer };
  }

  // Whoever watches must not harm what was answered.
  #tell({ entry, failure }: Pick<Answer, 'entry' | 'failure'>): void {
    try {
      this.#onExchange(entry, this.name, failure);
    } catch (error) {
      console.error(error);
    }
  }

  /**
   * Puts in a payment that was taken elsewhere, on Paybox System's hosted page.
   *
   * @throws ImportError when it cannot be: its account or currency unknown, its numbers taken
   */
  importPayment(input: PaymentInput): Promise<Payment> {
    return importPayment(input, this.#terms.shown.accounts, this.store, this.clock.now());
  }

  /** Forgets every payment, subscriber and exchange, and puts accounts, rules and clock back to the settings. */
  async reset(): Promise<void> {
    await this.ready();
    await this.#terms.load(EMPTY_CONTENT, () => beginning(this.#settings, this.#start)(FIRST_TERMS));
    await this.#importPayments();
  }

  /** The gateway as plain data. */
  async snapshot(): Promise<Snapshot> {
    await this.saved().catch(() => {});
    const { shared, ...content } = await this.store.dump();
    const { accounts, rules, clock } = shared === undefined ? this.#terms.shown : readTerms(shared);
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
    const restored = { rules, accounts: withOwnAccounts(accounts), clock: JSON.parse(clock) as ClockPosition };
    await this.#terms.load(content, (terms) => ({ ...terms, ...restored }));
  }

  /** Kept once the questions that are being answered are. */
  async idle(): Promise<void> {
    await Promise.allSettled([this.ready(), ...this.#answering]);
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
    for (;;) {
      await this.ready();
      if (this.#terms.isSaving) await this.saved();
      const answered = await this.#attempt(question);
      if (answered) return answered;
    }
  }

  /** Undefined: by the time the store was reached, another process had changed what the question was admitted on. */
  async #attempt(question: Question): Promise<Answered | undefined> {
    const now = this.clock.now();
    const terms = this.#terms.kept;
    const admitted = admit(question, terms.accounts);
    if ('refusal' in admitted) {
      const { findings, refusal } = admitted;
      return this.#transact(undefined, (_, shared) =>
        this.#isStill(terms, shared)
          ? this.#work(question, now, { reply: refusedReply(question, refusal), findings, facts: [] })
          : OUTDATED,
      );
    }
    const answered = await this.#transact(lookupOf(admitted, now), (found, shared) =>
      this.#isStill(terms, shared) ? this.#decide(admitted, found, now) : OUTDATED,
    );
    if (answered?.fault?.processed === 'twice') await this.#processAgain(admitted, now);
    return answered;
  }

  // As a gateway would that has lost track: nobody looks whether the question was seen, and no rule is asked.
  #processAgain(admitted: Admitted, now: number): Promise<unknown> {
    const again = { ...admitted, account: { ...admitted.account, questionNumbers: 'off' } } as const;
    return this.#transact(lookupOf(again, now), (found) =>
      this.#work(admitted.question, now, { ...decide(again, found, [], now), findings: SECOND_TIME }),
    );
  }

  #isStill(terms: Terms, shared: string | undefined): boolean {
    if (this.#isApart) return true;
    if (!this.#terms.see(shared)) return false;
    const { accounts, clock } = this.#terms.kept;
    return accounts === terms.accounts && clock === terms.clock;
  }

  #decide(admitted: Admitted, found: Found, now: number): Work<Answered> {
    const outcome = decide(admitted, found, this.#terms.kept.rules, now);
    const { facts, entry, result } = this.#work(admitted.question, now, outcome);
    const { fault, rules } = outcome;
    const decided = { facts, entry, result: { ...result, fault } };
    // In the same transaction: a rule for one call answers one, in whichever process.
    return rules.length === 0 || this.#isApart ? decided : { ...decided, shared: this.#terms.put(countCalls(rules)) };
  }

  async #transact<Result>(...[lookup, work]: Parameters<typeof this.store.transact<Result>>): Promise<Result> {
    try {
      return await this.store.transact(lookup, work);
    } catch (error) {
      if (!this.#isApart) await this.#terms.forget();
      throw error;
    }
  }

  #work(question: Question, now: number, outcome: Parameters<typeof makeEntry>[2]): Work<Answered> & { readonly entry: NewJournalEntry } {
    const entry = makeEntry(question, now, outcome);
    return { facts: outcome.facts, entry, result: { reply: outcome.reply, entry } };
  }

  #failed(question: Question, error: unknown): Answered {
    const reply = refusedReply(question, refuse('00003'));
    const entry = makeEntry(question, this.clock.now(), { reply, findings: [], facts: [] });
    return { reply, entry, failure: error instanceof Error ? error.message : String(error) };
  }
}
