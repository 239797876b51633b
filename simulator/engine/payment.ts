import { type Magic, STATUSES, type Status } from '../../contracts/index.js';
import { addParisDays, type Remittance, remittanceOf } from './calendar.js';

/** A transaction number, ten digits. Not to be confused with the call number: the types keep them apart. */
export type NumTrans = string & { readonly brand?: 'NUMTRANS' };
/** A call number, ten digits. */
type NumAppel = string & { readonly brand?: 'NUMAPPEL' };

/** The two numbers a reply gives and a later operation names. */
export interface Numbers {
  readonly NUMTRANS: NumTrans;
  readonly NUMAPPEL: NumAppel;
}

/** Zeros where an operation has no numbers. Protocol sheet, section 1. */
export const NO_NUMBERS: Numbers = { NUMTRANS: '0000000000', NUMAPPEL: '0000000000' };

/** What one transaction did to its payment. */
export type TransactionKind =
  | 'authorization'
  | 'payment'
  | 'forced'
  | 'credit'
  | 'refusal'
  | 'capture'
  | 'amount-change'
  | 'cancel'
  | 'refund';

/** One committed operation of a payment. */
export interface Transaction extends Numbers {
  readonly TYPE: string;
  readonly kind: TransactionKind;
  /** Minor units. */
  readonly MONTANT: number;
  readonly DEVISE: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly AUTORISATION: string;
  readonly NUMQUESTION: string;
  /** As the request wrote it. */
  readonly RANG: string;
  /** Days the remittance is postponed. */
  readonly DIFFERE: number;
  readonly CODEREPONSE: string;
}

/** What is kept of a card: never its number. */
export interface CardTrace {
  /** First six and last four digits; empty where the payment came without. */
  readonly mask: string;
  /** SHA-1 of the number, which replies carry; empty where unknown. */
  readonly sha1: string;
  readonly TYPECARTE: string;
  readonly PAYS: string;
}

/** Where a payment was born: on this interface, or on Paybox System's hosted page. */
export type Origin = 'direct' | 'system';

/** What a payment is, apart from its transactions. */
export interface PaymentHead {
  /** NUMTRANS of its first transaction. */
  readonly id: NumTrans;
  /** `SITE/RANG`. */
  readonly account: string;
  readonly REFERENCE: string;
  /** The subscriber it was made on; empty: none. */
  readonly REFABONNE: string;
  readonly origin: Origin;
  readonly card: CardTrace;
  /** When its authorization ends, in milliseconds since the epoch. */
  readonly expiresAt: number;
  /** A code the card asks for on a later operation. */
  readonly forced?: Magic;
}

/** A payment: the chain of its transactions, first to last. */
export interface Payment extends PaymentHead {
  readonly transactions: readonly [Transaction, ...Transaction[]];
}

/** Where a payment stands. */
type Standing = 'authorized' | 'expired' | 'captured' | 'cancelled' | 'refunded' | 'credited' | 'refused';

/** What the chain adds up to. Amounts in minor units. */
export interface PaymentState {
  readonly standing: Standing;
  readonly STATUS: Status;
  readonly authorized: number;
  readonly captured: number;
  readonly refunded: number;
  /** What could still be refunded. */
  readonly refundable: number;
  /** What went to the bank: captured less refunded, each once its own night has passed; negative for credits. */
  readonly remitted: number;
  /** The remittance of the captured amount or of the credit; undefined where there is none to come. */
  readonly remittance: Remittance | undefined;
  /** Whether that remittance is past. */
  readonly isRemitted: boolean;
}

const STATUS_OF: Record<Standing, Status> = {
  authorized: STATUSES.authorized,
  expired: STATUSES.authorized,
  captured: STATUSES.captured,
  cancelled: STATUSES.cancelled,
  refunded: STATUSES.refunded,
  credited: STATUSES.credited,
  refused: STATUSES.refused,
};

interface Sums {
  authorized: number;
  captured: number;
  refunded: number;
  credited: number;
  cancelled: boolean;
  refused: boolean;
  taken: Transaction | undefined;
}

const ADDS: Record<TransactionKind, (sums: Sums, transaction: Transaction) => void> = {
  authorization: (sums, { MONTANT }) => {
    sums.authorized = MONTANT;
  },
  'amount-change': (sums, { MONTANT }) => {
    sums.authorized = MONTANT;
  },
  capture: (sums, transaction) => {
    sums.captured = transaction.MONTANT;
    sums.taken = transaction;
  },
  payment: (sums, transaction) => {
    sums.authorized = transaction.MONTANT;
    sums.captured = transaction.MONTANT;
    sums.taken = transaction;
  },
  forced: (sums, transaction) => ADDS.payment(sums, transaction),
  credit: (sums, transaction) => {
    sums.credited = transaction.MONTANT;
    sums.taken = transaction;
  },
  refusal: (sums) => {
    sums.refused = true;
  },
  cancel: (sums) => {
    sums.cancelled = true;
  },
  refund: (sums, { MONTANT }) => {
    sums.refunded += MONTANT;
  },
};

function standingOf(sums: Sums, expired: boolean): Standing {
  if (sums.refused) return 'refused';
  if (sums.cancelled) return 'cancelled';
  if (sums.taken?.kind === 'credit') return 'credited';
  if (sums.taken) return sums.refunded >= sums.captured ? 'refunded' : 'captured';
  return expired ? 'expired' : 'authorized';
}

/** Whether a transaction's own remittance is past. */
export function isRemitted(transaction: Transaction, now: number): boolean {
  return remittanceOf(transaction.at, transaction.DIFFERE).at <= now;
}

function remittedAmount(payment: Payment, sums: Sums, now: number): number {
  if (sums.cancelled || !sums.taken || !isRemitted(sums.taken, now)) return 0;
  if (sums.taken.kind === 'credit') return -sums.credited;
  const refunds = payment.transactions.filter((transaction) => transaction.kind === 'refund' && isRemitted(transaction, now));
  return refunds.reduce((left, refund) => left - refund.MONTANT, sums.captured);
}

/**
 * Where a payment stands at an instant: the one place that adds up a chain.
 *
 * @param now milliseconds since the epoch
 */
export function paymentState(payment: Payment, now: number): PaymentState {
  const sums: Sums = { authorized: 0, captured: 0, refunded: 0, credited: 0, cancelled: false, refused: false, taken: undefined };
  for (const transaction of payment.transactions) ADDS[transaction.kind](sums, transaction);
  const standing = standingOf(sums, now >= payment.expiresAt);
  const remittance = sums.taken && !sums.cancelled ? remittanceOf(sums.taken.at, sums.taken.DIFFERE) : undefined;
  return {
    standing,
    STATUS: STATUS_OF[standing],
    authorized: sums.authorized,
    captured: sums.cancelled ? 0 : sums.captured,
    refunded: sums.refunded,
    refundable: sums.cancelled ? 0 : sums.captured - sums.refunded,
    remitted: remittedAmount(payment, sums, now),
    remittance,
    isRemitted: remittance !== undefined && remittance.at <= now,
  };
}

/** The instant an authorization made now stops being capturable. */
export function authorizationEnd(now: number, days: number): number {
  return addParisDays(now, days);
}

/**
 * The REMISE number of a remittance: nine digits, the same for one account and night, never twice for one account.
 * Protocol sheet, section 3 (that it has at most nine digits; the rest is inferred).
 */
export function remiseNumber(account: string, date: string): string {
  const day = Math.floor(Date.parse(`${date}T00:00:00Z`) / 86_400_000);
  let hash = 0;
  for (const character of account) hash = (hash * 31 + character.charCodeAt(0)) % 10_000;
  return `${day}${String(hash).padStart(4, '0')}`;
}
