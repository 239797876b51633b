import { tenDigits } from '../../../contracts/index.js';
import { SAME_REFERENCE_LIMIT } from '../../engine/lookup.js';
import type { Payment } from '../../engine/payment.js';
import { AUTHENTICATIONS } from '../authentication-table.js';
import { CHECKOUTS } from '../checkout-table.js';
import { CALL_OFFSET } from '../find.js';
import { GATEWAY_COLUMNS, type GatewayRow, readGateway } from '../gateway-rows.js';
import type { RecordColumns, RecordRow } from '../record-table.js';
import { readSubscriber, type SubscriberRow } from '../subscriber-rows.js';
import { readPayment, type TransactionRow } from '../transaction-rows.js';
import { selectList } from './columns.js';
import type { Connection, SqlStatement } from './connections.js';
import type { PostgresTransaction } from './postgres-transaction.js';
import type { ReadRecords } from './read-records.js';

/** How many used ids are read at once. */
const USED_IDS_LIMIT = 200;

const LAST_NUMBER = '9999999999';

// LATERAL, so that each payment is looked up in an index, whatever the size of the table.
const PAYMENTS = {
  name: 'payments of a batch',
  text: `
    WITH named AS (
      SELECT t.payment FROM unnest($2::bigint[]) AS n (number)
        CROSS JOIN LATERAL (SELECT payment FROM transactions WHERE gateway = $1 AND payment = n.number AND position = 0) t
      UNION
      SELECT t.payment FROM unnest($2::bigint[]) AS n (number)
        CROSS JOIN LATERAL (SELECT payment FROM transactions WHERE gateway = $1 AND NUMTRANS = n.number AND position > 0) t
      UNION
      SELECT t.payment FROM unnest($3::text[], $4::text[]) AS r (account, reference)
        CROSS JOIN LATERAL (
          SELECT payment FROM transactions WHERE gateway = $1 AND account = r.account AND REFERENCE = r.reference
          ORDER BY payment DESC LIMIT ${SAME_REFERENCE_LIMIT}
        ) t
      UNION
      SELECT t.payment FROM unnest($5::text[], $6::text[], $7::bigint[], $8::text[], $9::text[]) AS e (account, reference, amount, currency, code)
        CROSS JOIN LATERAL (
          SELECT payment FROM transactions WHERE gateway = $1 AND account = e.account AND REFERENCE = e.reference
            AND MONTANT = e.amount AND DEVISE = e.currency AND CODEREPONSE = e.code
          ORDER BY payment DESC LIMIT 1
        ) t
    )
    SELECT ${selectList('transactions')} FROM named
      CROSS JOIN LATERAL (SELECT * FROM transactions WHERE gateway = $1 AND payment = named.payment) t
      ORDER BY t.payment, t.position`,
};

const QUESTIONS = {
  name: 'questions of a batch',
  text: `SELECT ${selectList('questions')} FROM unnest($2::text[], $3::text[], $4::bigint[]) AS q (day, account, number)
    CROSS JOIN LATERAL (
      SELECT * FROM questions WHERE gateway = $1 AND day = q.day AND account = q.account AND NUMQUESTION = q.number
    ) t`,
};

const SUBSCRIBERS = {
  name: 'subscribers of a batch',
  text: `SELECT ${selectList('subscribers')} FROM unnest($2::text[], $3::text[]) AS s (account, name)
    CROSS JOIN LATERAL (SELECT * FROM subscribers WHERE gateway = $1 AND account = s.account AND REFABONNE = s.name) t`,
};

const CARDS = {
  name: 'cards of a batch',
  text: `SELECT ${selectList('cards')} FROM unnest($2::text[], $3::text[], $4::text[]) AS c (day, account, sha1)
    CROSS JOIN LATERAL (SELECT * FROM cards WHERE gateway = $1 AND day = c.day AND account = c.account AND card_sha1 = c.sha1) t`,
};

const TOKENS = {
  name: 'tokens of a batch',
  text: `SELECT ${selectList('tokens')} FROM unnest($2::text[], $3::text[]) AS c (account, sha1)
    CROSS JOIN LATERAL (SELECT * FROM tokens WHERE gateway = $1 AND account = c.account AND card_sha1 = c.sha1) t`,
};

/** The statements that read the records of a batch by their ids, and the newest by account and name. */
interface RecordQueries {
  readonly byId: SqlStatement;
  readonly byName: SqlStatement;
}

const recordQueries = ({ table, id, name }: RecordColumns): RecordQueries => ({
  byId: {
    name: `${table} of a batch`,
    text: `SELECT ${selectList(table)} FROM unnest($2::bigint[]) AS n (number)
    CROSS JOIN LATERAL (SELECT * FROM ${table} WHERE gateway = $1 AND ${id} = n.number) t`,
  },
  byName: {
    name: `named ${table} of a batch`,
    text: `SELECT ${selectList(table)} FROM unnest($2::text[], $3::text[]) AS s (account, name)
    CROSS JOIN LATERAL (
      SELECT * FROM ${table} WHERE gateway = $1 AND account = s.account AND ${name} = s.name ORDER BY ${id} DESC LIMIT 1
    ) t`,
  },
});

const [AUTHENTICATION_QUERIES, CHECKOUT_QUERIES] = [recordQueries(AUTHENTICATIONS), recordQueries(CHECKOUTS)];

// The call number of an imported payment takes the NUMTRANS that would be given with it.
const USED_IDS = {
  name: 'used ids',
  text: `
    (SELECT payment AS number FROM transactions WHERE gateway = $1 AND payment >= $2::bigint AND position = 0
      ORDER BY payment LIMIT ${USED_IDS_LIMIT})
    UNION
    (SELECT NUMAPPEL - ${CALL_OFFSET} FROM transactions WHERE gateway = $1 AND origin = 'system' AND NUMAPPEL >= $2::bigint + ${CALL_OFFSET}
      ORDER BY NUMAPPEL LIMIT ${USED_IDS_LIMIT})
    ORDER BY number LIMIT ${USED_IDS_LIMIT}`,
};

const IMPORTED = {
  name: 'imported payments of a batch',
  text: `SELECT ${selectList('transactions')} FROM unnest($2::bigint[]) AS n (number)
    CROSS JOIN LATERAL (SELECT payment FROM transactions WHERE gateway = $1 AND origin = 'system' AND NUMAPPEL = n.number LIMIT 1) i
    CROSS JOIN LATERAL (SELECT * FROM transactions WHERE gateway = $1 AND payment = i.payment) t
    ORDER BY t.payment, t.position`,
};

const LOCK = {
  name: 'lock a gateway',
  text: `SELECT ${GATEWAY_COLUMNS.join(', ')} FROM gateways WHERE name = $1 FOR UPDATE`,
};

const INSERT_GATEWAY = { text: 'INSERT INTO gateways (name) VALUES ($1) ON CONFLICT (name) DO NOTHING' };

/** Locks the row of a gateway until the transaction ends. Returns undefined if nothing was ever written under this name. */
export async function lockGateway({ query }: Connection, name: string): Promise<GatewayRow | undefined> {
  const { rows } = await query(LOCK, [name]);
  const row = rows[0] as GatewayRow | undefined;
  return row && readGateway(row);
}

/** Locks the row of a gateway until the transaction ends, and inserts it if it does not exist. */
export async function lockOrMakeGateway(connection: Connection, name: string): Promise<GatewayRow> {
  for (;;) {
    const row = await lockGateway(connection, name);
    if (row) return row;
    // Between the two statements another process may insert the row, or delete it.
    await connection.query(INSERT_GATEWAY, [name]);
  }
}

/** Reads payments from their rows, which are ordered by payment and position. */
export function readPayments(rows: readonly TransactionRow[]): Payment[] {
  const rowsByPayment = new Map<number, TransactionRow[]>();
  for (const row of rows) {
    const paymentRows = rowsByPayment.get(row.payment);
    if (paymentRows) paymentRows.push(row);
    else rowsByPayment.set(row.payment, [row]);
  }
  return [...rowsByPayment.values()].flatMap((paymentRows) => readPayment(paymentRows) ?? []);
}

async function addPayments({ query }: Connection, transaction: PostgresTransaction): Promise<void> {
  const { numbers, references, existing } = transaction.missing;
  const { rows } = await query(PAYMENTS, [transaction.id, ...numbers.take(1), ...references.take(2), ...existing.take(5)]);
  transaction.addPayments(readPayments(rows));
}

async function addImported({ query }: Connection, transaction: PostgresTransaction): Promise<void> {
  const { rows } = await query(IMPORTED, [transaction.id, ...transaction.missing.calls.take(1)]);
  transaction.addPayments(readPayments(rows));
}

async function addQuestions({ query }: Connection, transaction: PostgresTransaction): Promise<void> {
  const { rows } = await query(QUESTIONS, [transaction.id, ...transaction.missing.questions.take(3)]);
  for (const { account, day, NUMQUESTION, TYPE } of rows) transaction.addQuestion(account, day, String(NUMQUESTION), TYPE);
}

async function addSubscribers({ query }: Connection, transaction: PostgresTransaction): Promise<void> {
  const { rows } = await query(SUBSCRIBERS, [transaction.id, ...transaction.missing.subscribers.take(2)]);
  for (const row of rows as SubscriberRow[]) transaction.addSubscriber(readSubscriber(row));
}

async function addCards({ query }: Connection, transaction: PostgresTransaction): Promise<void> {
  const { rows } = await query(CARDS, [transaction.id, ...transaction.missing.cards.take(3)]);
  for (const { account, day, card_sha1 } of rows) transaction.addCard(account, day, card_sha1);
}

async function addTokens({ query }: Connection, transaction: PostgresTransaction): Promise<void> {
  const { rows } = await query(TOKENS, [transaction.id, ...transaction.missing.tokens.take(2)]);
  for (const { account, card_sha1, PORTEUR } of rows) transaction.addToken(account, card_sha1, PORTEUR);
}

async function addRecords<Item extends { readonly account: string }>(
  { query }: Connection,
  gateway: number,
  records: ReadRecords<Item>,
  { byId, byName }: RecordQueries,
): Promise<void> {
  const { missingIds, missingNames } = records;
  const results = await Promise.all([
    ...(missingIds.isEmpty ? [] : [query(byId, [gateway, ...missingIds.take(1)])]),
    ...(missingNames.isEmpty ? [] : [query(byName, [gateway, ...missingNames.take(2)])]),
  ]);
  for (const { rows } of results) for (const row of rows) records.add(row as RecordRow);
}

async function addUsedIds({ query }: Connection, transaction: PostgresTransaction, from: string): Promise<void> {
  const { rows } = await query(USED_IDS, [transaction.id, Number(from)]);
  const ids = rows.map(({ number }) => tenDigits(number));
  transaction.addUsedIds(ids, ids.length < USED_IDS_LIMIT ? LAST_NUMBER : (ids.at(-1) as string));
}

/** Reads the rows that a transaction is missing and adds them to it. All queries are sent at once. */
export async function readMissing(connection: Connection, transaction: PostgresTransaction): Promise<void> {
  const { numbers, calls, references, existing, questions, subscribers, cards, tokens } = transaction.missing;
  const from = transaction.usedIdsMissingFrom;
  await Promise.all([
    !(numbers.isEmpty && references.isEmpty && existing.isEmpty) && addPayments(connection, transaction),
    !calls.isEmpty && addImported(connection, transaction),
    !questions.isEmpty && addQuestions(connection, transaction),
    !subscribers.isEmpty && addSubscribers(connection, transaction),
    !cards.isEmpty && addCards(connection, transaction),
    !tokens.isEmpty && addTokens(connection, transaction),
    addRecords(connection, transaction.id, transaction.authentications, AUTHENTICATION_QUERIES),
    addRecords(connection, transaction.id, transaction.checkouts, CHECKOUT_QUERIES),
    from !== undefined && addUsedIds(connection, transaction, from),
  ]);
}
