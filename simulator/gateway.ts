import { accountId, decodeForm, encodeReply, type Form, type Reply, tenDigits } from '../contracts/index.js';
import { Clock } from './clock.js';
import { type Account, type AccountInput, makeAccount, makeAccounts } from './engine/account.js';
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
import { importPayment, type PaymentInput } from './import-payment.js';
import type { JournalEntry, JournalFilter, NewJournalEntry } from './journal/entry.js';
import { makeEntry } from './journal/make-entry.js';
import { RuleBook } from './rule-book.js';
import { readSnapshot, type Snapshot, writeSnapshot } from './snapshot.js';
import { EMPTY_CONTENT, type Store, type Work } from './store/store.js';

/** How a gateway is set up. */
export interface GatewaySettings {
  /** Accounts beside the published test accounts, or settings that change those. */
  readonly accounts?: readonly AccountInput[];
  readonly rules?: readonly RuleInput[];
  /** Payments born elsewhere that are there from the start. */
  readonly payments?: readonly PaymentInput[];
  /** Where the clock begins, ISO 8601; real time where it is left out. */
  readonly clock?: string;
}

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

/** Told of every exchange once it is committed, or has failed. */
export type OnExchange = (entry: NewJournalEntry, gateway: string, failure: string | undefined) => void;

/** One gateway: its accounts, rules and clock, its state in a store. Knows nothing of HTTP. */
export class Gateway {
  readonly name: string;
  readonly clock: Clock;
  readonly rules = new RuleBook();
  readonly store: Store;
  #accounts: Map<string, Account>;
  readonly #settings: GatewaySettings;
  readonly #onExchange: OnExchange;
  readonly #ownsClock: boolean;
  #ready: Promise<void> | undefined;
  #clockSaved: Promise<void> = Promise.resolve();
  readonly #after: Promise<void>;
  readonly #answering = new Set<Promise<unknown>>();

  /**
   * @param clock where the gateway shall not have its own, which is saved in the store when it is moved
   * @param after what must be over before the gateway looks into the store
   * @throws RuleError or RangeError when the settings hold a rule or a time that is none
   */
  constructor(
    name: string,
    store: Store,
    settings: GatewaySettings,
    onExchange: OnExchange = () => {},
    clock?: Clock,
    after: Promise<void> = Promise.resolve(),
  ) {
    this.name = name;
    this.store = store;
    this.#settings = settings;
    this.#onExchange = onExchange;
    this.#accounts = makeAccounts(settings.accounts);
    this.clock = clock ?? new Clock(settings.clock, (saved) => this.#saveClock(saved));
    this.#ownsClock = clock === undefined;
    this.#after = after;
    for (const rule of settings.rules ?? []) this.rules.add(rule);
    // Whoever asks first meets a failure; until then it must not count as unhandled.
    this.ready().catch(() => {});
  }

  /** Kept once the payments of the settings are in the store and the clock is where it was left. What failed is tried again. */
  ready(): Promise<void> {
    this.#ready ??= this.#prepare().catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    });
    return this.#ready;
  }

  /** Kept once the clock, as it was last moved, is in the store. */
  clockSaved(): Promise<void> {
    return this.#clockSaved;
  }

  get accounts(): readonly Account[] {
    return [...this.#accounts.values()];
  }

  account(site: string, rang: string): Account | undefined {
    return this.#accounts.get(accountId(site, rang));
  }

  /** Adds an account, or changes the settings of one that is there. */
  setAccount(input: AccountInput): Account {
    const account = makeAccount(input, this.account(input.SITE, input.RANG));
    this.#accounts.set(account.id, account);
    return account;
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
    return importPayment(input, this.#accounts, this.store, this.clock.now());
  }

  /** Forgets every payment, subscriber and exchange, and puts accounts, rules and clock back to the settings. */
  async reset(): Promise<void> {
    await this.store.load(EMPTY_CONTENT);
    this.#accounts = makeAccounts(this.#settings.accounts);
    this.rules.clear();
    for (const rule of this.#settings.rules ?? []) this.rules.add(rule);
    this.clock.reset();
    if (this.#settings.clock !== undefined) this.clock.set(this.#settings.clock);
    await this.clockSaved();
    for (const payment of this.#settings.payments ?? []) await this.importPayment(payment);
  }

  /** The gateway as plain data. */
  async snapshot(): Promise<Snapshot> {
    await this.clockSaved().catch(() => {});
    return writeSnapshot(await this.store.dump(), this.accounts, this.rules.list(), this.clock.save());
  }

  /**
   * Puts the gateway back as a snapshot shows it.
   *
   * @throws SnapshotError when it is none, or of another version
   * @throws RuleError when it holds a rule that cannot be applied
   */
  async restore(snapshot: unknown): Promise<void> {
    const { content, accounts, rules, clock } = readSnapshot(snapshot);
    // Before anything is replaced: one of them may be none.
    new RuleBook().restore(rules);
    await this.store.load({ ...content, clock });
    this.#accounts = new Map(accounts.map((account) => [account.id, account]));
    this.rules.restore(rules);
    this.clock.restore(clock);
  }

  /** Kept once the questions that are being answered are. */
  async idle(): Promise<void> {
    await Promise.allSettled([this.ready(), ...this.#answering]);
  }

  /** The exchanges of the journal, newest first. */
  journal(filter: Partial<JournalFilter> = {}): Promise<JournalEntry[]> {
    return this.store.journal({ limit: DEFAULT_PAGE, ...filter });
  }

  #saveClock(saved: string): void {
    this.#clockSaved = this.store.saveClock(saved);
    // Whoever moved it from code does not wait; whoever does meets the failure.
    this.#clockSaved.catch(() => {});
  }

  async #prepare(): Promise<void> {
    const untouched = this.clock.save();
    await this.#after;
    const saved = await this.store.clock();
    const isMoved = this.#settings.clock !== undefined || this.clock.save() !== untouched;
    if (saved !== undefined && this.#ownsClock && !isMoved) this.clock.restore(saved);
    if (this.#settings.clock !== undefined && this.#ownsClock) await this.store.saveClock(this.clock.save());
    for (const payment of this.#settings.payments ?? []) {
      const known = await this.store.payment(tenDigits(payment.NUMTRANS));
      if (!known) await this.importPayment(payment);
    }
  }

  async #carryOut(question: Question): Promise<Omit<Answer, 'body' | 'urlEncode'>> {
    await this.ready();
    const now = this.clock.now();
    const admitted = admit(question, this.#accounts);
    if ('refusal' in admitted) {
      const { findings, refusal } = admitted;
      return this.store.transact(undefined, () =>
        this.#work(question, now, { reply: refusedReply(question, refusal), findings, facts: [] }),
      );
    }
    const answer = await this.#process(admitted, () => this.rules.list(), now);
    // The second time, as a gateway would that has lost track: nobody looks whether the question was seen, and no rule is asked.
    if (answer.fault?.processed === 'twice') {
      await this.#process({ ...admitted, account: { ...admitted.account, questionNumbers: 'off' } }, () => [], now, SECOND_TIME);
    }
    return answer;
  }

  #process(
    admitted: Admitted,
    rules: () => readonly Rule[],
    now: number,
    instead?: readonly Finding[],
  ): Promise<Omit<Answer, 'body' | 'urlEncode'>> {
    let counted: readonly string[] = [];
    // A store may have to do the work again, or give it up: a rule is met once at most.
    const uncount = (): void => {
      this.rules.count(counted, -1);
      counted = [];
    };
    const work = (found: Found): Work<Omit<Answer, 'body' | 'urlEncode'>> => {
      uncount();
      const outcome = decide(admitted, found, rules(), now);
      counted = outcome.rules;
      this.rules.count(counted);
      const { fault } = outcome;
      const done = this.#work(admitted.question, now, instead ? { ...outcome, findings: instead } : outcome);
      return { ...done, result: { ...done.result, fault } };
    };
    return this.store.transact(lookupOf(admitted, now), work).catch((error: unknown) => {
      uncount();
      throw error;
    });
  }

  #work(question: Question, now: number, outcome: Parameters<typeof makeEntry>[2]): Work<Omit<Answer, 'body' | 'urlEncode'>> {
    const entry = makeEntry(question, now, outcome);
    return { facts: outcome.facts, entry, result: { reply: outcome.reply, entry } };
  }

  #failed(question: Question, error: unknown): Omit<Answer, 'body' | 'urlEncode'> {
    const reply = refusedReply(question, refuse('00003'));
    const entry = makeEntry(question, this.clock.now(), { reply, findings: [], facts: [] });
    return { reply, entry, failure: error instanceof Error ? error.message : String(error) };
  }
}
