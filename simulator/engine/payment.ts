import { type Magic, STATUSES, type Status } from '../../contracts/index.js';
import { addParisDays, type Remittance, remittanceOf } from './calendar.js';

/** A transaction number, ten digits. The brand keeps it apart from the call number. */
export type NumTrans = string & { readonly brand?: 'NUMTRANS' };
/** A call number, ten digits. */
type NumAppel = string & { readonly brand?: 'NUMAPPEL' };

/** The two numbers of a reply. Later operations name the payment by them. */
export interface Numbers {
  readonly NUMTRANS: NumTrans;
  readonly NUMAPPEL: NumAppel;
}

/** The numbers of an operation that has none: zeros. See docs/protocol.md#section-1. */
export const NO_NUMBERS: Numbers = { NUMTRANS: '0000000000', NUMAPPEL: '0000000000' };

/** What a transaction does to its payment. */
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

/** A committed operation of a payment. */
export interface Transaction extends Numbers {
  readonly TYPE: string;
  readonly kind: TransactionKind;
  /** In minor units. */
  readonly MONTANT: number;
  /** ISO 4217 numeric. */
  readonly DEVISE: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly AUTORISATION: string;
  readonly NUMQUESTION: string;
  /** Verbatim, not padded. */
  readonly RANG: string;
  /** Days by which the remittance is postponed. */
  readonly DIFFERE: number;
  readonly CODEREPONSE: string;
}

/** What is stored of a card. The card number is not. */
export interface StoredCard {
  /** The first six and the last four digits. Empty: the payment has no card. */
  readonly mask: string;
  /** SHA-1 of the card number, for replies. Empty: unknown. */
  readonly sha1: string;
  readonly TYPECARTE: string;
  readonly PAYS: string;
}

/** Where a payment was made: with Paybox Direct, or on the hosted page of Paybox System. */
export type Origin = 'direct' | 'system';

/** A payment without its transactions. */
export interface PaymentHead {
  /** NUMTRANS of the first transaction. */
  readonly id: NumTrans;
  /** `SITE/RANG`. */
  readonly account: string;
  readonly REFERENCE: string;
  /** The subscriber who pays. Empty: none. */
  readonly REFABONNE: string;
  readonly origin: Origin;
  readonly card: StoredCard;
  /** The authentication that the payment was made with. Undefined: none of the gateway's. */
  readonly ID3D?: string;
  /** When the authorization expires, in milliseconds since the epoch. 0: the payment is not an authorization. */
  readonly expiresAt: number;
  /** The code that the magic card requests for a later operation. */
  readonly forced?: Magic;
}

/** A payment: a chain of transactions. */
export interface Payment extends PaymentHead {
  /** In the order they were committed. */
  readonly transactions: readonly [Transaction, ...Transaction[]];
}

/** The state of a payment in one word. */
type Standing = 'authorized' | 'expired' | 'captured' | 'cancelled' | 'refunded' | 'credited' | 'refused';

/** The state of a payment at an instant. Amounts in minor units. */
export interface PaymentState {
  readonly standing: Standing;
  readonly STATUS: Status;
  readonly authorized: number;
  readonly captured: number;
  readonly refunded: number;
  /** What can still be refunded. */
  readonly refundable: number;
  /** What was sent to the bank: the captured amount less the refunds, each after its own remittance. Negative for credits. */
  readonly remitted: number;
  /** The remittance of the capture or the credit. Undefined: neither happened, or the payment is cancelled. */
  readonly remittance: Remittance | undefined;
  /** Whether `remittance` is past. */
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

/** The effect of a chain of transactions. */
interface ChainTotals {
  authorized: number;
  captured: number;
  refunded: number;
  credited: number;
  isCancelled: boolean;
  isRefused: boolean;
  /** The transaction that debits or credits the card. */
  settlement: Transaction | undefined;
}

const ADD_TRANSACTION: Record<TransactionKind, (totals: ChainTotals, transaction: Transaction) => void> = {
  authorization: (totals, { MONTANT }) => {
    totals.authorized = MONTANT;
  },
  'amount-change': (totals, { MONTANT }) => {
    totals.authorized = MONTANT;
  },
  capture: (totals, transaction) => {
    totals.captured += transaction.MONTANT;
    // Of several captures the first decides when the payment is remitted.
    totals.settlement ??= transaction;
  },
  payment: (totals, transaction) => {
    totals.authorized = transaction.MONTANT;
    totals.captured = transaction.MONTANT;
    totals.settlement = transaction;
  },
  forced: (totals, transaction) => ADD_TRANSACTION.payment(totals, transaction),
  credit: (totals, transaction) => {
    totals.credited = transaction.MONTANT;
    totals.settlement = transaction;
  },
  refusal: (totals) => {
    totals.isRefused = true;
  },
  cancel: (totals) => {
    totals.isCancelled = true;
  },
  refund: (totals, { MONTANT }) => {
    totals.refunded += MONTANT;
  },
};

function standingOf(totals: ChainTotals, isExpired: boolean): Standing {
  if (totals.isRefused) return 'refused';
  if (totals.isCancelled) return 'cancelled';
  if (totals.settlement?.kind === 'credit') return 'credited';
  if (totals.settlement) return totals.refunded >= totals.captured ? 'refunded' : 'captured';
  return isExpired ? 'expired' : 'authorized';
}

/** Whether the remittance of a transaction itself is past. */
export function isRemitted(transaction: Transaction, now: number): boolean {
  return remittanceOf(transaction.at, transaction.DIFFERE).at <= now;
}

/** Whether the remittance of a transaction adds to the merchant's account (1), takes from it (-1) or does neither (0). */
const REMITTED_SIGN: Record<TransactionKind, 1 | -1 | 0> = {
  authorization: 0,
  payment: 1,
  forced: 1,
  credit: -1,
  refusal: 0,
  capture: 1,
  'amount-change': 0,
  cancel: 0,
  refund: -1,
};

function remittedAmount(payment: Payment, totals: ChainTotals, now: number): number {
  if (totals.isCancelled) return 0;
  const remitted = payment.transactions.filter((transaction) => isRemitted(transaction, now));
  const sum = remitted.reduce((total, { kind, MONTANT }) => total + REMITTED_SIGN[kind] * MONTANT, 0);
  // A refund counts from the remittance of what it refunds, which DIFFERE may postpone.
  return totals.settlement?.kind === 'credit' ? sum : Math.max(0, sum);
}

/**
 * Computes the state of a payment at an instant from its chain of transactions.
 *
 * @param now milliseconds since the epoch
 */
export function paymentState(payment: Payment, now: number): PaymentState {
  const totals: ChainTotals = {
    authorized: 0,
    captured: 0,
    refunded: 0,
    credited: 0,
    isCancelled: false,
    isRefused: false,
    settlement: undefined,
  };
  for (const transaction of payment.transactions) ADD_TRANSACTION[transaction.kind](totals, transaction);
  const standing = standingOf(totals, now >= payment.expiresAt);
  const remittance = totals.settlement && !totals.isCancelled ? remittanceOf(totals.settlement.at, totals.settlement.DIFFERE) : undefined;
  return {
    standing,
    STATUS: STATUS_OF[standing],
    authorized: totals.authorized,
    captured: totals.isCancelled ? 0 : totals.captured,
    refunded: totals.refunded,
    refundable: totals.isCancelled ? 0 : totals.captured - totals.refunded,
    remitted: remittedAmount(payment, totals, now),
    remittance,
    isRemitted: remittance !== undefined && remittance.at <= now,
  };
}

/** The instant from which an authorization made at `now` can no longer be captured. */
export function authorizationEnd(now: number, days: number): number {
  return addParisDays(now, days);
}

/**
 * The REMISE of a remittance: nine digits, unique for the account and day. That it has at most nine digits is observed, the rest is
 * inferred. See docs/protocol.md#section-3.
 *
 * @param account `SITE/RANG`
 * @param date day of the remittance, `YYYY-MM-DD`
 */
export function remiseNumber(account: string, date: string): string {
  const day = Math.floor(Date.parse(`${date}T00:00:00Z`) / 86_400_000);
  let hash = 0;
  for (const character of account) hash = (hash * 31 + character.charCodeAt(0)) % 10_000;
  return `${day}${String(hash).padStart(4, '0')}`;
}
