import { SUCCESS } from '../../contracts/index.js';
import type { Lookup, LookupResult } from '../engine/lookup.js';
import { NO_NUMBERS, type Payment } from '../engine/payment.js';
import type { Subscriber } from '../engine/subscriber.js';

/** The result of a lookup that names nothing. */
export const NOTHING_FOUND: LookupResult = { next: NO_NUMBERS, questionTypes: [], sameReference: [], cardSeen: false };

/** The plain reads that a lookup is made of: what a store must be able to answer. */
export interface Reads {
  next(): LookupResult['next'];
  questionTypes(account: string, day: string, questionNumber: string): readonly string[];
  /** The payment that has a transaction of this NUMTRANS, of whatever account. */
  paymentWith(numtrans: string): Payment | undefined;
  /** Payments of a REFERENCE, newest first, as many as are looked at. */
  withReference(account: string, reference: string): readonly Payment[];
  /** The newest payment of a REFERENCE whose first transaction is of this amount and currency and was answered so. */
  existing(account: string, reference: string, wanted: { MONTANT: number; DEVISE: string; CODEREPONSE: string }): Payment | undefined;
  subscriber(account: string, refabonne: string): Subscriber | undefined;
  cardSeen(account: string, day: string, sha1: string): boolean;
}

function byNumbers(reads: Reads, account: string, numtrans: string, numappel: string | undefined): Payment | undefined {
  const payment = reads.paymentWith(numtrans);
  if (payment?.account !== account) return undefined;
  const transaction = payment.transactions.find(({ NUMTRANS }) => NUMTRANS === numtrans);
  return numappel === undefined || transaction?.NUMAPPEL === numappel ? payment : undefined;
}

const NONE_NUMBERED: Pick<LookupResult, 'payment' | 'swapped' | 'mixed'> = {};

function numbered(reads: Reads, { account, numbers }: Lookup): Pick<LookupResult, 'payment' | 'swapped' | 'mixed'> {
  if (!numbers) return NONE_NUMBERED;
  const { NUMTRANS, NUMAPPEL } = numbers;
  const payment = byNumbers(reads, account, NUMTRANS, NUMAPPEL);
  if (payment || NUMAPPEL === undefined) return { payment };
  return { swapped: byNumbers(reads, account, NUMAPPEL, NUMTRANS), mixed: byNumbers(reads, account, NUMTRANS, undefined) };
}

/** Finds what a question asks for: which payment its numbers name, what else has its reference, and whom it concerns. */
export function find(reads: Reads, lookup: Lookup): LookupResult {
  const { account, day, questionNumber, wanted, REFERENCE, existing, REFABONNE, cardOnce, cardSha1 } = lookup;
  const subscriber = REFABONNE === undefined ? undefined : reads.subscriber(account, REFABONNE);
  const sha1 = cardSha1 ?? subscriber?.card.sha1;
  const { payment, swapped, mixed } = numbered(reads, lookup);
  return {
    next: reads.next(),
    questionTypes: questionNumber === undefined ? [] : reads.questionTypes(account, day, questionNumber),
    taken: wanted === undefined ? undefined : reads.paymentWith(wanted),
    payment,
    swapped,
    mixed,
    sameReference: REFERENCE === undefined || existing ? [] : reads.withReference(account, REFERENCE),
    existing: REFERENCE !== undefined && existing ? reads.existing(account, REFERENCE, { ...existing, CODEREPONSE: SUCCESS }) : undefined,
    subscriber,
    cardSeen: cardOnce === true && sha1 !== undefined && reads.cardSeen(account, day, sha1),
  };
}
