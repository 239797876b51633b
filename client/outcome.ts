import {
  type Bilingual,
  isIssuerRefusal,
  isRetryable,
  mayHaveBeenProcessed,
  type Operation,
  RESPONSE_CODE_BY_CODE,
  SOFT_DECLINE,
  type Status,
  SUCCESS,
  tenDigits,
} from '../contracts/index.js';
import type { TransportError } from './errors/transport-error.js';
import { isZeroNumber, readNumbers, type TransactionNumbers } from './numbers.js';
import type { Reply } from './reply.js';

/** What every outcome with a reply carries. */
export interface Answered {
  /** CODEREPONSE, five characters. Codes outside the tables are passed on unchanged. */
  readonly code: string;
  /** COMMENTAIRE: French, without card data. */
  readonly comment: string;
  /** The whole reply, with the variable names of the wire. Its JSON and text are masked. */
  readonly reply: Reply;
}

/** What a reply states about a transaction. */
export interface TransactionDetails {
  /**
   * NUMTRANS and NUMAPPEL. Store both: captures, cancels and refunds need them. Those of a capture may be the numbers of its
   * authorization, and a refund may have the NUMAPPEL of its payment.
   */
  readonly transaction: TransactionNumbers;
  /** AUTORISATION; `XXXXXX` in pre-production. */
  readonly authorization: string;
  /** REFABONNE. */
  readonly subscriber: string | undefined;
  /** TYPECARTE, if requested with `ask`. */
  readonly cardType: string | undefined;
  /** PAYS, if requested with `ask`; `???` if the gateway does not know the country. Spaces are read as `???`. */
  readonly country: string | undefined;
  /**
   * The subscriber's token (PORTEUR), without padding. Not enumerable: JSON, logs and copies do not contain it. To store it, read
   * this property.
   */
  readonly token: string | undefined;
  /** SHA-1 of the card number, if requested with `ask`. Not enumerable. */
  readonly cardSha1: string | undefined;
}

/** The operation was carried out. */
export interface Approved extends Answered, TransactionDetails {
  readonly kind: 'approved';
  /**
   * Whether the reply was lost and the result was found by an inquiry. `reply` is then the reply to that inquiry. For a capture,
   * cancel or refund, `transaction` is then the transaction that was captured, cancelled or refunded: the numbers of the operation
   * itself are lost.
   */
  readonly recovered: boolean;
}

/** The operation was not carried out. Sending the same question again would be refused again. */
export interface Refused extends Answered {
  readonly kind: 'refused';
  /** Who refused: the cardholder's bank (codes 001xx) or the gateway. */
  readonly by: 'issuer' | 'gateway';
  /** The meaning of the code in English and French; undefined for a code outside the tables. */
  readonly meaning: Bilingual | undefined;
  /** The numbers of the refused transaction, if it has any. */
  readonly transaction: TransactionNumbers | undefined;
  /**
   * Whether NUMQUESTION was already used today: 00039, or 00005 with the text `Numéro de question invalide`. The client's own question
   * numbers are valid, so 00005 with this text means that the number was used. Calling again takes a new number. If a program between the client and the gateway may send a question twice, inquire first: this is then the reply to
   * the second, and the first may have been processed.
   */
  readonly isQuestionNumberUsed: boolean;
  /**
   * Whether an authentication of the cardholder is wanted: the bank demands it (001A1), or the account does (00112). Start one with
   * `client.authentication` and pay again with its `id3d`. True also if the refused question had an `id3d`; 00112 is then an
   * invalid transaction like any other. See docs/protocol.md#refusal-11.
   */
  readonly needsAuthentication: boolean;
}

/**
 * The gateway cannot process the operation at present, on any host that may be tried. Try again later. After 00001, 00003, 00097 and
 * 00098 nothing was processed. After 00099 the operation may have been carried out, as after an outcome `unknown`.
 */
export interface Unavailable extends Answered {
  readonly kind: 'unavailable';
  /**
   * True after 00099. `authorize`, `pay`, `credit` and `force` then inquire first when they are called again. Before any other
   * operation is repeated, look at the payment.
   */
  readonly mayHaveBeenProcessed: boolean;
  /** The meaning of the code in English and French. */
  readonly meaning: Bilingual | undefined;
}

/** Why the client does not know the outcome of a question. */
export type UnknownReason =
  /** The inquiries of `askAfter` did not find it: it was refused, never arrived, or is still in progress. */
  | 'not-found'
  /** An inquiry found a transaction that may be the result of this question or of another. See `precheck` in {@link ClientOptions}. */
  | 'unclear'
  /** The inquiries got no usable answer. */
  | 'no-answer'
  /** No inquiry was made: the operation cannot be inquired about, or `askAfter` is empty. */
  | 'not-asked';

/**
 * The operation may have been carried out or not. Neither deliver nor charge by other means. What to do depends on the operation:
 *
 * - `authorize`, `pay`, `credit`, `force`: call again with the same amount and reference. The client remembers the question, inquires
 *   as often as `askAfter` says, and sends it again only if no inquiry found it. In another process, pass `retry: true`.
 *   One risk remains: if the gateway carries out the first question after the last of these inquiries, the customer is charged
 *   twice. To exclude it, call again hours later, or with a longer `askAfter`.
 *   While the reason is `unclear`, nothing is sent: look at the payments of that reference, and charge under another reference.
 * - `capture` of the whole amount, `cancel`: call again. The gateway carries them out only once and refuses the next.
 * - `changeAmount`: call again; repeating it has no further effect.
 * - `refund`, and a `capture` of a part: look at the payment first. The gateway may carry out a second one too.
 * - `subscribers.register`: call again. 00016 means that the registration was carried out; `subscribers.modify` then returns the token.
 * - `subscribers.modify`, `subscribers.unsubscribe`: call again.
 */
export interface Unknown {
  readonly kind: 'unknown';
  readonly reason: UnknownReason;
  /** How the reply was lost; undefined if it was lost in an earlier call. */
  readonly error: TransportError | undefined;
}

/**
 * The outcome of an operation that changes something. Switch on `kind`.
 *
 * @example
 * switch (outcome.kind) {
 *   case 'approved':
 *     return deliver(outcome.transaction);
 *   case 'refused':
 *     return `refused by the ${outcome.by}: ${outcome.meaning?.en ?? outcome.code}`;
 *   case 'unavailable':
 *     return outcome.mayHaveBeenProcessed ? 'call again: it inquires first' : 'nothing was processed: try later';
 *   case 'unknown':
 *     return 'neither deliver nor charge: call again, it inquires first';
 * }
 */
export type Outcome = Approved | Refused | Unavailable | Unknown;

/** The inquiry found the transaction. That it exists does not mean that it was paid: check `state`. */
export interface Found extends Answered, TransactionDetails {
  readonly kind: 'found';
  /** STATUS, such as `Capturé`; undefined from `exists`. A value outside the tables is passed on unchanged. */
  readonly state: Status | (string & {}) | undefined;
  /** REMISE: the number of the remittance that sent the payment to the bank; undefined before the remittance. */
  readonly remittance: string | undefined;
}

/** There is no such transaction: the gateway answered 00018. No other code and no error is read as not found. */
export interface NotFound extends Answered {
  readonly kind: 'not-found';
}

/** The outcome of an operation that only inquires: `exists` and `inquire`. Switch on `kind`. */
export type InquiryOutcome = Found | NotFound | Refused | Unavailable | Unknown;

/** CODEREPONSE of an inquiry that found nothing. */
const NOT_FOUND = '00018';

const answered = (reply: Reply): Answered => ({ code: reply.code, comment: reply.comment, reply });

const UNKNOWN_COUNTRY = '???';

const countryOf = (pays: string | undefined): string | undefined => (pays === undefined ? undefined : pays.trim() || UNKNOWN_COUNTRY);

// The gateway repeats the padding of a token, and the zeros that are sent instead of one.
function tokenOf(porteur: string | undefined): string | undefined {
  const token = porteur?.trim() ?? '';
  return token === '' || isZeroNumber(token) ? undefined : token;
}

type Details = Pick<TransactionDetails, 'authorization' | 'subscriber' | 'cardType' | 'country'>;

const detailsOf = (reply: Reply): Details => ({
  authorization: reply.getClean('AUTORISATION') ?? '',
  subscriber: reply.getClean('REFABONNE') || undefined,
  cardType: reply.getClean('TYPECARTE'),
  country: countryOf(reply.getClean('PAYS')),
});

function withHidden<O extends object>(outcome: O, reply: Reply): O & Pick<TransactionDetails, 'token' | 'cardSha1'> {
  return Object.defineProperties(outcome, {
    token: { get: () => tokenOf(reply.get('PORTEUR')) },
    cardSha1: { get: () => reply.get('SHA-1') || undefined },
  }) as O & Pick<TransactionDetails, 'token' | 'cardSha1'>;
}

function refusedNumbers(reply: Reply): TransactionNumbers | undefined {
  const numbers = readNumbers(reply.get('NUMTRANS'), reply.get('NUMAPPEL'));
  return numbers && !isZeroNumber(numbers.numtrans) ? numbers : undefined;
}

// The client's own question numbers are valid, so 00005 with this text means that the number was used. See docs/protocol.md#refusal-6.
const isQuestionNumberUsed = ({ code, comment }: Reply): boolean =>
  code === '00039' || (code === '00005' && comment.includes('Numéro de question invalide'));

const AUTHENTICATION_WANTED: ReadonlySet<string> = new Set([SOFT_DECLINE, '00112']);

function failureOf(reply: Reply): Refused | Unavailable {
  const meaning = RESPONSE_CODE_BY_CODE.get(reply.code)?.meaning;
  if (isRetryable(reply.code))
    return { kind: 'unavailable', ...answered(reply), meaning, mayHaveBeenProcessed: mayHaveBeenProcessed(reply.code) };
  const by = isIssuerRefusal(reply.code) ? 'issuer' : 'gateway';
  return {
    kind: 'refused',
    ...answered(reply),
    by,
    meaning,
    transaction: refusedNumbers(reply),
    isQuestionNumberUsed: isQuestionNumberUsed(reply),
    needsAuthentication: AUTHENTICATION_WANTED.has(reply.code),
  };
}

/** Makes the outcome of an operation that was carried out, from its own reply or from the reply to the inquiry about it. */
export function approvedOutcome(reply: Reply, transaction: TransactionNumbers, recovered: boolean): Approved {
  return withHidden({ kind: 'approved', ...answered(reply), transaction, ...detailsOf(reply), recovered }, reply);
}

/** Makes the outcome of an operation whose result is not known. */
export const unknownOutcome = (reason: UnknownReason, error?: TransportError): Unknown => ({ kind: 'unknown', reason, error });

/** A success that cannot be used, because it does not name the right transaction. */
export interface BrokenSuccess {
  readonly kind: 'broken';
  readonly problem: string;
}

const broken = (problem: string): BrokenSuccess => ({ kind: 'broken', problem });

const NO_NUMBERS = 'it is a success without NUMTRANS and NUMAPPEL';
const ZERO_NUMTRANS = 'it is a success with a NUMTRANS of zeros';

/**
 * Reads the outcome of an operation that changes something.
 *
 * @param operation the deletion of a subscriber is the only one that creates no transaction: its NUMTRANS is zeros
 */
export function outcomeOf(reply: Reply, { does }: Operation): Approved | Refused | Unavailable | BrokenSuccess {
  if (reply.code !== SUCCESS) return failureOf(reply);
  const transaction = readNumbers(reply.get('NUMTRANS'), reply.get('NUMAPPEL'));
  if (!transaction) return broken(NO_NUMBERS);
  if (isZeroNumber(transaction.numtrans) && does !== 'unsubscribe') return broken(ZERO_NUMTRANS);
  return approvedOutcome(reply, transaction, false);
}

/**
 * Reads the outcome of an operation that only inquires.
 *
 * @param requestedNumtrans NUMTRANS of the question; undefined if it inquires by reference
 */
export function inquiryOutcomeOf(reply: Reply, requestedNumtrans: string | undefined): Exclude<InquiryOutcome, Unknown> | BrokenSuccess {
  if (reply.code === NOT_FOUND) return { kind: 'not-found', ...answered(reply) };
  if (reply.code !== SUCCESS) return failureOf(reply);
  const transaction = readNumbers(reply.get('NUMTRANS'), reply.get('NUMAPPEL'));
  if (!transaction) return broken(NO_NUMBERS);
  if (isZeroNumber(transaction.numtrans)) return broken(ZERO_NUMTRANS);
  if (requestedNumtrans !== undefined && tenDigits(requestedNumtrans) !== tenDigits(transaction.numtrans))
    return broken('it has another NUMTRANS than the question');
  const found = {
    kind: 'found' as const,
    ...answered(reply),
    transaction,
    ...detailsOf(reply),
    state: reply.getClean('STATUS'),
    remittance: reply.getClean('REMISE') || undefined,
  };
  return withHidden(found, reply);
}
