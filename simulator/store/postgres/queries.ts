import type { Payment } from '../../engine/payment.js';
import type { Subscriber } from '../../engine/subscriber.js';
import type { JournalEntry, JournalFilter } from '../../journal/entry.js';
import { GATEWAY_COLUMNS, type GatewayRow, readGateway } from '../gateway-rows.js';
import { type JournalRow, readEntry } from '../journal-rows.js';
import { selectJournal, selectPaymentIds, selectSubscribers } from '../list-queries.js';
import type { SqlFragment } from '../search-conditions.js';
import type { CardToken, PaymentFilter, SeenCard, StoreContent, UsedQuestion } from '../store.js';
import { readSubscriber, type SubscriberRow } from '../subscriber-rows.js';
import type { TransactionRow } from '../transaction-rows.js';
import { selectList } from './columns.js';
import type { Connection } from './connections.js';
import { readPayments } from './read-rows.js';

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

export async function listJournal(connection: Connection, gateway: number, filter: JournalFilter): Promise<JournalEntry[]> {
  return (await queryRows<JournalRow>(connection, selectJournal(selectList('journal'), gateway, filter))).map(readEntry);
}

const ALL = { limit: Number.POSITIVE_INFINITY };

/** Returns the whole content of a gateway. Must run inside one transaction with the isolation level REPEATABLE READ. */
export async function dumpGateway(connection: Connection, { id, sequence, shared }: GatewayRow): Promise<StoreContent> {
  const { query } = connection;
  const questionsQuery = { text: 'SELECT account, day, NUMQUESTION AS number, TYPE FROM questions WHERE gateway = $1' };
  const { rows: questions } = await query(questionsQuery, [id]);
  const { rows: cards } = await query({ text: 'SELECT account, day, card_sha1 FROM cards WHERE gateway = $1' }, [id]);
  const { rows: tokens } = await query(
    { text: 'SELECT account, card_sha1, PORTEUR AS token FROM tokens WHERE gateway = $1 ORDER BY account, card_sha1' },
    [id],
  );
  return {
    sequence,
    payments: (await listPayments(connection, id, ALL)).reverse(),
    subscribers: await listSubscribers(connection, id),
    questions: questions.map(({ account, day, number, type }): UsedQuestion => [account, day, String(number), type]),
    cards: cards.map(({ account, day, card_sha1 }): SeenCard => [account, day, card_sha1]),
    tokens: tokens.map(({ account, card_sha1, token }): CardToken => [account, card_sha1, token]),
    journal: (await listJournal(connection, id, ALL)).reverse(),
    shared: shared ?? undefined,
  };
}
