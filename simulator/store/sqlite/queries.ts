import type { Payment } from '../../engine/payment.js';
import type { Subscriber } from '../../engine/subscriber.js';
import type { JournalEntry, JournalFilter } from '../../journal/entry.js';
import { GATEWAY_COLUMNS, type GatewayRow, readGateway } from '../gateway-rows.js';
import { JOURNAL_COLUMNS, type JournalRow, readEntry } from '../journal-rows.js';
import { selectJournal, selectPaymentIds, selectSubscribers } from '../list-queries.js';
import type { CardToken, PaymentFilter, SeenCard, StoreContent, UsedQuestion } from '../store.js';
import { readSubscriber, SUBSCRIBER_COLUMNS, type SubscriberRow } from '../subscriber-rows.js';
import { readPayment, TRANSACTION_COLUMNS, type TransactionRow } from '../transaction-rows.js';
import type { Statements } from './statements.js';

const SELECT_GATEWAY = `SELECT ${GATEWAY_COLUMNS.join(', ')} FROM gateways WHERE name = ?`;
const SELECT_PAYMENT = `SELECT payment, ${TRANSACTION_COLUMNS.join(', ')} FROM transactions WHERE gateway = ? AND payment = ? ORDER BY position`;

/** Returns the row of a gateway, or undefined if nothing was ever written under this name. */
export function findGateway(statements: Statements, name: string): GatewayRow | undefined {
  const row = statements.prepare(SELECT_GATEWAY).get(name) as GatewayRow | undefined;
  return row && readGateway(row);
}

export function listNames(statements: Statements): string[] {
  return statements.prepareColumn('SELECT name FROM gateways ORDER BY id').all() as string[];
}

/** Returns the payment whose first transaction has this NUMTRANS. */
function paymentById(statements: Statements, gateway: number, id: number): Payment | undefined {
  return readPayment(statements.prepare(SELECT_PAYMENT).all(gateway, id) as TransactionRow[]);
}

/** Returns the payments with these ids, in the order of the ids. */
export function paymentsById(statements: Statements, gateway: number, ids: readonly number[]): Payment[] {
  return ids.flatMap((id) => paymentById(statements, gateway, id) ?? []);
}

/** Returns the payment that has a transaction with this NUMTRANS. */
export function paymentWith(statements: Statements, gateway: number, numtrans: string): Payment | undefined {
  if (!/^\d{10}$/.test(numtrans)) return undefined;
  const payment = paymentById(statements, gateway, Number(numtrans));
  if (payment) return payment;
  const sql = 'SELECT payment FROM transactions WHERE gateway = ? AND NUMTRANS = ? AND position > 0';
  const id = statements.prepareColumn(sql).get(gateway, Number(numtrans)) as number | undefined;
  return id === undefined ? undefined : paymentById(statements, gateway, id);
}

export function listPayments(statements: Statements, gateway: number, filter: PaymentFilter): Payment[] {
  const { sql, values } = selectPaymentIds(gateway, filter);
  return paymentsById(statements, gateway, statements.prepareColumn(sql).all(...values) as number[]);
}

export function listSubscribers(statements: Statements, gateway: number): Subscriber[] {
  const { sql, values } = selectSubscribers(SUBSCRIBER_COLUMNS.join(', '), gateway);
  return (statements.prepare(sql).all(...values) as SubscriberRow[]).map(readSubscriber);
}

export function listJournal(statements: Statements, gateway: number, filter: JournalFilter): JournalEntry[] {
  const { sql, values } = selectJournal(JOURNAL_COLUMNS.join(', '), gateway, filter);
  return (statements.prepare(sql).all(...values) as JournalRow[]).map(readEntry);
}

const ALL = { limit: Number.POSITIVE_INFINITY };

/** Returns the whole content of a gateway. Must run inside one transaction. */
export function dumpGateway(statements: Statements, { id, sequence, shared }: GatewayRow): StoreContent {
  return {
    sequence,
    payments: listPayments(statements, id, ALL).reverse(),
    subscribers: listSubscribers(statements, id),
    questions: statements
      .prepare('SELECT account, day, CAST(NUMQUESTION AS TEXT), TYPE FROM questions WHERE gateway = ?')
      .raw()
      .all(id) as unknown as UsedQuestion[],
    cards: statements.prepare('SELECT account, day, card_sha1 FROM cards WHERE gateway = ?').raw().all(id) as unknown as SeenCard[],
    tokens: statements
      .prepare('SELECT account, card_sha1, PORTEUR FROM tokens WHERE gateway = ? ORDER BY account, card_sha1')
      .raw()
      .all(id) as unknown as CardToken[],
    journal: listJournal(statements, id, ALL).reverse(),
    shared: shared ?? undefined,
  };
}
