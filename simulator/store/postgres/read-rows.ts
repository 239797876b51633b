import { tenDigits } from '../../../contracts/index.js';
import { SAME_REFERENCE_LIMIT } from '../../engine/lookup.js';
import type { Payment } from '../../engine/payment.js';
import { type GatewayRow, readGateway, readPayment, readSubscriber, type SubscriberRow, type TransactionRow } from '../rows.js';
import { selected } from './columns.js';
import type { Connection } from './connection.js';
import type { GatewayTransaction } from './gateway-transaction.js';

/** How many numbers that are taken are looked at together. */
const TAKEN_LIMIT = 200;

const LAST_NUMBER = '9999999999';

// Each payment is looked up by an index of its own, however many a table holds.
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
    SELECT ${selected('transactions')} FROM named
      CROSS JOIN LATERAL (SELECT * FROM transactions WHERE gateway = $1 AND payment = named.payment) t
      ORDER BY t.payment, t.position`,
};

const QUESTIONS = {
  name: 'questions of a batch',
  text: `SELECT ${selected('questions')} FROM unnest($2::text[], $3::text[], $4::bigint[]) AS q (day, account, number)
    CROSS JOIN LATERAL (
      SELECT * FROM questions WHERE gateway = $1 AND day = q.day AND account = q.account AND NUMQUESTION = q.number
    ) t`,
};

const SUBSCRIBERS = {
  name: 'subscribers of a batch',
  text: `SELECT ${selected('subscribers')} FROM unnest($2::text[], $3::text[]) AS s (account, name)
    CROSS JOIN LATERAL (SELECT * FROM subscribers WHERE gateway = $1 AND account = s.account AND REFABONNE = s.name) t`,
};

const CARDS = {
  name: 'cards of a batch',
  text: `SELECT ${selected('cards')} FROM unnest($2::text[], $3::text[], $4::text[]) AS c (day, account, sha1)
    CROSS JOIN LATERAL (SELECT * FROM cards WHERE gateway = $1 AND day = c.day AND account = c.account AND card_sha1 = c.sha1) t`,
};

const TAKEN = {
  name: 'numbers that are taken',
  text: `SELECT payment FROM transactions WHERE gateway = $1 AND payment >= $2 AND position = 0 ORDER BY payment LIMIT ${TAKEN_LIMIT}`,
};

const LOCK = {
  name: 'lock a gateway',
  text: 'SELECT id, sequence, entries, shared, txid_current() AS transaction FROM gateways WHERE name = $1 FOR UPDATE',
};

const MAKE = { text: 'INSERT INTO gateways (name) VALUES ($1) ON CONFLICT (name) DO NOTHING' };

/** The row of a gateway, and which transaction holds it. */
export type LockedGateway = GatewayRow & { readonly transaction: number };

/** Locks a gateway's row until the transaction ends; undefined: nothing was ever kept under this name. */
export async function lockGateway({ query }: Connection, name: string): Promise<LockedGateway | undefined> {
  const { rows } = await query(LOCK, [name]);
  const row = rows[0] as LockedGateway | undefined;
  return row && readGateway(row);
}

/** Locks a gateway's row until the transaction ends, making it if it is not there. */
export async function lockOrMake(connection: Connection, name: string): Promise<LockedGateway> {
  for (;;) {
    const row = await lockGateway(connection, name);
    if (row) return row;
    // Another process may make it, or drop it, between the two.
    await connection.query(MAKE, [name]);
  }
}

/** Payments of their rows, which stand in the order of payment and position. */
export function paymentsOf(rows: readonly TransactionRow[]): Payment[] {
  const chains = new Map<number, TransactionRow[]>();
  for (const row of rows) {
    const chain = chains.get(row.payment);
    if (chain) chain.push(row);
    else chains.set(row.payment, [row]);
  }
  return [...chains.values()].flatMap((chain) => readPayment(chain) ?? []);
}

async function readPayments({ query }: Connection, view: GatewayTransaction): Promise<void> {
  const { numbers, references, existing } = view.wanted;
  const { rows } = await query(PAYMENTS, [view.id, ...numbers.take(1), ...references.take(2), ...existing.take(5)]);
  view.addPayments(paymentsOf(rows));
}

async function readQuestions({ query }: Connection, view: GatewayTransaction): Promise<void> {
  const { rows } = await query(QUESTIONS, [view.id, ...view.wanted.questions.take(3)]);
  for (const { account, day, NUMQUESTION, TYPE } of rows) view.addQuestion(account, day, String(NUMQUESTION), TYPE);
}

async function readSubscribers({ query }: Connection, view: GatewayTransaction): Promise<void> {
  const { rows } = await query(SUBSCRIBERS, [view.id, ...view.wanted.subscribers.take(2)]);
  for (const row of rows as SubscriberRow[]) view.addSubscriber(readSubscriber(row));
}

async function readCards({ query }: Connection, view: GatewayTransaction): Promise<void> {
  const { rows } = await query(CARDS, [view.id, ...view.wanted.cards.take(3)]);
  for (const { account, day, card_sha1 } of rows) view.addCard(account, day, card_sha1);
}

async function readTaken({ query }: Connection, view: GatewayTransaction, from: string): Promise<void> {
  const { rows } = await query(TAKEN, [view.id, Number(from)]);
  const numbers = rows.map(({ payment }) => tenDigits(payment));
  view.addTaken(numbers, numbers.length < TAKEN_LIMIT ? LAST_NUMBER : (numbers.at(-1) as string));
}

/** Reads what a view was asked for and does not know. All questions are sent at once. */
export async function readMissing(connection: Connection, view: GatewayTransaction): Promise<void> {
  const { numbers, references, existing, questions, subscribers, cards } = view.wanted;
  const from = view.takenFrom;
  await Promise.all([
    (numbers.isMissing || references.isMissing || existing.isMissing) && readPayments(connection, view),
    questions.isMissing && readQuestions(connection, view),
    subscribers.isMissing && readSubscribers(connection, view),
    cards.isMissing && readCards(connection, view),
    from !== undefined && readTaken(connection, view, from),
  ]);
}
