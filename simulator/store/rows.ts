import { type Magic, tenDigits } from '../../contracts/index.js';
import type { Payment, Transaction, TransactionKind } from '../engine/payment.js';
import type { Subscriber } from '../engine/subscriber.js';
import type { JournalEntry } from '../journal/entry.js';
import { type NewStoredEntry, type StoredEntry, toJournalEntry } from '../journal/stored-entry.js';
import { fiveDigits, fiveDigitsOrNothing, type Holds, instant, readJson, rowCheck, text, textOrNothing, upTo } from './row-checks.js';

/** A row of `transactions`. */
export interface TransactionRow extends Omit<Transaction, 'NUMTRANS' | 'NUMAPPEL'> {
  readonly payment: number;
  readonly NUMTRANS: number;
  readonly NUMAPPEL: number;
  readonly account: string;
  readonly REFERENCE: string | null;
  readonly REFABONNE: string | null;
  readonly origin: Payment['origin'] | null;
  readonly card_mask: string | null;
  readonly card_sha1: string | null;
  readonly TYPECARTE: string | null;
  readonly PAYS: string | null;
  readonly expires_at: number | null;
  readonly forced_code: string | null;
  readonly forced_type: string | null;
}

const nullIfEmpty = (text: string): string | null => (text === '' ? null : text);

function forcedOf(code: string | null, type: string | null): { forced?: Magic } {
  return code === null ? {} : { forced: type === null ? { code } : { code, TYPE: type } };
}

/** The columns of `transactions` beside gateway, payment and position, in the order of {@link transactionValues}. */
export const TRANSACTION_COLUMNS = [
  'NUMTRANS',
  'NUMAPPEL',
  'TYPE',
  'kind',
  'MONTANT',
  'DEVISE',
  'at',
  'AUTORISATION',
  'NUMQUESTION',
  'RANG',
  'DIFFERE',
  'CODEREPONSE',
  'account',
  'REFERENCE',
  'REFABONNE',
  'origin',
  'card_mask',
  'card_sha1',
  'TYPECARTE',
  'PAYS',
  'expires_at',
  'forced_code',
  'forced_type',
] as const;

const OF_LATER = TRANSACTION_COLUMNS.slice(TRANSACTION_COLUMNS.indexOf('REFERENCE')).map(() => null);

const transactionPart = (account: string, t: Transaction): unknown[] => [
  Number(t.NUMTRANS),
  Number(t.NUMAPPEL),
  t.TYPE,
  t.kind,
  t.MONTANT,
  t.DEVISE,
  t.at,
  t.AUTORISATION,
  t.NUMQUESTION,
  t.RANG,
  t.DIFFERE,
  t.CODEREPONSE,
  account,
];

/** A later transaction as the values of its columns: of the payment's own, nothing. */
export function transactionValues(account: string, transaction: Transaction): unknown[] {
  return [...transactionPart(account, transaction), ...OF_LATER];
}

/** A payment's first transaction as the values of its columns. */
export function firstValues(payment: Payment): unknown[] {
  const { card, forced } = payment;
  const values = transactionPart(payment.account, payment.transactions[0]);
  values.push(nullIfEmpty(payment.REFERENCE), nullIfEmpty(payment.REFABONNE), payment.origin);
  values.push(card.mask, card.sha1, card.TYPECARTE, card.PAYS, payment.expiresAt, forced?.code ?? null, forced?.TYPE ?? null);
  return values;
}

const KINDS: Record<TransactionKind, true> = {
  authorization: true,
  payment: true,
  forced: true,
  credit: true,
  refusal: true,
  capture: true,
  'amount-change': true,
  cancel: true,
  refund: true,
};

const tenDigitNumber = upTo(9_999_999_999);
const optionalInstant: Holds = (value) => value === null || instant(value);

const checkTransaction = rowCheck('transactions', {
  payment: tenDigitNumber,
  NUMTRANS: tenDigitNumber,
  NUMAPPEL: tenDigitNumber,
  TYPE: fiveDigits,
  kind: (value) => typeof value === 'string' && Object.hasOwn(KINDS, value),
  MONTANT: tenDigitNumber,
  DEVISE: text,
  at: instant,
  AUTORISATION: text,
  NUMQUESTION: text,
  RANG: text,
  DIFFERE: upTo(999),
  CODEREPONSE: fiveDigits,
  account: text,
  REFERENCE: textOrNothing,
  REFABONNE: textOrNothing,
  origin: (value) => value === null || value === 'direct' || value === 'system',
  card_mask: textOrNothing,
  card_sha1: textOrNothing,
  TYPECARTE: textOrNothing,
  PAYS: textOrNothing,
  expires_at: optionalInstant,
  forced_code: fiveDigitsOrNothing,
  forced_type: fiveDigitsOrNothing,
});

function readTransaction(row: TransactionRow): Transaction {
  checkTransaction(row);
  const { TYPE, kind, MONTANT, DEVISE, at, AUTORISATION, NUMQUESTION, RANG, DIFFERE, CODEREPONSE } = row;
  return {
    NUMTRANS: tenDigits(row.NUMTRANS),
    NUMAPPEL: tenDigits(row.NUMAPPEL),
    TYPE,
    kind,
    MONTANT,
    DEVISE,
    at,
    AUTORISATION,
    NUMQUESTION,
    RANG,
    DIFFERE,
    CODEREPONSE,
  };
}

/** A payment from its rows in their order. */
export function readPayment(rows: readonly TransactionRow[]): Payment | undefined {
  const [first, ...later] = rows;
  if (!first) return undefined;
  return {
    id: tenDigits(first.payment),
    account: first.account,
    REFERENCE: first.REFERENCE ?? '',
    REFABONNE: first.REFABONNE ?? '',
    origin: first.origin ?? 'direct',
    card: { mask: first.card_mask ?? '', sha1: first.card_sha1 ?? '', TYPECARTE: first.TYPECARTE ?? '', PAYS: first.PAYS ?? '' },
    expiresAt: first.expires_at ?? 0,
    ...forcedOf(first.forced_code, first.forced_type),
    transactions: [readTransaction(first), ...later.map(readTransaction)],
  };
}

/** A row of `subscribers`. */
export interface SubscriberRow {
  readonly account: string;
  readonly REFABONNE: string;
  readonly PORTEUR: string;
  readonly card_mask: string;
  readonly card_sha1: string;
  readonly TYPECARTE: string;
  readonly PAYS: string;
  readonly DATEVAL: string;
  readonly registered_at: number;
  readonly forced_code: string | null;
  readonly forced_type: string | null;
}

/** A subscriber as a row's values. */
export function subscriberRow({ account, REFABONNE, PORTEUR, card, DATEVAL, registeredAt, forced }: Subscriber): SubscriberRow {
  return {
    account,
    REFABONNE,
    PORTEUR,
    card_mask: card.mask,
    card_sha1: card.sha1,
    TYPECARTE: card.TYPECARTE,
    PAYS: card.PAYS,
    DATEVAL,
    registered_at: registeredAt,
    forced_code: forced?.code ?? null,
    forced_type: forced?.TYPE ?? null,
  };
}

const checkSubscriber = rowCheck('subscribers', {
  account: text,
  REFABONNE: text,
  PORTEUR: text,
  card_mask: text,
  card_sha1: text,
  TYPECARTE: text,
  PAYS: text,
  DATEVAL: text,
  registered_at: instant,
  forced_code: fiveDigitsOrNothing,
  forced_type: fiveDigitsOrNothing,
});

/** A subscriber from a row. */
export function readSubscriber(row: SubscriberRow): Subscriber {
  checkSubscriber(row);
  const { account, REFABONNE, PORTEUR, TYPECARTE, PAYS, DATEVAL } = row;
  return {
    account,
    REFABONNE,
    PORTEUR,
    card: { mask: row.card_mask, sha1: row.card_sha1, TYPECARTE, PAYS },
    DATEVAL,
    registeredAt: row.registered_at,
    ...forcedOf(row.forced_code, row.forced_type),
  };
}

/** A row of `journal`. */
export interface JournalRow extends Omit<StoredEntry, 'findings'> {
  readonly findings: string;
}

/** The columns of `journal` beside gateway, in the order of {@link journalValues}. */
export const JOURNAL_COLUMNS = [
  'seq',
  'at',
  'account',
  'TYPE',
  'operation',
  'REFERENCE',
  'CODEREPONSE',
  'payment',
  'origin',
  'request',
  'reply',
  'findings',
] as const;

/** A journal entry as the values of its columns. */
export function journalValues(seq: number, e: NewStoredEntry): unknown[] {
  const findings = e.findings.length === 0 ? '[]' : JSON.stringify(e.findings);
  return [seq, e.at, e.account, e.TYPE, e.operation, e.REFERENCE, e.CODEREPONSE, e.payment, e.origin, e.request, e.reply, findings];
}

const checkEntry = rowCheck('journal', {
  seq: upTo(Number.MAX_SAFE_INTEGER),
  at: instant,
  account: text,
  TYPE: text,
  operation: text,
  REFERENCE: text,
  CODEREPONSE: text,
  payment: text,
  origin: (value) => value === '' || value === 'direct' || value === 'system',
  request: text,
  reply: text,
  findings: text,
});

/** A journal entry from a row. */
export function readEntry(row: JournalRow): JournalEntry {
  checkEntry(row);
  return toJournalEntry({ ...row, findings: readJson<StoredEntry['findings']>('journal', 'findings', row.findings) });
}

/** What a row of `gateways` counts and shares. */
export interface GatewayRow {
  readonly id: number;
  readonly sequence: number;
  readonly entries: number;
  readonly shared: string | null;
}

const checkGateway = rowCheck('gateways', {
  id: upTo(Number.MAX_SAFE_INTEGER),
  // Numbers begin well above zero, and have ten digits to the last.
  sequence: upTo(9_900_000_000),
  entries: upTo(Number.MAX_SAFE_INTEGER),
  shared: textOrNothing,
});

/** What the gateways last shared, which is read with every commit and rarely new. */
let lastShared: string | null = null;

/** A gateway's counters from a row. */
export function readGateway<Row extends GatewayRow>(row: Row): Row {
  checkGateway(row);
  if (row.shared !== null && row.shared !== lastShared) readJson('gateways', 'shared', row.shared);
  lastShared = row.shared;
  return row;
}
