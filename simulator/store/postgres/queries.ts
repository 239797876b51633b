import { SUCCESS } from '../../../contracts/index.js';
import type { Payment } from '../../engine/payment.js';
import type { Subscriber } from '../../engine/subscriber.js';
import type { JournalEntry, JournalFilter } from '../../journal/entry.js';
import {
  type GatewayRow,
  type JournalRow,
  readEntry,
  readGateway,
  readSubscriber,
  type SubscriberRow,
  type TransactionRow,
} from '../rows.js';
import { journalConditions, paymentConditions, type SqlCondition } from '../search-conditions.js';
import type { PaymentFilter, SeenCard, StoreContent, UsedQuestion } from '../store.js';
import { selected } from './columns.js';
import type { Connection } from './connection.js';
import { paymentsOf } from './read-rows.js';

const given = (sql: string, value: string | number | undefined): SqlCondition[] => (value === undefined ? [] : [{ sql, values: [value] }]);

/** Conditions with their parameters numbered. The first parameter is the gateway. */
function where(conditions: readonly SqlCondition[]): { text: string; values: (string | number)[] } {
  let n = 1;
  const texts = conditions.map(({ sql }) => sql.replace(/\?/g, () => `$${++n}`));
  return { text: ['gateway = $1', ...texts].join(' AND '), values: conditions.flatMap(({ values }) => values) };
}

const limited = (limit: number): string => (Number.isFinite(limit) ? `LIMIT ${Math.trunc(limit)}` : '');

const transactionsOf = (payments: string): string => `
  SELECT ${selected('transactions')} FROM (${payments}) AS wanted
    CROSS JOIN LATERAL (SELECT * FROM transactions WHERE gateway = $1 AND payment = wanted.payment) t
    ORDER BY t.payment, t.position`;

/** The gateway of a name; undefined: nothing was ever kept under it. */
export async function gatewayNamed({ query }: Connection, name: string): Promise<GatewayRow | undefined> {
  const { rows } = await query({ text: 'SELECT id, sequence, entries, shared FROM gateways WHERE name = $1' }, [name]);
  const row = rows[0] as GatewayRow | undefined;
  return row && readGateway(row);
}

export async function readNames({ query }: Connection): Promise<string[]> {
  const { rows } = await query({ text: 'SELECT name FROM gateways ORDER BY id' });
  return rows.map(({ name }) => name);
}

export async function listPayments(
  { query }: Connection,
  gateway: number,
  { REFERENCE, account, before, words = [], among, limit }: PaymentFilter,
): Promise<Payment[]> {
  const { text, values } = where([
    ...given('payment < ?', before === undefined ? undefined : Number(before) || 0),
    ...given('REFERENCE = ?', REFERENCE),
    ...given('account = ?', account),
    ...paymentConditions(words),
  ]);
  const page = before === undefined ? '' : 'AND payment < $2';
  const newest = `SELECT * FROM transactions WHERE gateway = $1 AND position = 0 ${page} ORDER BY payment DESC ${limited(among ?? Number.POSITIVE_INFINITY)}`;
  const source = among === undefined ? 'transactions' : `(${newest})`;
  const ids = `SELECT payment FROM ${source} first WHERE ${text} AND position = 0 ORDER BY payment DESC ${limited(limit)}`;
  const { rows } = await query({ text: transactionsOf(ids) }, [gateway, ...values]);
  return paymentsOf(rows as TransactionRow[]).reverse();
}

export async function paymentWith({ query }: Connection, gateway: number, numtrans: string): Promise<Payment | undefined> {
  if (!/^\d{10}$/.test(numtrans)) return undefined;
  const ids = `SELECT payment FROM transactions WHERE gateway = $1 AND payment = $2 AND position = 0
    UNION SELECT payment FROM transactions WHERE gateway = $1 AND NUMTRANS = $2 AND position > 0`;
  const { rows } = await query({ text: transactionsOf(ids) }, [gateway, Number(numtrans)]);
  return paymentsOf(rows as TransactionRow[])[0];
}

export async function listSubscribers({ query }: Connection, gateway: number): Promise<Subscriber[]> {
  const text = `SELECT ${selected('subscribers')} FROM subscribers t WHERE gateway = $1 ORDER BY registered_at, account, REFABONNE`;
  const { rows } = await query({ text }, [gateway]);
  return (rows as SubscriberRow[]).map(readSubscriber);
}

export async function listJournal(
  { query }: Connection,
  gateway: number,
  { REFERENCE, TYPE, CODEREPONSE, payment, since, until, before, after, isRefused, hasFindings, words = [], limit }: JournalFilter,
): Promise<JournalEntry[]> {
  const { text, values } = where([
    ...given('REFERENCE = ?', REFERENCE),
    ...given('TYPE = ?', TYPE),
    ...given('CODEREPONSE = ?', CODEREPONSE),
    ...given('payment = ?', payment),
    ...given('at >= ?', since),
    ...given('at < ?', until),
    ...given('seq < ?', before),
    ...given('seq > ?', after),
    ...given(isRefused ? 'CODEREPONSE <> ?' : 'CODEREPONSE = ?', isRefused === undefined ? undefined : SUCCESS),
    ...given('findings <> ?', hasFindings && '[]'),
    ...journalConditions(words),
  ]);
  const sql = `SELECT ${selected('journal')} FROM journal t WHERE ${text} ORDER BY seq DESC ${limited(limit)}`;
  const { rows } = await query({ text: sql }, [gateway, ...values]);
  return (rows as JournalRow[]).map(readEntry);
}

const ALL = { limit: Number.POSITIVE_INFINITY };

/** Everything a gateway holds. Asked in one transaction that sees one instant. */
export async function dumpGateway(connection: Connection, { id, sequence, shared }: GatewayRow): Promise<StoreContent> {
  const { query } = connection;
  const { rows: questions } = await query({ text: 'SELECT account, day, NUMQUESTION AS number, TYPE FROM questions WHERE gateway = $1' }, [
    id,
  ]);
  const { rows: cards } = await query({ text: 'SELECT account, day, card_sha1 FROM cards WHERE gateway = $1' }, [id]);
  return {
    sequence,
    payments: (await listPayments(connection, id, ALL)).reverse(),
    subscribers: await listSubscribers(connection, id),
    questions: questions.map(({ account, day, number, type }): UsedQuestion => [account, day, String(number), type]),
    cards: cards.map(({ account, day, card_sha1 }): SeenCard => [account, day, card_sha1]),
    journal: (await listJournal(connection, id, ALL)).reverse(),
    shared: shared ?? undefined,
  };
}
