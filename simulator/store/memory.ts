import type { Fact } from '../engine/fact.js';
import { type Found, type Lookup, SAME_REFERENCE_LIMIT } from '../engine/found.js';
import type { Payment } from '../engine/payment.js';
import type { Subscriber } from '../engine/subscriber.js';
import type { JournalEntry, JournalFilter } from '../journal/entry.js';
import { entryMeets, isRefusal, paymentMeets } from '../journal/search.js';
import { factsOf } from './facts-of.js';
import { find, type Reads } from './find.js';
import { NOTHING_FOUND } from './found.js';
import { numbersOf } from './numbers.js';
import type { PaymentFilter, Storage, Store, StoreContent, Work } from './store.js';

/** How many exchanges the journal of a memory store keeps, so that a long run stays within its memory. */
export const MEMORY_JOURNAL_LIMIT = 100_000;

const key = (...parts: readonly string[]): string => parts.join('\n');

function filterNewest<Item, Found>(items: readonly Item[], limit: number, wanted: (item: Item) => Found | undefined): Found[] {
  const found: Found[] = [];
  for (let i = items.length - 1; i >= 0 && found.length < limit; i--) {
    const item = wanted(items[i] as Item);
    if (item !== undefined) found.push(item);
  }
  return found;
}

type JournalConditions = Omit<JournalFilter, 'limit' | 'before' | 'after'>;

type Condition = (entry: JournalEntry) => boolean;

// Only what was asked for is looked at: a journal has many entries.
function conditionsOf({ since, until, isRefused, hasFindings, words = [], ...named }: JournalConditions): readonly Condition[] {
  const equal = (Object.entries(named) as [keyof typeof named, string | undefined][]).filter(([, value]) => value !== undefined);
  return [
    ...equal.map(
      ([name, value]): Condition =>
        (entry) =>
          entry[name] === value,
    ),
    ...(since === undefined ? [] : [({ at }: JournalEntry) => at >= since]),
    ...(until === undefined ? [] : [({ at }: JournalEntry) => at < until]),
    ...(isRefused === undefined ? [] : [(entry: JournalEntry) => isRefusal(entry) === isRefused]),
    ...(hasFindings ? [({ findings }: JournalEntry) => findings.length > 0] : []),
    ...(words.length === 0 ? [] : [(entry: JournalEntry) => entryMeets(entry, words)]),
  ];
}

/** Keeps a gateway's state in this process: gone when it ends. Runs in a browser too. */
export class MemoryStore implements Store {
  readonly isShared = false;
  #sequence = 0;
  #entries = 0;
  #shared: string | undefined;
  readonly #payments = new Map<string, Payment>();
  // The payments' ids, ascending but for those of payments born elsewhere, until they are asked for.
  #ids: string[] = [];
  #isInOrder = true;
  readonly #paymentOf = new Map<string, string>();
  readonly #byReference = new Map<string, string[]>();
  readonly #subscribers = new Map<string, Subscriber>();
  readonly #questions = new Map<string, string[]>();
  readonly #cards = new Set<string>();
  #journal: JournalEntry[] = [];

  async transact<Result>(lookup: Lookup | undefined, work: (found: Found, shared: string | undefined) => Work<Result>): Promise<Result> {
    const { facts, entry, shared, result } = work(lookup ? find(this.#reads, lookup) : NOTHING_FOUND, this.#shared);
    if (shared !== undefined) this.#shared = shared;
    for (const fact of facts) this.#write(fact);
    if (entry) this.#log({ seq: ++this.#entries, ...entry });
    return result;
  }

  async payments({ REFERENCE, account, before, words = [], among = Number.POSITIVE_INFINITY, limit }: PaymentFilter): Promise<Payment[]> {
    let left = among;
    return filterNewest(this.#inOrder(), limit, (id) => {
      if ((before !== undefined && id >= before) || left <= 0) return undefined;
      left--;
      const payment = this.#payments.get(id) as Payment;
      const isWanted =
        (REFERENCE === undefined || payment.REFERENCE === REFERENCE) && (account === undefined || payment.account === account);
      return isWanted && paymentMeets(payment, words) ? payment : undefined;
    });
  }

  async payment(numtrans: string): Promise<Payment | undefined> {
    return this.#paymentWith(numtrans);
  }

  async subscribers(): Promise<Subscriber[]> {
    const rank = ({ account, REFABONNE }: Subscriber): string => key(account, REFABONNE);
    return [...this.#subscribers.values()].sort((a, b) => a.registeredAt - b.registeredAt || (rank(a) < rank(b) ? -1 : 1));
  }

  async journal({ limit, before, after = 0, ...filter }: JournalFilter): Promise<JournalEntry[]> {
    // Numbered one after another, so that a number tells the place.
    const first = this.#journal[0]?.seq ?? 1;
    const from = Math.max(0, after + 1 - first);
    const to = before === undefined ? undefined : Math.max(0, before - first);
    const conditions = conditionsOf(filter);
    return filterNewest(this.#journal.slice(from, to), limit, (entry) => (conditions.every((holds) => holds(entry)) ? entry : undefined));
  }

  async shared(): Promise<string | undefined> {
    return this.#shared;
  }

  async changeShared(change: (shared: string | undefined) => string): Promise<void> {
    this.#shared = change(this.#shared);
  }

  async dump(): Promise<StoreContent> {
    const split = (text: string): string[] => text.split('\n');
    return {
      sequence: this.#sequence,
      payments: [...this.#payments.values()],
      subscribers: await this.subscribers(),
      questions: [...this.#questions].flatMap(([used, types]) =>
        types.map((type) => [...split(used), type] as unknown as readonly [string, string, string, string]),
      ),
      cards: [...this.#cards].map((card) => split(card) as unknown as readonly [string, string, string]),
      journal: [...this.#journal],
      shared: this.#shared,
    };
  }

  async load(content: StoreContent): Promise<void> {
    for (const collection of [this.#payments, this.#paymentOf, this.#byReference, this.#subscribers, this.#questions, this.#cards])
      collection.clear();
    this.#ids = [];
    for (const fact of factsOf(content)) this.#write(fact);
    this.#journal = [...content.journal];
    this.#entries = content.journal.at(-1)?.seq ?? 0;
    this.#sequence = content.sequence;
    this.#shared = content.shared;
  }

  #inOrder(): readonly string[] {
    if (!this.#isInOrder) this.#ids.sort();
    this.#isInOrder = true;
    return this.#ids;
  }

  #paymentWith(numtrans: string): Payment | undefined {
    const id = this.#paymentOf.get(numtrans);
    return id === undefined ? undefined : this.#payments.get(id);
  }

  // A payment born elsewhere may hold the number that would come next.
  #nextNumbers(): Found['next'] {
    let numbers = numbersOf(this.#sequence + 1);
    while (this.#paymentOf.has(numbers.NUMTRANS)) numbers = numbersOf(++this.#sequence + 1);
    return numbers;
  }

  readonly #reads: Reads = {
    next: () => this.#nextNumbers(),
    questionTypes: (account, day, questionNumber) => this.#questions.get(key(account, day, questionNumber)) ?? [],
    paymentWith: (numtrans) => this.#paymentWith(numtrans),
    withReference: (account, reference) => this.#withReference(account, reference, SAME_REFERENCE_LIMIT),
    existing: (account, reference, wanted) =>
      this.#withReference(account, reference).find(({ transactions: [first] }) => {
        return first.MONTANT === wanted.MONTANT && first.DEVISE === wanted.DEVISE && first.CODEREPONSE === wanted.CODEREPONSE;
      }),
    subscriber: (account, refabonne) => this.#subscribers.get(key(account, refabonne)),
    cardSeen: (account, day, sha1) => this.#cards.has(key(account, day, sha1)),
  };

  #withReference(account: string, reference: string, limit = Number.POSITIVE_INFINITY): Payment[] {
    const ids = this.#byReference.get(key(account, reference)) ?? [];
    return ids
      .slice(-limit)
      .reverse()
      .flatMap((id) => this.#payments.get(id) ?? []);
  }

  #add(payment: Payment): void {
    this.#payments.set(payment.id, payment);
    if (payment.id < (this.#ids.at(-1) ?? '')) this.#isInOrder = false;
    this.#ids.push(payment.id);
    for (const { NUMTRANS } of payment.transactions) this.#paymentOf.set(NUMTRANS, payment.id);
    const reference = key(payment.account, payment.REFERENCE);
    const ids = this.#byReference.get(reference);
    if (!ids) this.#byReference.set(reference, [payment.id]);
    else if (payment.id > (ids.at(-1) ?? '')) ids.push(payment.id);
    // A payment born elsewhere may have any number.
    else this.#byReference.set(reference, [...ids, payment.id].sort());
  }

  #write(fact: Fact): void {
    switch (fact.fact) {
      case 'payment':
        this.#add({ ...fact.payment, transactions: [fact.transaction] });
        this.#count(fact.transaction.NUMTRANS);
        break;
      case 'transaction': {
        const payment = this.#payments.get(fact.payment);
        if (!payment) throw new Error(`No payment ${fact.payment} to carry on.`);
        this.#payments.set(payment.id, { ...payment, transactions: [...payment.transactions, fact.transaction] });
        this.#paymentOf.set(fact.transaction.NUMTRANS, payment.id);
        this.#count(fact.transaction.NUMTRANS);
        break;
      }
      case 'number':
        this.#count(fact.NUMTRANS);
        break;
      case 'question': {
        const used = key(fact.account, fact.day, fact.questionNumber);
        const types = this.#questions.get(used) ?? [];
        if (!types.includes(fact.TYPE)) this.#questions.set(used, [...types, fact.TYPE].sort());
        break;
      }
      case 'subscriber':
        this.#subscribers.set(key(fact.subscriber.account, fact.subscriber.REFABONNE), fact.subscriber);
        break;
      case 'no-subscriber':
        this.#subscribers.delete(key(fact.account, fact.REFABONNE));
        break;
      case 'card':
        this.#cards.add(key(fact.account, fact.day, fact.sha1));
        break;
    }
  }

  #count(numtrans: string): void {
    if (numtrans === numbersOf(this.#sequence + 1).NUMTRANS) this.#sequence++;
  }

  #log(entry: JournalEntry): void {
    this.#journal.push(entry);
    if (this.#journal.length > MEMORY_JOURNAL_LIMIT * 1.1) this.#journal = this.#journal.slice(-MEMORY_JOURNAL_LIMIT);
  }
}

/** The stores of a simulator that keeps nothing on disk. */
export class MemoryStorage implements Storage {
  readonly description = 'memory';
  readonly #stores = new Map<string, MemoryStore>();

  open(name: string): MemoryStore {
    const store = this.#stores.get(name) ?? new MemoryStore();
    this.#stores.set(name, store);
    return store;
  }

  async names(): Promise<string[]> {
    return [...this.#stores.keys()];
  }

  async drop(name: string): Promise<void> {
    this.#stores.delete(name);
  }

  async close(): Promise<void> {
    this.#stores.clear();
  }
}
