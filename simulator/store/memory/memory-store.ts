import { OPERATIONS } from '../../../contracts/index.js';
import type { Authentication } from '../../engine/authentication.js';
import type { Fact } from '../../engine/fact.js';
import { type Lookup, type LookupResult, SAME_REFERENCE_LIMIT } from '../../engine/lookup.js';
import type { Payment } from '../../engine/payment.js';
import type { Subscriber } from '../../engine/subscriber.js';
import type { JournalEntry, JournalFilter } from '../../journal/entry.js';
import { paymentMatches } from '../../journal/search.js';
import { find, NOTHING_FOUND, type StoreReader, startsWith } from '../find.js';
import {
  type AuthenticationFilter,
  type CardToken,
  type ContentPart,
  contentFacts,
  type PaymentFilter,
  pagesOf,
  type SeenCard,
  type Storage,
  type Store,
  type StoreContent,
  type StoreError,
  type TransactionResult,
  type UsedQuestion,
} from '../store.js';
import { afterThisTurn, TimeSlice } from '../time-slice.js';
import { limitReached, MEMORY_LIMITS, type MemoryLimits } from './limits.js';
import { MemoryAuthentications } from './memory-authentications.js';
import { MemoryJournal } from './memory-journal.js';
import { MemoryPayments } from './memory-payments.js';
import { sortNumbers } from './sort-numbers.js';
import { type MapReader, TrackedMap } from './tracked-map.js';

const isTransaction = ({ fact }: Fact): boolean => fact === 'payment' || fact === 'transaction';

type Questions = TrackedMap<number, readonly string[]>;

type QuestionFact = Extract<Fact, { readonly fact: 'question' }>;

const key = (...parts: readonly string[]): string => parts.join('\n');

/** Returns the value of a key, and makes it if there is none. Nested maps save joining a key of several parts for each question. */
function getOrMake<Value>(map: Map<string, Value>, name: string, make: () => Value): Value {
  const existing = map.get(name);
  if (existing) return existing;
  const made = make();
  map.set(name, made);
  return made;
}

const NO_TYPES: readonly string[] = [];
// Shared, because nearly every question number is used for one TYPE only.
const SINGLE_TYPES: ReadonlyMap<string, readonly string[]> = new Map(OPERATIONS.map(({ TYPE }) => [TYPE, [TYPE]]));
/** Reads the question numbers that an account used on a day. */
interface DayReader {
  readonly account: string;
  readonly day: string;
  readonly numbers: MapReader<number, readonly string[]>;
}

function* usedQuestions({ account, day, numbers }: DayReader, sorted: Iterable<number>): Generator<UsedQuestion> {
  for (const number of sorted) for (const TYPE of numbers.get(number) ?? NO_TYPES) yield [account, day, String(number), TYPE];
}

const tokenOf = (card: string, token: string): CardToken => [...card.split('\n'), token] as unknown as CardToken;

const valuesOf = <Value>(reader: MapReader<string, Value>): Value[] => [...reader.keys()].map((name) => reader.get(name) as Value);

function sortedSubscribers(subscribers: Subscriber[]): Subscriber[] {
  const keyOf = ({ account, REFABONNE }: Subscriber): string => key(account, REFABONNE);
  return subscribers.sort((a, b) => a.registeredAt - b.registeredAt || (keyOf(a) < keyOf(b) ? -1 : 1));
}

const NO_PAYMENTS: readonly Payment[] = [];

/** Holds the state of one gateway in the memory of this process. Runs in browsers too. */
export class MemoryStore implements Store {
  readonly isShared = false;
  /** Resolves after this turn of the event loop; undefined: nothing waits for its end. */
  #turn: Promise<void> | undefined;
  #shared: string | undefined;
  #payments = new MemoryPayments();
  /** By account and REFERENCE: the id of the payment or, if there are several, their ids in ascending order. */
  #byReference = new Map<string, Map<string, string | string[]>>();
  #subscribers = new TrackedMap<string, Subscriber>();
  /** By account, day and question number: the TYPEs for which the number was used, sorted. */
  #questions = new Map<string, Map<string, Questions>>();
  #cards = new TrackedMap<string, true>();
  /** By account and SHA-1 of the card. */
  #tokens = new TrackedMap<string, string>();
  #authentications = new MemoryAuthentications();
  #journal: MemoryJournal;
  readonly #limits: MemoryLimits;
  readonly #onCreate: () => void;

  /** @param onCreate called before the first configuration is written; what it throws prevents that */
  constructor(limits = MEMORY_LIMITS, onCreate = () => {}) {
    this.#limits = limits;
    this.#journal = new MemoryJournal(limits.journal);
    this.#onCreate = onCreate;
  }

  /** Whether a configuration was written. */
  get isCreated(): boolean {
    return this.#shared !== undefined;
  }

  async transact<Result>(
    lookup: Lookup | undefined,
    decide: (found: LookupResult, shared: string | undefined) => TransactionResult<Result>,
  ): Promise<Result> {
    await this.#endOfTurn();
    const { facts, entry, shared, result } = decide(lookup ? find(this.#reader, lookup) : NOTHING_FOUND, this.#shared);
    if (this.#payments.size >= this.#limits.transactions && facts.some(isTransaction)) throw this.#full('transactions');
    if (this.#authentications.size >= this.#limits.authentications && facts.some((fact) => this.#isNewAuthentication(fact)))
      throw this.#full('authentications');
    if (shared !== undefined) this.#shared = shared;
    for (const fact of facts) this.#write(fact);
    if (entry) this.#journal.add(entry);
    return result;
  }

  async payments({
    REFERENCE,
    account,
    before,
    words = [],
    scanLimit = Number.POSITIVE_INFINITY,
    limit,
  }: PaymentFilter): Promise<Payment[]> {
    const found: Payment[] = [];
    let remaining = scanLimit;
    const slice = new TimeSlice();
    for (const payment of this.#payments.newestFirst()) {
      if (found.length >= limit || remaining <= 0) break;
      if (slice.isOver) await slice.giveWay();
      if (before !== undefined && payment.id >= before) continue;
      remaining--;
      const isSelected =
        (REFERENCE === undefined || payment.REFERENCE === REFERENCE) && (account === undefined || payment.account === account);
      if (isSelected && paymentMatches(payment, words)) found.push(payment);
    }
    return found;
  }

  async payment(numtrans: string): Promise<Payment | undefined> {
    return this.#payments.get(numtrans);
  }

  async subscribers(): Promise<Subscriber[]> {
    return sortedSubscribers([...this.#subscribers.values()]);
  }

  authentications(filter: AuthenticationFilter): Promise<Authentication[]> {
    return this.#authentications.list(filter);
  }

  async authentication(id3d: string): Promise<Authentication | undefined> {
    return this.#authentications.get(id3d);
  }

  journal(filter: JournalFilter): Promise<JournalEntry[]> {
    return this.#journal.list(filter);
  }

  async shared(): Promise<string | undefined> {
    return this.#shared;
  }

  async changeShared(change: (shared: string | undefined) => string): Promise<void> {
    await this.#endOfTurn();
    const shared = change(this.#shared);
    if (!this.isCreated) this.#onCreate();
    this.#shared = shared;
  }

  async *parts(): AsyncGenerator<ContentPart, void, undefined> {
    const head: ContentPart = { sequence: this.#payments.sequence, shared: this.#shared };
    const payments = this.#payments.open();
    const subscribers = this.#subscribers.open();
    const questions = [...this.#questions].flatMap(([account, days]) =>
      [...days].map(([day, numbers]): DayReader => ({ account, day, numbers: numbers.open() })),
    );
    const cards = this.#cards.open();
    const tokens = this.#tokens.open();
    const authentications = this.#authentications.open();
    const journal = this.#journal.all();
    try {
      yield head;
      for (const part of pagesOf(payments.payments)) yield { payments: part };
      for (const part of pagesOf(sortedSubscribers(valuesOf(subscribers)))) yield { subscribers: part };
      for (const day of questions) {
        const sorted = await sortNumbers(day.numbers.keys());
        for (const part of pagesOf(usedQuestions(day, sorted))) yield { questions: part };
      }
      for (const part of pagesOf(cards.keys())) yield { cards: part.map((card) => card.split('\n') as unknown as SeenCard) };
      for (const part of pagesOf([...tokens.keys()].sort()))
        yield { tokens: part.map((card) => tokenOf(card, tokens.get(card) as string)) };
      for (const part of pagesOf(authentications.authentications)) yield { authentications: part };
      for (const part of pagesOf(journal)) yield { journal: part };
    } finally {
      for (const reader of [payments, subscribers, ...questions.map(({ numbers }) => numbers), cards, tokens, authentications])
        reader.close();
    }
  }

  async load(content: StoreContent): Promise<void> {
    await this.#endOfTurn();
    for (const [name, list] of [
      ['transactions', content.payments],
      ['authentications', content.authentications],
    ] as const)
      if (list.length > this.#limits[name]) throw this.#full(name);
    const loaded = new MemoryStore(this.#limits);
    const slice = new TimeSlice();
    for (const _ of loaded.#fill(content)) if (slice.isOver) await slice.giveWay();
    // All at once. What is replaced is not emptied: readers may read it, and a large map takes its time.
    this.#payments = loaded.#payments;
    this.#byReference = loaded.#byReference;
    this.#subscribers = loaded.#subscribers;
    this.#questions = loaded.#questions;
    this.#cards = loaded.#cards;
    this.#tokens = loaded.#tokens;
    this.#authentications = loaded.#authentications;
    this.#journal = loaded.#journal;
    this.#shared = content.shared;
  }

  /** Fills a new store in small steps. */
  *#fill(content: StoreContent): Generator<void> {
    this.#payments.suspendSequence();
    for (const fact of contentFacts(content)) yield this.#write(fact);
    this.#payments.continueAfter(content.sequence);
    for (const entry of content.journal) yield this.#journal.restore(entry);
  }

  #full(what: 'transactions' | 'authentications'): StoreError {
    return limitReached(what, this.#limits[what], 'Reset the gateway (POST /_sim/reset)');
  }

  #isNewAuthentication(fact: Fact): boolean {
    return fact.fact === 'authentication' && this.#authentications.get(fact.authentication.ID3D) === undefined;
  }

  // The transactions of one turn of the event loop run together, in their order, as in a SQLite file: their replies are then sent together,
  // so that a client on the same machine is woken once: it gets nearly twice as many replies per second (docs/figures.md).
  #endOfTurn(): Promise<void> {
    this.#turn ??= new Promise((resolve) => {
      afterThisTurn(() => {
        this.#turn = undefined;
        resolve();
      });
    });
    return this.#turn;
  }

  readonly #reader: StoreReader = {
    next: () => this.#payments.next(),
    questionTypes: (account, day, questionNumber) => this.#questions.get(account)?.get(day)?.get(Number(questionNumber)) ?? NO_TYPES,
    paymentWith: (numtrans) => this.#payments.get(numtrans),
    importedWith: (numappel) => this.#payments.importedWith(numappel),
    withReference: (account, reference) => this.#withReference(account, reference, SAME_REFERENCE_LIMIT),
    existing: (account, reference, first) => this.#withReference(account, reference).find((payment) => startsWith(payment, first)),
    subscriber: (account, refabonne) => this.#subscribers.get(key(account, refabonne)),
    token: (account, sha1) => this.#tokens.get(key(account, sha1)),
    authentication: (id3d) => this.#authentications.get(id3d),
    authenticationOfSession: (account, idSession) => this.#authentications.ofSession(account, idSession),
    cardSeen: (account, day, sha1) => this.#cards.has(key(account, day, sha1)),
  };

  #withReference(account: string, reference: string, limit = Number.POSITIVE_INFINITY): readonly Payment[] {
    const ids = this.#byReference.get(account)?.get(reference);
    if (ids === undefined) return NO_PAYMENTS;
    return (typeof ids === 'string' ? [ids] : ids)
      .slice(-limit)
      .reverse()
      .flatMap((id) => this.#payments.get(id) ?? []);
  }

  #add(payment: Payment): void {
    const { id, account, REFERENCE } = payment;
    this.#payments.add(payment);
    const references = getOrMake(this.#byReference, account, () => new Map<string, string | string[]>());
    const ids = references.get(REFERENCE);
    if (ids === undefined) references.set(REFERENCE, id);
    else if (typeof ids !== 'string' && id > (ids.at(-1) ?? '')) ids.push(id);
    // An imported payment may have any number.
    else references.set(REFERENCE, [...(typeof ids === 'string' ? [ids] : ids), id].sort());
  }

  #addQuestion({ account, day, questionNumber, TYPE }: QuestionFact): void {
    const days = getOrMake(this.#questions, account, () => new Map<string, Questions>());
    const numbers = getOrMake(days, day, (): Questions => new TrackedMap());
    const types = numbers.get(Number(questionNumber));
    if (types === undefined) numbers.set(Number(questionNumber), SINGLE_TYPES.get(TYPE) ?? [TYPE]);
    else if (!types.includes(TYPE)) numbers.set(Number(questionNumber), [...types, TYPE].sort());
  }

  #write(fact: Fact): void {
    switch (fact.fact) {
      case 'payment':
        this.#add(fact.payment);
        break;
      case 'transaction':
        this.#payments.addTransaction(fact.payment, fact.transaction);
        break;
      case 'number':
        this.#payments.skip(fact.NUMTRANS);
        break;
      case 'question':
        this.#addQuestion(fact);
        break;
      case 'subscriber':
        this.#subscribers.set(key(fact.subscriber.account, fact.subscriber.REFABONNE), fact.subscriber);
        break;
      case 'no-subscriber':
        this.#subscribers.delete(key(fact.account, fact.REFABONNE));
        break;
      case 'card':
        this.#cards.set(key(fact.account, fact.day, fact.sha1), true);
        break;
      case 'token':
        this.#tokens.set(key(fact.account, fact.sha1), fact.token);
        break;
      case 'authentication':
        this.#authentications.set(fact.authentication);
        break;
    }
  }
}

/** The stores of a simulator without a database. */
export class MemoryStorage implements Storage {
  readonly description = 'memory';
  readonly limits: MemoryLimits;
  readonly #stores = new Map<string, MemoryStore>();
  #created = 0;

  constructor(limits = MEMORY_LIMITS) {
    this.limits = limits;
  }

  open(name: string): MemoryStore {
    const store = this.#stores.get(name) ?? new MemoryStore(this.limits, () => this.#create());
    this.#stores.set(name, store);
    return store;
  }

  async names(): Promise<string[]> {
    return [...this.#stores].flatMap(([name, { isCreated }]) => (isCreated ? [name] : []));
  }

  async has(name: string): Promise<boolean> {
    return this.#stores.get(name)?.isCreated === true;
  }

  async drop(name: string): Promise<void> {
    if (await this.has(name)) this.#created--;
    this.#stores.delete(name);
  }

  async close(): Promise<void> {
    this.#stores.clear();
  }

  #create(): void {
    // The main gateway is not a session.
    if (this.#created > this.limits.sessions)
      throw limitReached('sessions', this.limits.sessions, 'Delete sessions (DELETE /_sim/sessions/NAME)');
    this.#created++;
  }
}
