import type { Payment } from '../../engine/payment.js';
import type { Subscriber } from '../../engine/subscriber.js';
import type { JournalEntry, JournalFilter } from '../../journal/entry.js';
import { AUTHENTICATIONS } from '../authentication-table.js';
import { CHECKOUTS } from '../checkout-table.js';
import { GATEWAY_COLUMNS, type GatewayRow, type GatewayTable, readGateway } from '../gateway-rows.js';
import { type JournalRow, readEntry } from '../journal-rows.js';
import { selectJournal, selectPaymentIds, selectRecords, selectSubscribers } from '../list-queries.js';
import type { RecordFilter } from '../record-keys.js';
import type { RecordColumns, RecordRow, RecordTable } from '../record-table.js';
import type { SqlFragment } from '../search-conditions.js';
import { type CardToken, type ContentPart, PART_SIZE, type PaymentFilter, type SeenCard, type UsedQuestion } from '../store.js';
import { readSubscriber, type SubscriberRow } from '../subscriber-rows.js';
import type { TransactionRow } from '../transaction-rows.js';
import { selectList } from './columns.js';
import type { Connection } from './connections.js';
import { readPayments } from './read-rows.js';

type Row = Readonly<Record<string, string | number>>;

/** Replaces each `?` by `$1`, `$2` and so on. */
function numberParameters(sql: string): string {
  let n = 0;
  return sql.replace(/\?/g, () => `$${++n}`);
}

async function queryRows<Row>({ query }: Connection, { sql, values }: SqlFragment): Promise<Row[]> {
  const { rows } = await query({ text: numberParameters(sql) }, values);
  return rows as Row[];
}

/** @param ids selects the ids; its first parameter is the gateway */
const selectTransactions = (ids: string): string => `
  SELECT ${selectList('transactions')} FROM (${ids}) AS selected
    CROSS JOIN LATERAL (SELECT * FROM transactions WHERE gateway = $1 AND payment = selected.payment) t
    ORDER BY t.payment, t.position`;

/** Returns the row of a gateway, or undefined if nothing was ever written under this name. */
export async function findGateway({ query }: Connection, name: string): Promise<GatewayRow | undefined> {
  const { rows } = await query({ text: `SELECT ${GATEWAY_COLUMNS.join(', ')} FROM gateways WHERE name = $1` }, [name]);
  const row = rows[0] as GatewayRow | undefined;
  return row && readGateway(row);
}

export async function listNames({ query }: Connection): Promise<string[]> {
  const { rows } = await query({ text: 'SELECT name FROM gateways ORDER BY id' });
  return rows.map(({ name }) => name);
}

export async function listPayments(connection: Connection, gateway: number, filter: PaymentFilter): Promise<Payment[]> {
  const { sql, values } = selectPaymentIds(gateway, filter);
  const { rows } = await connection.query({ text: selectTransactions(numberParameters(sql)) }, values);
  return readPayments(rows as TransactionRow[]).reverse();
}

/** Returns the payment that has a transaction with this NUMTRANS. */
export async function paymentWith({ query }: Connection, gateway: number, numtrans: string): Promise<Payment | undefined> {
  if (!/^\d{10}$/.test(numtrans)) return undefined;
  const ids = `SELECT payment FROM transactions WHERE gateway = $1 AND payment = $2 AND position = 0
    UNION SELECT payment FROM transactions WHERE gateway = $1 AND NUMTRANS = $2 AND position > 0`;
  const { rows } = await query({ text: selectTransactions(ids) }, [gateway, Number(numtrans)]);
  return readPayments(rows as TransactionRow[])[0];
}

export async function listSubscribers(connection: Connection, gateway: number): Promise<Subscriber[]> {
  return (await queryRows<SubscriberRow>(connection, selectSubscribers(selectList('subscribers'), gateway))).map(readSubscriber);
}

export async function listRecords<Item>(
  connection: Connection,
  gateway: number,
  table: RecordTable<Item>,
  filter: RecordFilter,
): Promise<Item[]> {
  return (await queryRows<RecordRow>(connection, selectRecords(table, selectList(table.table), gateway, filter))).map(table.read);
}

/** Returns the record with this id. */
export async function recordWith<Item>(
  { query }: Connection,
  gateway: number,
  table: RecordTable<Item>,
  id: string,
): Promise<Item | undefined> {
  if (!table.isId(id)) return undefined;
  const text = `SELECT ${selectList(table.table)} FROM ${table.table} t WHERE gateway = $1 AND ${table.id} = $2`;
  const { rows } = await query({ text }, [gateway, Number(id)]);
  const row = rows[0] as RecordRow | undefined;
  return row && table.read(row);
}

export async function listJournal(connection: Connection, gateway: number, filter: JournalFilter): Promise<JournalEntry[]> {
  return (await queryRows<JournalRow>(connection, selectJournal(selectList('journal'), gateway, filter))).map(readEntry);
}

/** Rows that are read at once. */
const ROWS_AT_ONCE = 500;

/** Yields the rows of a SELECT, some at a time, so that the server does not send them all at once. Must run inside a transaction. */
async function* rowsOf<Row>({ query }: Connection, select: string): AsyncGenerator<Row> {
  await query({ text: `DECLARE parts NO SCROLL CURSOR FOR ${select}` });
  for (;;) {
    const { rows } = await query({ text: `FETCH ${ROWS_AT_ONCE} FROM parts` });
    yield* rows as Row[];
    if (rows.length < ROWS_AT_ONCE) break;
  }
  await query({ text: 'CLOSE parts' });
}

async function* pages<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item[]> {
  let page: Item[] = [];
  for await (const item of items) {
    if (page.push(item) < PART_SIZE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

async function* paymentsOf(rows: AsyncIterable<TransactionRow>): AsyncGenerator<Payment> {
  let current: TransactionRow[] = [];
  for await (const row of rows) {
    if (current.length > 0 && current[0]?.payment !== row.payment) {
      yield* readPayments(current);
      current = [];
    }
    current.push(row);
  }
  yield* readPayments(current);
}

/** Yields the whole content of a gateway in parts. Must run inside one transaction with the isolation level REPEATABLE READ. */
export async function* contentParts(connection: Connection, { id, sequence, shared }: GatewayRow): AsyncGenerator<ContentPart> {
  const select = (table: GatewayTable, order: string): string =>
    `SELECT ${selectList(table)} FROM ${table} t WHERE gateway = ${id} ORDER BY ${order}`;
  yield { sequence, shared: shared ?? undefined };
  const transactions = rowsOf<TransactionRow>(connection, select('transactions', 'payment, position'));
  for await (const payments of pages(paymentsOf(transactions))) yield { payments };
  yield { subscribers: await listSubscribers(connection, id) };
  const questions = rowsOf<Row>(connection, select('questions', 'day, account, NUMQUESTION, TYPE'));
  for await (const part of pages(questions))
    yield { questions: part.map(({ account, day, NUMQUESTION, TYPE }) => [account, day, String(NUMQUESTION), TYPE] as UsedQuestion) };
  const cards = rowsOf<Row>(connection, select('cards', 'day, account, card_sha1'));
  for await (const part of pages(cards))
    yield { cards: part.map(({ account, day, card_sha1 }) => [account, day, card_sha1] as unknown as SeenCard) };
  const tokens = rowsOf<Row>(connection, select('tokens', 'account, card_sha1'));
  for await (const part of pages(tokens))
    yield { tokens: part.map(({ account, card_sha1, PORTEUR }) => [account, card_sha1, PORTEUR] as unknown as CardToken) };
  const records = ({ table, id: key }: RecordColumns): AsyncGenerator<RecordRow> => rowsOf<RecordRow>(connection, select(table, key));
  for await (const part of pages(records(AUTHENTICATIONS))) yield { authentications: part.map(AUTHENTICATIONS.read) };
  for await (const part of pages(records(CHECKOUTS))) yield { checkouts: part.map(CHECKOUTS.read) };
  for await (const part of pages(rowsOf<JournalRow>(connection, select('journal', 'seq')))) yield { journal: part.map(readEntry) };
}
