import { type Magic, tenDigits } from '../../contracts/index.js';
import type { Payment, Transaction, TransactionKind } from '../engine/payment.js';
import { isID3D } from './authentication-values.js';
import {
  isCode,
  isCodeOrNull,
  isFiveDigits,
  isFiveDigitsOrNull,
  isInstant,
  isIntegerUpTo,
  isText,
  isTextOrNull,
  rowCheck,
  type ValueCheck,
} from './row-checks.js';

/** A row of `transactions`. From `REFERENCE` on, the columns describe the payment and are null except in its first row. */
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
  readonly ID3D: string | null;
}

const nullIfEmpty = (text: string): string | null => (text === '' ? null : text);

/** Reads the code that a card forces on a later operation from its two columns. */
export function readForced(code: string | null, type: string | null): { forced?: Magic } {
  return code === null ? {} : { forced: type === null ? { code } : { code, TYPE: type } };
}

/** The columns of `transactions` except `gateway`, `payment` and `position`, in the order of {@link firstTransactionValues}. */
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
  'ID3D',
] as const;

/** The values of the payment's columns in the row of a later transaction. */
const PAYMENT_NULLS = TRANSACTION_COLUMNS.slice(TRANSACTION_COLUMNS.indexOf('REFERENCE')).map(() => null);

const transactionValues = (account: string, t: Transaction): unknown[] => [
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

/** Returns the column values of a payment's first transaction. */
export function firstTransactionValues(payment: Payment): unknown[] {
  const { card, forced } = payment;
  const values = transactionValues(payment.account, payment.transactions[0]);
  values.push(nullIfEmpty(payment.REFERENCE), nullIfEmpty(payment.REFABONNE), payment.origin);
  values.push(card.mask, card.sha1, card.TYPECARTE, card.PAYS, payment.expiresAt, forced?.code ?? null, forced?.TYPE ?? null);
  values.push(payment.ID3D ?? null);
  return values;
}

/** Returns the column values of a later transaction. */
export function laterTransactionValues(account: string, transaction: Transaction): unknown[] {
  return [...transactionValues(account, transaction), ...PAYMENT_NULLS];
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

const isTenDigitNumber = isIntegerUpTo(9_999_999_999);
const isInstantOrNull: ValueCheck = (value) => value === null || isInstant(value);

const checkTransaction = rowCheck('transactions', {
  payment: isTenDigitNumber,
  NUMTRANS: isTenDigitNumber,
  NUMAPPEL: isTenDigitNumber,
  TYPE: isFiveDigits,
  kind: (value) => typeof value === 'string' && Object.hasOwn(KINDS, value),
  MONTANT: isTenDigitNumber,
  DEVISE: isText,
  at: isInstant,
  AUTORISATION: isText,
  NUMQUESTION: isText,
  RANG: isText,
  DIFFERE: isIntegerUpTo(999),
  CODEREPONSE: isCode,
  account: isText,
  REFERENCE: isTextOrNull,
  REFABONNE: isTextOrNull,
  origin: (value) => value === null || value === 'direct' || value === 'system',
  card_mask: isTextOrNull,
  card_sha1: isTextOrNull,
  TYPECARTE: isTextOrNull,
  PAYS: isTextOrNull,
  expires_at: isInstantOrNull,
  forced_code: isCodeOrNull,
  forced_type: isFiveDigitsOrNull,
  ID3D: (value) => value === null || isID3D(value),
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

/** Reads a payment from its rows, which are ordered by position. Returns undefined if there are no rows. */
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
    ...(first.ID3D !== null && { ID3D: first.ID3D }),
    ...readForced(first.forced_code, first.forced_type),
    transactions: [readTransaction(first), ...later.map(readTransaction)],
  };
}
