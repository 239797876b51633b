import { type Magic, tenDigits } from '../../../contracts/index.js';
import type { Payment, PaymentHead, Transaction } from '../../engine/payment.js';
import type { Subscriber } from '../../engine/subscriber.js';
import type { JournalEntry } from '../../journal/entry.js';

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

/** A transaction as a row's values; of the payment's own, nothing. */
export function transactionRow(payment: string, account: string, transaction: Transaction): TransactionRow {
  return {
    ...transaction,
    payment: Number(payment),
    NUMTRANS: Number(transaction.NUMTRANS),
    NUMAPPEL: Number(transaction.NUMAPPEL),
    account,
    REFERENCE: null,
    REFABONNE: null,
    origin: null,
    card_mask: null,
    card_sha1: null,
    TYPECARTE: null,
    PAYS: null,
    expires_at: null,
    forced_code: null,
    forced_type: null,
  };
}

/** A payment's first transaction as a row's values. */
export function firstRow(payment: PaymentHead, transaction: Transaction): TransactionRow {
  return {
    ...transactionRow(payment.id, payment.account, transaction),
    REFERENCE: nullIfEmpty(payment.REFERENCE),
    REFABONNE: nullIfEmpty(payment.REFABONNE),
    origin: payment.origin,
    card_mask: payment.card.mask,
    card_sha1: payment.card.sha1,
    TYPECARTE: payment.card.TYPECARTE,
    PAYS: payment.card.PAYS,
    expires_at: payment.expiresAt,
    forced_code: payment.forced?.code ?? null,
    forced_type: payment.forced?.TYPE ?? null,
  };
}

function readTransaction(row: TransactionRow): Transaction {
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

/** A subscriber from a row. */
export function readSubscriber(row: SubscriberRow): Subscriber {
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
export interface JournalRow extends Omit<JournalEntry, 'request' | 'reply' | 'findings'> {
  readonly request: string;
  readonly reply: string;
  readonly findings: string;
}

/** A journal entry as a row's values. */
export function journalRow(entry: JournalEntry): JournalRow {
  return { ...entry, request: JSON.stringify(entry.request), reply: JSON.stringify(entry.reply), findings: JSON.stringify(entry.findings) };
}

/** A journal entry from a row. */
export function readEntry({ request, reply, findings, ...rest }: JournalRow): JournalEntry {
  return { ...rest, request: JSON.parse(request), reply: JSON.parse(reply), findings: JSON.parse(findings) };
}
