import { cardSha1, type Operation, tenDigits } from '../../contracts/index.js';
import type { Admitted } from './admit.js';
import type { Authentication } from './authentication.js';
import { parisDay } from './calendar.js';
import type { Checkout } from './checkout.js';
import type { Numbers, Payment } from './payment.js';
import { isZeros, type Question } from './question.js';
import type { Subscriber } from './subscriber.js';

/** What the store must look up. */
export interface Lookup {
  /** `SITE/RANG`. */
  readonly account: string;
  /** The day in Paris, `YYYY-MM-DD`. */
  readonly day: string;
  /** NUMQUESTION without leading zeros. Undefined: the account allows repeated question numbers. */
  readonly questionNumber?: string | undefined;
  /** The numbers that an imported payment is to get, ten digits each. */
  readonly wanted?: Numbers | undefined;
  /** A transaction of the payment to find, and a call number of the same payment, ten digits each. Without NUMAPPEL, any call number matches. */
  readonly numbers?: { readonly NUMTRANS: string; readonly NUMAPPEL?: string } | undefined;
  /** The REFERENCE of the payments to find. */
  readonly REFERENCE?: string | undefined;
  /** Amount and currency of a payment to find among them that was not refused. */
  readonly existing?: { readonly MONTANT: number; readonly DEVISE: string } | undefined;
  /** The subscriber to find. */
  readonly REFABONNE?: string | undefined;
  /** SHA-1 of the card to find the token of. */
  readonly tokenSha1?: string | undefined;
  /** The authentication to find: that of any account with an ID3D, or that of this account with an IdSession. */
  readonly authentication?: { readonly ID3D: string } | { readonly IdSession: string } | undefined;
  /** The checkout to find: that with an id, or the newest of this account with a REFERENCE. */
  readonly checkout?: { readonly id: string } | { readonly REFERENCE: string } | undefined;
  /** Whether to look up if the card of the question or of the subscriber already paid today. */
  readonly cardOnce?: boolean;
  /** SHA-1 of the question's card. Undefined: the question has none, or `cardOnce` is false. */
  readonly cardSha1?: string | undefined;
}

/** What the store found. */
export interface LookupResult {
  /** The numbers that the operation gets if it is committed. */
  readonly next: Numbers;
  /** The TYPEs that used the question number today. */
  readonly questionTypes: readonly string[];
  /** The payment of any account that has the NUMTRANS of {@link Lookup.wanted}. */
  readonly taken?: Payment | undefined;
  /** The imported payment of any account that has the NUMAPPEL of {@link Lookup.wanted}. */
  readonly takenCall?: Payment | undefined;
  /** The payment that has a transaction with this NUMTRANS and one with this NUMAPPEL. */
  readonly payment?: Payment | undefined;
  /** If there is none: the payment that has a transaction with these numbers swapped. */
  readonly swapped?: Payment | undefined;
  /** If there is none: the payment that has the NUMTRANS with another NUMAPPEL. */
  readonly mixed?: Payment | undefined;
  /** The payments with the REFERENCE, newest first, at most {@link SAME_REFERENCE_LIMIT}. */
  readonly sameReference: readonly Payment[];
  /** The newest payment with the REFERENCE, amount and currency that was not refused. */
  readonly existing?: Payment | undefined;
  readonly subscriber?: Subscriber | undefined;
  /** The token that the account has for the card of {@link Lookup.tokenSha1}. */
  readonly token?: string | undefined;
  /** The authentication of {@link Lookup.authentication}. */
  readonly authentication?: Authentication | undefined;
  /** The checkout of {@link Lookup.checkout}. */
  readonly checkout?: Checkout | undefined;
  /** Whether the card already paid today. */
  readonly cardSeen: boolean;
}

/** The maximum number of payments with one REFERENCE that are looked up. */
export const SAME_REFERENCE_LIMIT = 20;

/** Whether the question names an earlier payment instead of a card. Only 00054 may do so. See docs/protocol.md#section-3. */
export function namesPaymentInsteadOfCard(operation: Operation, question: Question): boolean {
  const hasNumbers = operation.insteadOfCard?.every((name) => question.get(name) !== '') ?? false;
  return hasNumbers && isZeros(question.get('PORTEUR'));
}

// Numbers of more than ten digits are looked up unchanged and not found.
function requestedNumbers(question: Question): Lookup['numbers'] {
  const numappel = question.get('NUMAPPEL');
  return { NUMTRANS: tenDigits(question.get('NUMTRANS')), ...(numappel !== '' && { NUMAPPEL: tenDigits(numappel) }) };
}

/**
 * What must be looked up to decide a question.
 *
 * @param now milliseconds since the epoch
 */
export function lookupOf({ question, operation, account, questionNumber, amount }: Admitted, now: number): Lookup {
  const { finds } = operation;
  const cardOnce = account.oneCardADay && finds === 'nothing';
  const byNumbers = finds === 'payment' || finds === 'transaction' || namesPaymentInsteadOfCard(operation, question);
  return {
    account: account.id,
    day: parisDay(now),
    questionNumber: account.questionNumbers === 'off' ? undefined : questionNumber,
    numbers: byNumbers ? requestedNumbers(question) : undefined,
    REFERENCE: finds === 'reference' || finds === 'nothing' ? question.get('REFERENCE') || undefined : undefined,
    existing: finds === 'reference' ? { MONTANT: amount, DEVISE: question.get('DEVISE') } : undefined,
    REFABONNE: operation.subscriber === 'none' ? undefined : question.get('REFABONNE'),
    tokenSha1: operation.porteur === 'card' && operation.subscriber !== 'none' ? cardSha1(question.get('PORTEUR')) : undefined,
    authentication: isZeros(question.get('ID3D')) ? undefined : { ID3D: question.get('ID3D') },
    cardOnce,
    cardSha1: cardOnce && operation.porteur === 'card' ? cardSha1(question.get('PORTEUR')) : undefined,
  };
}
