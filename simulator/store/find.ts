import { SUCCESS, tenDigits } from '../../contracts/index.js';
import type { Authentication } from '../engine/authentication.js';
import type { Checkout } from '../engine/checkout.js';
import type { Lookup, LookupResult } from '../engine/lookup.js';
import { NO_NUMBERS, type Numbers, type Payment, type Transaction } from '../engine/payment.js';
import type { Subscriber } from '../engine/subscriber.js';

const FIRST_NUMTRANS = 1_000_000;
const FIRST_NUMAPPEL = 50_000_000;

/** The difference between the two numbers of an operation. */
export const CALL_OFFSET = FIRST_NUMAPPEL - FIRST_NUMTRANS;

/** Whether the gateway gave a NUMAPPEL before the operation that gets `next`, or skipped it. */
export const isCallGiven = (numappel: string, next: Pick<Numbers, 'NUMAPPEL'>): boolean =>
  Number(numappel) > FIRST_NUMAPPEL && numappel < next.NUMAPPEL;

/** Returns the numbers of the n-th operation of a gateway, n starting at 1. */
export function nthNumbers(n: number): Numbers {
  return { NUMTRANS: tenDigits(FIRST_NUMTRANS + n), NUMAPPEL: tenDigits(FIRST_NUMAPPEL + n) };
}

/** The result of a lookup that names nothing. */
export const NOTHING_FOUND: LookupResult = { next: NO_NUMBERS, questionTypes: [], sameReference: [], cardSeen: false };

/** What {@link StoreReader.existing} compares with the first transaction of a payment. */
export type ExistingPayment = Pick<Transaction, 'MONTANT' | 'DEVISE' | 'CODEREPONSE'>;

/** The single reads of which {@link find} is composed. Each store implements them. */
export interface StoreReader {
  /**
   * The numbers of the next operation: the first ones, after those already given, whose NUMTRANS is not the id of a payment and whose NUMAPPEL
   * is not that of an imported payment.
   */
  next(): LookupResult['next'];
  /** The TYPEs for which an account used a question number on a day. */
  questionTypes(account: string, day: string, questionNumber: string): readonly string[];
  /** The payment, of any account, that has a transaction with this NUMTRANS. */
  paymentWith(numtrans: string): Payment | undefined;
  /** The imported payment, of any account, whose first transaction has this NUMAPPEL. */
  importedWith(numappel: string): Payment | undefined;
  /** The newest payments with this REFERENCE, newest first, at most SAME_REFERENCE_LIMIT. */
  withReference(account: string, reference: string): readonly Payment[];
  /** The newest payment with this REFERENCE whose first transaction has this amount, currency and CODEREPONSE. */
  existing(account: string, reference: string, first: ExistingPayment): Payment | undefined;
  subscriber(account: string, refabonne: string): Subscriber | undefined;
  /** The token that an account has for a card. */
  token(account: string, sha1: string): string | undefined;
  /** The authentication, of any account, with this ID3D. */
  authentication(id3d: string): Authentication | undefined;
  /** The authentication of an account with this IdSession. */
  authenticationOfSession(account: string, idSession: string): Authentication | undefined;
  /** The checkout, of any account, with this id. */
  checkout(id: string): Checkout | undefined;
  /** The newest checkout of an account with this REFERENCE. */
  checkoutOf(account: string, reference: string): Checkout | undefined;
  /** Whether an account accepted this card on a day. */
  cardSeen(account: string, day: string, sha1: string): boolean;
}

/** Whether the first transaction of a payment has this amount, currency and CODEREPONSE. */
export function startsWith({ transactions: [first] }: Payment, { MONTANT, DEVISE, CODEREPONSE }: ExistingPayment): boolean {
  return first.MONTANT === MONTANT && first.DEVISE === DEVISE && first.CODEREPONSE === CODEREPONSE;
}

type FoundByNumbers = Pick<LookupResult, 'payment' | 'swapped' | 'mixed'>;

function paymentByNumbers(reader: StoreReader, account: string, numtrans: string, numappel: string | undefined): Payment | undefined {
  const payment = reader.paymentWith(numtrans);
  if (payment?.account !== account) return undefined;
  // Any NUMAPPEL of the payment will do. See docs/protocol.md#section-3.
  return numappel === undefined || payment.transactions.some(({ NUMAPPEL }) => NUMAPPEL === numappel) ? payment : undefined;
}

function findAuthentication(reader: StoreReader, { account, authentication: wanted }: Lookup): Authentication | undefined {
  if (!wanted) return undefined;
  return 'ID3D' in wanted ? reader.authentication(wanted.ID3D) : reader.authenticationOfSession(account, wanted.IdSession);
}

function findCheckout(reader: StoreReader, { account, checkout: wanted }: Lookup): Checkout | undefined {
  if (!wanted) return undefined;
  return 'id' in wanted ? reader.checkout(wanted.id) : reader.checkoutOf(account, wanted.REFERENCE);
}

const NO_PAYMENT_NAMED: FoundByNumbers = {};

function findByNumbers(reader: StoreReader, { account, numbers }: Lookup): FoundByNumbers {
  if (!numbers) return NO_PAYMENT_NAMED;
  const { NUMTRANS, NUMAPPEL } = numbers;
  const payment = paymentByNumbers(reader, account, NUMTRANS, NUMAPPEL);
  if (payment || NUMAPPEL === undefined) return { payment };
  return {
    swapped: paymentByNumbers(reader, account, NUMAPPEL, NUMTRANS),
    mixed: paymentByNumbers(reader, account, NUMTRANS, undefined),
  };
}

/** Finds what a question needs: the payment it names, other payments with its reference, its subscriber, and what was used today. */
export function find(reader: StoreReader, lookup: Lookup): LookupResult {
  const { account, day, questionNumber, wanted, REFERENCE, existing, REFABONNE, tokenSha1, cardOnce, cardSha1 } = lookup;
  const subscriber = REFABONNE === undefined ? undefined : reader.subscriber(account, REFABONNE);
  const sha1 = cardSha1 ?? subscriber?.card.sha1;
  const { payment, swapped, mixed } = findByNumbers(reader, lookup);
  return {
    next: reader.next(),
    questionTypes: questionNumber === undefined ? [] : reader.questionTypes(account, day, questionNumber),
    taken: wanted && reader.paymentWith(wanted.NUMTRANS),
    takenCall: wanted && reader.importedWith(wanted.NUMAPPEL),
    payment,
    swapped,
    mixed,
    sameReference: REFERENCE === undefined || existing ? [] : reader.withReference(account, REFERENCE),
    existing: REFERENCE !== undefined && existing ? reader.existing(account, REFERENCE, { ...existing, CODEREPONSE: SUCCESS }) : undefined,
    subscriber,
    token: tokenSha1 === undefined ? undefined : reader.token(account, tokenSha1),
    authentication: findAuthentication(reader, lookup),
    checkout: findCheckout(reader, lookup),
    cardSeen: cardOnce === true && sha1 !== undefined && reader.cardSeen(account, day, sha1),
  };
}
