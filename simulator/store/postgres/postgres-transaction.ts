import { tenDigits } from '../../../contracts/index.js';
import type { Authentication } from '../../engine/authentication.js';
import type { Checkout } from '../../engine/checkout.js';
import type { Fact } from '../../engine/fact.js';
import { type LookupResult, SAME_REFERENCE_LIMIT } from '../../engine/lookup.js';
import type { Payment } from '../../engine/payment.js';
import type { Subscriber } from '../../engine/subscriber.js';
import { type NewStoredEntry, toStoredEntry } from '../../journal/stored-entry.js';
import { AUTHENTICATIONS } from '../authentication-table.js';
import { CHECKOUTS } from '../checkout-table.js';
import { CALL_OFFSET, type ExistingPayment, nthNumbers, startsWith } from '../find.js';
import { type GatewayRow, noteWritten } from '../gateway-rows.js';
import { contentFacts, type StoreContent } from '../store.js';
import type { StoreTransaction } from '../store-transaction.js';
import { MissingKeys } from './missing-keys.js';
import { PendingRows } from './pending-rows.js';
import { ReadRecords } from './read-records.js';

const joinKey = (...parts: readonly string[]): string => parts.join('\n');

/**
 * One gateway in one transaction: the rows that were read, and the rows that are going to be written. It does not read by itself. A read of
 * a row that is not here returns nothing and adds its key to {@link PostgresTransaction.missing}: the caller reads the missing rows, adds
 * them, and repeats the lookup.
 */
export class PostgresTransaction implements StoreTransaction {
  readonly id: number;
  readonly pending = new PendingRows();
  readonly missing = {
    numbers: new MissingKeys(),
    calls: new MissingKeys(),
    references: new MissingKeys(),
    existing: new MissingKeys(),
    questions: new MissingKeys(),
    subscribers: new MissingKeys(),
    cards: new MissingKeys(),
    tokens: new MissingKeys(),
  } as const;
  #sequence: number;
  #entries: number;
  #shared: string | undefined;
  /** Whether all rows of the gateway are here: after {@link PostgresTransaction.load}. */
  #isComplete = false;
  readonly #payments = new Map<string, Payment>();
  /** The id of the payment, by the NUMTRANS of each of its transactions. */
  readonly #idByNumtrans = new Map<string, string>();
  /** The id of the imported payment, by the NUMAPPEL of its first transaction. */
  readonly #idByCall = new Map<string, string>();
  readonly #idsByReference = new Map<string, Set<string>>();
  readonly #questionTypes = new Map<string, Set<string>>();
  readonly #subscribers = new Map<string, Subscriber | undefined>();
  readonly #cards = new Set<string>();
  /** By account and SHA-1 of the card. */
  readonly #tokens = new Map<string, string>();
  readonly authentications = new ReadRecords(AUTHENTICATIONS);
  readonly checkouts = new ReadRecords(CHECKOUTS);
  /** The numbers that were read and that {@link PostgresTransaction.next} skips: of imported payments, also the one of their NUMAPPEL. */
  readonly #usedIds = new Set<string>();
  /** The highest number up to which `#usedIds` is complete; undefined: the used ids from the next number on are missing. */
  #usedIdsReadTo: string | undefined = '';

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

  /** Whether a read needed rows that are not here. */
  get hasMissing(): boolean {
    const hasMissingRecords = this.authentications.hasMissing || this.checkouts.hasMissing;
    return this.#usedIdsReadTo === undefined || hasMissingRecords || Object.values(this.missing).some(({ isEmpty }) => !isEmpty);
  }

  /** The number from which on the used ids are missing; undefined: none are missing. */
  get usedIdsMissingFrom(): string | undefined {
    return this.#usedIdsReadTo === undefined ? nthNumbers(this.#sequence + 1).NUMTRANS : undefined;
  }

  // An imported payment may have one of the next numbers: they are skipped.
  next(): LookupResult['next'] {
    for (;;) {
      const numbers = nthNumbers(this.#sequence + 1);
      if (!this.#isComplete && (this.#usedIdsReadTo === undefined || numbers.NUMTRANS > this.#usedIdsReadTo)) {
        this.#usedIdsReadTo = undefined;
        return numbers;
      }
      if (!this.#usedIds.has(numbers.NUMTRANS)) return numbers;
      this.#sequence++;
    }
  }

  questionTypes(account: string, day: string, questionNumber: string): readonly string[] {
    this.#require('questions', day, account, Number(questionNumber));
    return [...(this.#questionTypes.get(joinKey(account, day, questionNumber)) ?? [])].sort();
  }

  paymentWith(numtrans: string): Payment | undefined {
    if (!/^\d{10}$/.test(numtrans)) return undefined;
    this.#require('numbers', Number(numtrans));
    return this.#payments.get(this.#idByNumtrans.get(numtrans) ?? '');
  }

  importedWith(numappel: string): Payment | undefined {
    this.#require('calls', Number(numappel));
    return this.#payments.get(this.#idByCall.get(numappel) ?? '');
  }

  withReference(account: string, reference: string): readonly Payment[] {
    this.#require('references', account, reference);
    return this.#newestWithReference(account, reference).slice(0, SAME_REFERENCE_LIMIT);
  }

  existing(account: string, reference: string, first: ExistingPayment): Payment | undefined {
    this.#require('existing', account, reference, first.MONTANT, first.DEVISE, first.CODEREPONSE);
    return this.#newestWithReference(account, reference).find((payment) => startsWith(payment, first));
  }

  subscriber(account: string, refabonne: string): Subscriber | undefined {
    this.#require('subscribers', account, refabonne);
    return this.#subscribers.get(joinKey(account, refabonne));
  }

  token(account: string, sha1: string): string | undefined {
    this.#require('tokens', account, sha1);
    return this.#tokens.get(joinKey(account, sha1));
  }

  authentication(id3d: string): Authentication | undefined {
    return this.authentications.with(id3d);
  }

  authenticationOfSession(account: string, idSession: string): Authentication | undefined {
    return this.authentications.named(account, idSession);
  }

  checkout(id: string): Checkout | undefined {
    return this.checkouts.with(id);
  }

  checkoutOf(account: string, reference: string): Checkout | undefined {
    return this.checkouts.named(account, reference);
  }

  cardSeen(account: string, day: string, sha1: string): boolean {
    this.#require('cards', day, account, sha1);
    return this.#cards.has(joinKey(account, day, sha1));
  }

  /** Adds payments that were read. A payment that is here already is newer and stays. */
  addPayments(payments: readonly Payment[]): void {
    for (const payment of payments) if (!this.#payments.has(payment.id)) this.#setPayment(payment);
  }

  addQuestion(account: string, day: string, questionNumber: string, TYPE: string): void {
    const types = this.#questionTypes.get(joinKey(account, day, questionNumber)) ?? new Set();
    this.#questionTypes.set(joinKey(account, day, questionNumber), types.add(TYPE));
  }

  /** Adds a subscriber that was read. A subscriber that is here already, or was deleted, is newer and stays so. */
  addSubscriber(subscriber: Subscriber): void {
    const key = joinKey(subscriber.account, subscriber.REFABONNE);
    if (!this.#subscribers.has(key)) this.#subscribers.set(key, subscriber);
  }

  addCard(account: string, day: string, sha1: string): void {
    this.#cards.add(joinKey(account, day, sha1));
  }

  /** Adds the token of a card. A token that is here already stays. */
  addToken(account: string, sha1: string, token: string): void {
    const key = joinKey(account, sha1);
    if (!this.#tokens.has(key)) this.#tokens.set(key, token);
  }

  /** Adds ids of payments. @param to the highest number up to which these are all */
  addUsedIds(ids: readonly string[], to: string): void {
    for (const id of ids) this.#usedIds.add(id);
    this.#usedIdsReadTo = to;
  }

  write(fact: Fact): void {
    this.#writers[fact.fact](fact as never);
  }

  log(entry: NewStoredEntry): void {
    this.pending.addEntry(++this.#entries, entry);
  }

  share(shared: string | undefined): void {
    noteWritten(shared);
    this.#shared = shared;
    this.pending.share(shared);
  }

  load(content: StoreContent): void {
    for (const collection of [this.#payments, this.#idByNumtrans, this.#idByCall, this.#idsByReference, this.#questionTypes])
      collection.clear();
    for (const collection of [this.#subscribers, this.#cards, this.#tokens, this.#usedIds]) collection.clear();
    this.authentications.replaceAll();
    this.checkouts.replaceAll();
    this.#isComplete = true;
    this.#usedIdsReadTo = '';
    this.pending.replaceAll();
    for (const fact of contentFacts(content)) this.write(fact);
    for (const entry of content.journal) this.pending.addEntry(entry.seq, toStoredEntry(entry));
    this.#sequence = content.sequence;
    this.#entries = content.journal.at(-1)?.seq ?? 0;
    this.share(content.shared);
  }

  readonly #writers: { readonly [Name in Fact['fact']]: (fact: Extract<Fact, { fact: Name }>) => void } = {
    payment: ({ payment }) => {
      this.#setPayment(payment);
      this.pending.addPayment(payment);
      this.#count(payment.id);
    },
    transaction: ({ payment: id, account, transaction }) => {
      const payment = this.#payments.get(id);
      if (!payment) throw new Error(`There is no payment ${id} to add a transaction to.`);
      this.pending.addTransaction(id, payment.transactions.length, account, transaction);
      this.#setPayment({ ...payment, transactions: [...payment.transactions, transaction] });
      this.#count(transaction.NUMTRANS);
    },
    number: ({ NUMTRANS }) => this.#count(NUMTRANS),
    question: ({ account, day, questionNumber, TYPE }) => {
      this.addQuestion(account, day, questionNumber, TYPE);
      this.pending.addQuestion(account, day, questionNumber, TYPE);
    },
    subscriber: ({ subscriber }) => {
      this.#subscribers.set(joinKey(subscriber.account, subscriber.REFABONNE), subscriber);
      this.pending.putSubscriber(subscriber);
    },
    'no-subscriber': ({ account, REFABONNE }) => {
      this.#subscribers.set(joinKey(account, REFABONNE), undefined);
      this.pending.deleteSubscriber(account, REFABONNE);
    },
    card: ({ account, day, sha1 }) => {
      this.addCard(account, day, sha1);
      this.pending.addCard(account, day, sha1);
    },
    token: ({ account, sha1, token }) => {
      this.addToken(account, sha1, token);
      this.pending.addToken(account, sha1, token);
    },
    authentication: ({ authentication }) => {
      this.authentications.set(authentication);
      this.pending.putRecord(AUTHENTICATIONS, authentication);
    },
    checkout: ({ checkout }) => {
      this.checkouts.set(checkout);
      this.pending.putRecord(CHECKOUTS, checkout);
    },
  };

  #require(kind: keyof PostgresTransaction['missing'], ...key: readonly (string | number)[]): void {
    if (!this.#isComplete) this.missing[kind].require(...key);
  }

  #newestWithReference(account: string, reference: string): Payment[] {
    const ids = [...(this.#idsByReference.get(joinKey(account, reference)) ?? [])].sort().reverse();
    return ids.flatMap((id) => this.#payments.get(id) ?? []);
  }

  #setPayment(payment: Payment): void {
    this.#payments.set(payment.id, payment);
    for (const { NUMTRANS } of payment.transactions) this.#idByNumtrans.set(NUMTRANS, payment.id);
    this.#usedIds.add(payment.id);
    if (payment.origin === 'system') {
      const { NUMAPPEL } = payment.transactions[0];
      this.#idByCall.set(NUMAPPEL, payment.id);
      if (Number(NUMAPPEL) > CALL_OFFSET) this.#usedIds.add(tenDigits(Number(NUMAPPEL) - CALL_OFFSET));
    }
    const key = joinKey(payment.account, payment.REFERENCE);
    this.#idsByReference.set(key, (this.#idsByReference.get(key) ?? new Set()).add(payment.id));
  }

  #count(numtrans: string): void {
    if (numtrans === nthNumbers(this.#sequence + 1).NUMTRANS) this.#sequence++;
  }
}
