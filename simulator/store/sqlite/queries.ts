import type { Payment } from '../../engine/payment.js';
import type { Subscriber } from '../../engine/subscriber.js';
import type { JournalEntry, JournalFilter } from '../../journal/entry.js';
import { AUTHENTICATIONS } from '../authentication-table.js';
import { CHECKOUTS } from '../checkout-table.js';
import { GATEWAY_COLUMNS, type GatewayRow, readGateway } from '../gateway-rows.js';
import { JOURNAL_COLUMNS, type JournalRow, readEntry } from '../journal-rows.js';
import {
  selectJournal,
  selectPaymentAt,
  selectPaymentIds,
  selectRecordAt,
  selectRecords,
  selectSeqAt,
  selectSubscribers,
} from '../list-queries.js';
import type { RecordFilter } from '../record-keys.js';
import type { RecordColumns, RecordRow, RecordTable } from '../record-table.js';
import { type CardToken, type ContentPart, type PaymentFilter, pagesOf, type SeenCard, type UsedQuestion } from '../store.js';
import { readSubscriber, SUBSCRIBER_COLUMNS, type SubscriberRow } from '../subscriber-rows.js';
import { readPayment, TRANSACTION_COLUMNS, type TransactionRow } from '../transaction-rows.js';
import type { Database } from './driver.js';
import { FIRST_NAME } from './retired-names.js';
import type { Examined } from './scan.js';
import { Statements } from './statements.js';

const SELECT_GATEWAY = `SELECT ${GATEWAY_COLUMNS.join(', ')} FROM gateways WHERE name = ?`;
/** Names of gateways that are read at once. */
export const NAMES_AT_ONCE = 1000;

const SELECT_PAYMENT = `SELECT payment, ${TRANSACTION_COLUMNS.join(', ')} FROM transactions WHERE gateway = ? AND payment = ? ORDER BY position`;

/** Returns the row of a gateway, or undefined if nothing was ever written under this name. */
export function findGateway(statements: Statements, name: string): GatewayRow | undefined {
  const row = statements.prepare(SELECT_GATEWAY).get(name) as GatewayRow | undefined;
  return row && readGateway(row);
}

/** Returns the names of the gateways that follow a name, in their order, at most {@link NAMES_AT_ONCE}. */
export function listNames(statements: Statements, after: string): string[] {
  const sql = `SELECT name FROM gateways WHERE name >= '${FIRST_NAME}' AND name > ? ORDER BY name LIMIT ${NAMES_AT_ONCE}`;
  return statements.prepareColumn(sql).all(after) as string[];
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

/** Examines a number of the payments that `before` allows. */
export function examinePayments(statements: Statements, gateway: number, filter: PaymentFilter, count: number): Examined<Payment> {
  const { sql, values } = selectPaymentAt(gateway, filter.before === undefined ? undefined : Number(filter.before), count - 1);
  const last = statements.prepareColumn(sql).get(...values) as number | undefined;
  return { found: listPayments(statements, gateway, { ...filter, scanLimit: count }), last };
}

export function listSubscribers(statements: Statements, gateway: number): Subscriber[] {
  const { sql, values } = selectSubscribers(SUBSCRIBER_COLUMNS.join(', '), gateway);
  return (statements.prepare(sql).all(...values) as SubscriberRow[]).map(readSubscriber);
}

const columnList = ({ columns }: RecordColumns): string => columns.join(', ');

/** Returns the record with this id. */
export function recordWith<Item>(statements: Statements, gateway: number, table: RecordTable<Item>, id: string): Item | undefined {
  if (!table.isId(id)) return undefined;
  const sql = `SELECT ${columnList(table)} FROM ${table.table} WHERE gateway = ? AND ${table.id} = ?`;
  const row = statements.prepare(sql).get(gateway, Number(id)) as RecordRow | undefined;
  return row && table.read(row);
}

/** Returns the newest record of an account with this name. */
export function recordNamed<Item>(
  statements: Statements,
  gateway: number,
  table: RecordTable<Item>,
  account: string,
  name: string,
): Item | undefined {
  const sql = `SELECT ${columnList(table)} FROM ${table.table} WHERE gateway = ? AND account = ? AND ${table.name} = ? ORDER BY ${table.id} DESC LIMIT 1`;
  const row = statements.prepare(sql).get(gateway, account, name) as RecordRow | undefined;
  return row && table.read(row);
}

/** @param from the lowest id; undefined: any */
export function listRecords<Item>(
  statements: Statements,
  gateway: number,
  table: RecordTable<Item>,
  filter: RecordFilter,
  from?: number,
): Item[] {
  const { sql, values } = selectRecords(table, columnList(table), gateway, filter, from);
  return (statements.prepare(sql).all(...values) as RecordRow[]).map((row) => table.read(row));
}

/** Examines a number of the records that `before` allows. */
export function examineRecords<Item>(
  statements: Statements,
  gateway: number,
  table: RecordTable<Item>,
  filter: RecordFilter,
  count: number,
): Examined<Item> {
  const { sql, values } = selectRecordAt(table, gateway, filter, count - 1);
  const last = statements.prepareColumn(sql).get(...values) as number | undefined;
  return { found: listRecords(statements, gateway, table, filter, last), last };
}

export function listJournal(statements: Statements, gateway: number, filter: JournalFilter): JournalEntry[] {
  const { sql, values } = selectJournal(JOURNAL_COLUMNS.join(', '), gateway, filter);
  return (statements.prepare(sql).all(...values) as JournalRow[]).map(readEntry);
}

/** Examines a number of the journal entries that `before` and `after` allow. */
export function examineJournal(statements: Statements, gateway: number, filter: JournalFilter, count: number): Examined<JournalEntry> {
  const { sql, values } = selectSeqAt(gateway, filter, count - 1);
  const last = statements.prepareColumn(sql).get(...values) as number | undefined;
  return { found: listJournal(statements, gateway, last === undefined ? filter : { ...filter, after: last - 1 }), last };
}

const SELECT_ALL_PAYMENTS = `SELECT payment, ${TRANSACTION_COLUMNS.join(', ')} FROM transactions WHERE gateway = ? ORDER BY payment, position`;
const SELECT_ALL_QUESTIONS = `SELECT account, day, CAST(NUMQUESTION AS TEXT), TYPE FROM questions WHERE gateway = ?`;
const SELECT_ALL_CARDS = 'SELECT account, day, card_sha1 FROM cards WHERE gateway = ?';
const SELECT_ALL_TOKENS = 'SELECT account, card_sha1, PORTEUR FROM tokens WHERE gateway = ? ORDER BY account, card_sha1';
const selectAllRecords = (table: RecordColumns): string =>
  `SELECT ${columnList(table)} FROM ${table.table} WHERE gateway = ? ORDER BY ${table.id}`;
const SELECT_ALL_ENTRIES = `SELECT ${JOURNAL_COLUMNS.join(', ')} FROM journal WHERE gateway = ? ORDER BY seq`;

function* paymentsOf(rows: Iterable<TransactionRow>): Generator<Payment> {
  let current: TransactionRow[] = [];
  for (const row of rows) {
    if (current.length > 0 && current[0]?.payment !== row.payment) {
      yield readPayment(current) as Payment;
      current = [];
    }
    current.push(row);
  }
  const last = readPayment(current);
  if (last) yield last;
}

function* readEach<Row, Item>(rows: Iterable<Row>, read: (row: Row) => Item): Generator<Item> {
  for (const row of rows) yield read(row);
}

/** Yields the whole content of a gateway in parts. Must run inside one transaction, on a connection that does nothing else. */
export function* contentParts(database: Database, { id, sequence, shared }: GatewayRow): Generator<ContentPart> {
  const rows = <Row>(sql: string): Iterable<Row> => database.prepare(sql).iterate(id) as Iterable<Row>;
  const tuples = <Row>(sql: string): Iterable<Row> => database.prepare(sql).raw().iterate(id) as Iterable<Row>;
  yield { sequence, shared: shared ?? undefined };
  for (const payments of pagesOf(paymentsOf(rows(SELECT_ALL_PAYMENTS)))) yield { payments };
  yield { subscribers: listSubscribers(new Statements(database), id) };
  for (const questions of pagesOf(tuples<UsedQuestion>(SELECT_ALL_QUESTIONS))) yield { questions };
  for (const cards of pagesOf(tuples<SeenCard>(SELECT_ALL_CARDS))) yield { cards };
  for (const tokens of pagesOf(tuples<CardToken>(SELECT_ALL_TOKENS))) yield { tokens };
  const records = <Item>(table: RecordTable<Item>): Iterable<Item> => readEach(rows<RecordRow>(selectAllRecords(table)), table.read);
  for (const authentications of pagesOf(records(AUTHENTICATIONS))) yield { authentications };
  for (const checkouts of pagesOf(records(CHECKOUTS))) yield { checkouts };
  for (const journal of pagesOf(readEach(rows<JournalRow>(SELECT_ALL_ENTRIES), readEntry))) yield { journal };
}
