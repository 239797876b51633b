import type { Authentication } from '../../engine/authentication.js';
import type { Checkout } from '../../engine/checkout.js';
import type { Fact } from '../../engine/fact.js';
import { type LookupResult, SAME_REFERENCE_LIMIT } from '../../engine/lookup.js';
import type { Payment, Transaction } from '../../engine/payment.js';
import type { Subscriber } from '../../engine/subscriber.js';
import { type NewStoredEntry, toStoredEntry } from '../../journal/stored-entry.js';
import { AUTHENTICATIONS } from '../authentication-table.js';
import { CHECKOUTS } from '../checkout-table.js';
import { CALL_OFFSET, type ExistingPayment, nthNumbers } from '../find.js';
import { type GatewayRow, noteWritten } from '../gateway-rows.js';
import { JOURNAL_COLUMNS, journalValues } from '../journal-rows.js';
import type { RecordColumns } from '../record-table.js';
import { damagedRow } from '../row-checks.js';
import { contentFacts, type StoreContent } from '../store.js';
import type { StoreTransaction } from '../store-transaction.js';
import { readSubscriber, SUBSCRIBER_COLUMNS, type SubscriberRow, subscriberValues } from '../subscriber-rows.js';
import { firstTransactionValues, laterTransactionValues, TRANSACTION_COLUMNS } from '../transaction-rows.js';
import { emptyGateway } from './deletion.js';
import { findGateway, paymentsById, paymentWith, recordNamed, recordWith } from './queries.js';
import type { Statements } from './statements.js';

const marks = (columns: readonly string[]): string => columns.map(() => '?').join(', ');

const SELECT_NEXT_PAYMENT = 'SELECT min(payment) FROM transactions WHERE gateway = ? AND payment >= ?';
const SELECT_NEXT_CALL = "SELECT min(NUMAPPEL) FROM transactions WHERE gateway = ? AND origin = 'system' AND NUMAPPEL >= ?";
const SELECT_IMPORTED = "SELECT payment FROM transactions WHERE gateway = ? AND origin = 'system' AND NUMAPPEL = ? LIMIT 1";
// A constant LIMIT: with a parameter SQLite plans the statement again at each execution.
const SELECT_SAME_REFERENCE = `SELECT payment FROM transactions WHERE gateway = ? AND account = ? AND REFERENCE = ?
  ORDER BY payment DESC LIMIT ${SAME_REFERENCE_LIMIT}`;
const SELECT_EXISTING = `SELECT payment FROM transactions WHERE gateway = ? AND account = ? AND REFERENCE = ?
  AND MONTANT = ? AND DEVISE = ? AND CODEREPONSE = ? ORDER BY payment DESC LIMIT 1`;
const SELECT_SUBSCRIBER = `SELECT ${SUBSCRIBER_COLUMNS.join(', ')} FROM subscribers WHERE gateway = ? AND account = ? AND REFABONNE = ?`;
const SELECT_QUESTION_TYPES = 'SELECT TYPE FROM questions WHERE gateway = ? AND day = ? AND account = ? AND NUMQUESTION = ?';
const SELECT_CARD = 'SELECT 1 FROM cards WHERE gateway = ? AND day = ? AND account = ? AND card_sha1 = ?';

const SELECT_TOKEN = 'SELECT PORTEUR FROM tokens WHERE gateway = ? AND account = ? AND card_sha1 = ?';

const INSERT_FIRST = `INSERT INTO transactions (gateway, payment, position, ${TRANSACTION_COLUMNS.join(', ')})
  VALUES (?, ?, 0, ${marks(TRANSACTION_COLUMNS)})`;
const INSERT_LATER = `INSERT INTO transactions (gateway, payment, position, ${TRANSACTION_COLUMNS.join(', ')})
  VALUES (?, ?, (SELECT coalesce(max(position) + 1, 0) FROM transactions WHERE gateway = ? AND payment = ?), ${marks(TRANSACTION_COLUMNS)})`;
const INSERT_QUESTION = 'INSERT OR IGNORE INTO questions (gateway, day, account, NUMQUESTION, TYPE) VALUES (?, ?, ?, ?, ?)';
const INSERT_SUBSCRIBER = `INSERT OR REPLACE INTO subscribers (gateway, ${SUBSCRIBER_COLUMNS.join(', ')}) VALUES (?, ${marks(SUBSCRIBER_COLUMNS)})`;
const DELETE_SUBSCRIBER = 'DELETE FROM subscribers WHERE gateway = ? AND account = ? AND REFABONNE = ?';
const INSERT_CARD = 'INSERT OR IGNORE INTO cards (gateway, day, account, card_sha1) VALUES (?, ?, ?, ?)';
const INSERT_TOKEN = 'INSERT OR IGNORE INTO tokens (gateway, account, card_sha1, PORTEUR) VALUES (?, ?, ?, ?)';
const putInto = ({ table, columns }: RecordColumns): string =>
  `INSERT OR REPLACE INTO ${table} (gateway, ${columns.join(', ')}) VALUES (?, ${marks(columns)})`;
const [PUT_AUTHENTICATION, PUT_CHECKOUT] = [putInto(AUTHENTICATIONS), putInto(CHECKOUTS)];
const INSERT_ENTRY = `INSERT INTO journal (gateway, ${JOURNAL_COLUMNS.join(', ')}) VALUES (?, ${marks(JOURNAL_COLUMNS)})`;

/** Returns the row of a gateway, and inserts it if it does not exist. */
export function findOrMakeGateway(statements: Statements, name: string): GatewayRow {
  const gateway = findGateway(statements, name);
  if (gateway) return gateway;
  statements.prepare('INSERT INTO gateways (name) VALUES (?)').run(name);
  return findGateway(statements, name) as GatewayRow;
}

/**
 * One gateway in one transaction of the file. The row of the gateway is read once, at the beginning, and written once, by
 * {@link SqliteTransaction.save}.
 */
export class SqliteTransaction implements StoreTransaction {
  readonly #statements: Statements;
  #id: number;
  #sequence: number;
  #entries: number;
  #shared: string | null;
  #isSharedChanged = false;
  /** The lowest NUMTRANS that cannot be given and is not lower than the next one; undefined: it must be read. */
  #nextTaken: number | undefined;

  constructor(statements: Statements, { id, sequence, entries, shared }: GatewayRow) {
    this.#statements = statements;
    this.#id = id;
    this.#sequence = sequence;
    this.#entries = entries;
    this.#shared = shared;
  }

  get shared(): string | undefined {
    return this.#shared ?? undefined;
  }

  // An imported payment may have one of the next numbers: they are skipped.
  next(): LookupResult['next'] {
    for (;;) {
      const numbers = nthNumbers(this.#sequence + 1);
      const number = Number(numbers.NUMTRANS);
      this.#nextTaken ??= Math.min(
        this.#least(SELECT_NEXT_PAYMENT, 'payment', number),
        this.#least(SELECT_NEXT_CALL, 'NUMAPPEL', number + CALL_OFFSET) - CALL_OFFSET,
      );
      if (number < this.#nextTaken) return numbers;
      this.#sequence++;
      this.#nextTaken = undefined;
    }
  }

  questionTypes(account: string, day: string, questionNumber: string): string[] {
    return this.#statements.prepareColumn(SELECT_QUESTION_TYPES).all(this.#id, day, account, Number(questionNumber)) as string[];
  }

  paymentWith(numtrans: string): Payment | undefined {
    return paymentWith(this.#statements, this.#id, numtrans);
  }

  importedWith(numappel: string): Payment | undefined {
    return this.#payments(SELECT_IMPORTED, Number(numappel))[0];
  }

  withReference(account: string, reference: string): Payment[] {
    return this.#payments(SELECT_SAME_REFERENCE, account, reference);
  }

  existing(account: string, reference: string, { MONTANT, DEVISE, CODEREPONSE }: ExistingPayment): Payment | undefined {
    return this.#payments(SELECT_EXISTING, account, reference, MONTANT, DEVISE, CODEREPONSE)[0];
  }

  subscriber(account: string, refabonne: string): Subscriber | undefined {
    const row = this.#statements.prepare(SELECT_SUBSCRIBER).get(this.#id, account, refabonne) as SubscriberRow | undefined;
    return row && readSubscriber(row);
  }

  token(account: string, sha1: string): string | undefined {
    return this.#statements.prepareColumn(SELECT_TOKEN).get(this.#id, account, sha1) as string | undefined;
  }

  authentication(id3d: string): Authentication | undefined {
    return recordWith(this.#statements, this.#id, AUTHENTICATIONS, id3d);
  }

  authenticationOfSession(account: string, idSession: string): Authentication | undefined {
    return recordNamed(this.#statements, this.#id, AUTHENTICATIONS, account, idSession);
  }

  checkout(id: string): Checkout | undefined {
    return recordWith(this.#statements, this.#id, CHECKOUTS, id);
  }

  checkoutOf(account: string, reference: string): Checkout | undefined {
    return recordNamed(this.#statements, this.#id, CHECKOUTS, account, reference);
  }

  cardSeen(account: string, day: string, sha1: string): boolean {
    return this.#statements.prepare(SELECT_CARD).get(this.#id, day, account, sha1) !== undefined;
  }

  write(fact: Fact): void {
    switch (fact.fact) {
      case 'payment':
        this.#run(INSERT_FIRST, Number(fact.payment.id), ...firstTransactionValues(fact.payment));
        this.#count(fact.payment.id);
        // The call number of an imported payment may be the next one.
        if (fact.payment.origin === 'system') this.#nextTaken = undefined;
        break;
      case 'transaction':
        this.#addTransaction(Number(fact.payment), fact.account, fact.transaction);
        this.#count(fact.transaction.NUMTRANS);
        break;
      case 'number':
        this.#count(fact.NUMTRANS);
        break;
      case 'question':
        this.#run(INSERT_QUESTION, fact.day, fact.account, Number(fact.questionNumber), fact.TYPE);
        break;
      case 'subscriber':
        this.#run(INSERT_SUBSCRIBER, ...subscriberValues(fact.subscriber));
        break;
      case 'no-subscriber':
        this.#run(DELETE_SUBSCRIBER, fact.account, fact.REFABONNE);
        break;
      case 'card':
        this.#run(INSERT_CARD, fact.day, fact.account, fact.sha1);
        break;
      case 'token':
        this.#run(INSERT_TOKEN, fact.account, fact.sha1, fact.token);
        break;
      case 'authentication':
        this.#run(PUT_AUTHENTICATION, ...AUTHENTICATIONS.valuesOf(fact.authentication));
        break;
      case 'checkout':
        this.#run(PUT_CHECKOUT, ...CHECKOUTS.valuesOf(fact.checkout));
        break;
    }
  }

  log(entry: NewStoredEntry): void {
    this.#run(INSERT_ENTRY, ...journalValues(++this.#entries, entry));
  }

  share(shared: string | undefined): void {
    noteWritten(shared);
    this.#shared = shared ?? null;
    this.#isSharedChanged = true;
  }

  load(content: StoreContent): void {
    this.#id = emptyGateway(this.#statements, this.#id);
    for (const fact of contentFacts(content)) this.write(fact);
    for (const entry of content.journal) this.#run(INSERT_ENTRY, ...journalValues(entry.seq, toStoredEntry(entry)));
    this.#sequence = content.sequence;
    this.#entries = content.journal.at(-1)?.seq ?? 0;
    this.share(content.shared);
  }

  /** Writes the row of the gateway. */
  save(): void {
    this.#statements.prepare('UPDATE gateways SET sequence = ?, entries = ? WHERE id = ?').run(this.#sequence, this.#entries, this.#id);
    if (this.#isSharedChanged) this.#statements.prepare('UPDATE gateways SET shared = ? WHERE id = ?').run(this.#shared, this.#id);
  }

  #run(sql: string, ...values: unknown[]): void {
    this.#statements.prepare(sql).run(this.#id, ...values);
  }

  #addTransaction(payment: number, account: string, transaction: Transaction): void {
    this.#run(INSERT_LATER, payment, this.#id, payment, ...laterTransactionValues(account, transaction));
  }

  #payments(selectIds: string, ...values: unknown[]): Payment[] {
    const ids = this.#statements.prepareColumn(selectIds).all(this.#id, ...values) as number[];
    return paymentsById(this.#statements, this.#id, ids);
  }

  /** Returns the result of a statement that selects the lowest number of a column from `number` on. */
  #least(select: string, column: string, number: number): number {
    const least = this.#statements.prepareColumn(select).get(this.#id, number);
    if (least === null) return Number.POSITIVE_INFINITY;
    // Any other value compares false with every number: the loop of next() would not end.
    if (!Number.isSafeInteger(least)) throw damagedRow('transactions', column);
    return least as number;
  }

  #count(numtrans: string): void {
    if (numtrans === nthNumbers(this.#sequence + 1).NUMTRANS) this.#sequence++;
    else this.#nextTaken = undefined;
  }
}
