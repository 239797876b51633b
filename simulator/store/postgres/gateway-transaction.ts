import type { Fact } from '../../engine/fact.js';
import { type LookupResult, SAME_REFERENCE_LIMIT } from '../../engine/lookup.js';
import type { Payment } from '../../engine/payment.js';
import type { Subscriber } from '../../engine/subscriber.js';
import { type NewStoredEntry, toStoredEntry } from '../../journal/stored-entry.js';
import { contentFacts } from '../content-facts.js';
import type { Reads } from '../find.js';
import { numbersOf } from '../numbers.js';
import type { GatewayRow } from '../rows.js';
import type { StoreContent } from '../store.js';
import { MissingKeys } from './missing-keys.js';
import { PendingRows } from './pending-rows.js';

const key = (...parts: readonly string[]): string => parts.join('\n');

/**
 * What one transaction sees of a gateway: what was read of it, and what the work of the transaction wrote. What it is asked and
 * does not know is noted in {@link GatewayTransaction.wanted}, and answered with nothing: to be read, and asked again.
 */
export class GatewayTransaction implements Reads {
  readonly id: number;
  /** What the work writes. */
  readonly changes = new PendingRows();
  readonly wanted = {
    numbers: new MissingKeys(),
    references: new MissingKeys(),
    existing: new MissingKeys(),
    questions: new MissingKeys(),
    subscribers: new MissingKeys(),
    cards: new MissingKeys(),
  } as const;
  #sequence: number;
  #entries: number;
  #shared: string | undefined;
  /** Everything there is, is known. */
  #isWhole = false;
  readonly #payments = new Map<string, Payment>();
  readonly #paymentOf = new Map<string, string>();
  readonly #byReference = new Map<string, Set<string>>();
  readonly #types = new Map<string, Set<string>>();
  readonly #subscribers = new Map<string, Subscriber | undefined>();
  readonly #cards = new Set<string>();
  readonly #taken = new Set<string>();
  /** Up to which number it is known whether a payment has it; undefined: it was not looked. */
  #takenKnown: string | undefined = '';

  constructor({ id, sequence, entries, shared }: GatewayRow) {
    this.id = id;
    this.#sequence = sequence;
    this.#entries = entries;
    this.#shared = shared ?? undefined;
  }

  get sequence(): number {
    return this.#sequence;
  }

  get entries(): number {
    return this.#entries;
  }

  get shared(): string | undefined {
    return this.#shared;
  }

  /** Whether something was asked that was not read. */
  get isMissing(): boolean {
    return this.#takenKnown === undefined || Object.values(this.wanted).some(({ isMissing }) => isMissing);
  }

  // A payment born elsewhere may hold the number that would come next.
  next(): LookupResult['next'] {
    for (;;) {
      const numbers = numbersOf(this.#sequence + 1);
      if (!this.#isWhole && (this.#takenKnown === undefined || numbers.NUMTRANS > this.#takenKnown)) {
        this.#takenKnown = undefined;
        return numbers;
      }
      if (!this.#taken.has(numbers.NUMTRANS)) return numbers;
      this.#sequence++;
    }
  }

  /** From which number on it must be looked whether payments have it; undefined: not at all. */
  get takenFrom(): string | undefined {
    return this.#takenKnown === undefined ? numbersOf(this.#sequence + 1).NUMTRANS : undefined;
  }

  questionTypes(account: string, day: string, questionNumber: string): readonly string[] {
    this.#knows('questions', day, account, Number(questionNumber));
    return [...(this.#types.get(key(account, day, questionNumber)) ?? [])].sort();
  }

  paymentWith(numtrans: string): Payment | undefined {
    if (!/^\d{10}$/.test(numtrans)) return undefined;
    this.#knows('numbers', Number(numtrans));
    return this.#payments.get(this.#paymentOf.get(numtrans) ?? '');
  }

  withReference(account: string, reference: string): readonly Payment[] {
    this.#knows('references', account, reference);
    return this.#ofReference(account, reference).slice(0, SAME_REFERENCE_LIMIT);
  }

  existing(account: string, reference: string, { MONTANT, DEVISE, CODEREPONSE }: Parameters<Reads['existing']>[2]): Payment | undefined {
    this.#knows('existing', account, reference, MONTANT, DEVISE, CODEREPONSE);
    return this.#ofReference(account, reference).find(
      ({ transactions: [first] }) => first.MONTANT === MONTANT && first.DEVISE === DEVISE && first.CODEREPONSE === CODEREPONSE,
    );
  }

  subscriber(account: string, refabonne: string): Subscriber | undefined {
    this.#knows('subscribers', account, refabonne);
    return this.#subscribers.get(key(account, refabonne));
  }

  cardSeen(account: string, day: string, sha1: string): boolean {
    this.#knows('cards', day, account, sha1);
    return this.#cards.has(key(account, day, sha1));
  }

  /** Takes in payments that were read. What is known of one already is newer. */
  addPayments(payments: readonly Payment[]): void {
    for (const payment of payments) if (!this.#payments.has(payment.id)) this.#keep(payment);
  }

  addQuestion(account: string, day: string, questionNumber: string, TYPE: string): void {
    const types = this.#types.get(key(account, day, questionNumber)) ?? new Set();
    this.#types.set(key(account, day, questionNumber), types.add(TYPE));
  }

  /** Takes in a subscriber that was read. What is known of one already is newer. */
  addSubscriber(subscriber: Subscriber): void {
    const name = key(subscriber.account, subscriber.REFABONNE);
    if (!this.#subscribers.has(name)) this.#subscribers.set(name, subscriber);
  }

  addCard(account: string, day: string, sha1: string): void {
    this.#cards.add(key(account, day, sha1));
  }

  /** Takes in numbers that payments have. @param known up to which number these are all */
  addTaken(numbers: readonly string[], known: string): void {
    for (const number of numbers) this.#taken.add(number);
    this.#takenKnown = known;
  }

  write(fact: Fact): void {
    this.#writes[fact.fact](fact as never);
  }

  log(entry: NewStoredEntry): void {
    this.changes.log(++this.#entries, entry);
  }

  share(shared: string | undefined): void {
    this.#shared = shared;
    this.changes.share(shared);
  }

  /** Replaces everything. */
  load(content: StoreContent): void {
    const collections = [this.#payments, this.#paymentOf, this.#byReference, this.#types, this.#subscribers, this.#cards, this.#taken];
    for (const collection of collections) collection.clear();
    this.#isWhole = true;
    this.#takenKnown = '';
    this.changes.empty();
    for (const fact of contentFacts(content)) this.write(fact);
    for (const entry of content.journal) this.changes.log(entry.seq, toStoredEntry(entry));
    this.#sequence = content.sequence;
    this.#entries = content.journal.at(-1)?.seq ?? 0;
    this.share(content.shared);
  }

  readonly #writes: { readonly [Name in Fact['fact']]: (fact: Extract<Fact, { fact: Name }>) => void } = {
    payment: ({ payment }) => {
      this.#keep(payment);
      this.changes.addFirst(payment);
      this.#count(payment.id);
    },
    transaction: ({ payment: id, account, transaction }) => {
      const payment = this.#payments.get(id);
      if (!payment) throw new Error(`No payment ${id} to carry on.`);
      this.changes.addLater(id, payment.transactions.length, account, transaction);
      this.#keep({ ...payment, transactions: [...payment.transactions, transaction] });
      this.#count(transaction.NUMTRANS);
    },
    number: ({ NUMTRANS }) => this.#count(NUMTRANS),
    question: ({ account, day, questionNumber, TYPE }) => {
      this.addQuestion(account, day, questionNumber, TYPE);
      this.changes.addQuestion(account, day, questionNumber, TYPE);
    },
    subscriber: ({ subscriber }) => {
      this.#subscribers.set(key(subscriber.account, subscriber.REFABONNE), subscriber);
      this.changes.putSubscriber(subscriber);
    },
    'no-subscriber': ({ account, REFABONNE }) => {
      this.#subscribers.set(key(account, REFABONNE), undefined);
      this.changes.removeSubscriber(account, REFABONNE);
    },
    card: ({ account, day, sha1 }) => {
      this.addCard(account, day, sha1);
      this.changes.addCard(account, day, sha1);
    },
  };

  #knows(what: keyof GatewayTransaction['wanted'], ...named: readonly (string | number)[]): void {
    if (!this.#isWhole) this.wanted[what].has(...named);
  }

  #ofReference(account: string, reference: string): Payment[] {
    const ids = [...(this.#byReference.get(key(account, reference)) ?? [])].sort().reverse();
    return ids.flatMap((id) => this.#payments.get(id) ?? []);
  }

  #keep(payment: Payment): void {
    this.#payments.set(payment.id, payment);
    for (const { NUMTRANS } of payment.transactions) this.#paymentOf.set(NUMTRANS, payment.id);
    this.#taken.add(payment.id);
    const reference = key(payment.account, payment.REFERENCE);
    this.#byReference.set(reference, (this.#byReference.get(reference) ?? new Set()).add(payment.id));
  }

  #count(numtrans: string): void {
    if (numtrans === numbersOf(this.#sequence + 1).NUMTRANS) this.#sequence++;
  }
}
