import {
  type Bilingual,
  isIssuerRefusal,
  isRetryable,
  mayHaveBeenProcessed,
  type Operation,
  RESPONSE_CODE_BY_CODE,
  type Status,
  SUCCESS,
  tenDigits,
} from '../contracts/index.js';
import type { TransportError } from './errors/transport-error.js';
import { isNoTransaction, readNumbers, type TransactionNumbers } from './numbers.js';
import type { Reply } from './reply.js';

/** What every reply says. */
export interface Answered {
  /** CODEREPONSE, five digits, known to the tables or not. */
  readonly code: string;
  /** COMMENTAIRE, French, without card data. */
  readonly comment: string;
  /** The whole reply by the names of the wire. Shows itself masked. */
  readonly reply: Reply;
}

/** What a reply says of a transaction. */
export interface TransactionDetails {
  readonly transaction: TransactionNumbers;
  /** AUTORISATION; `XXXXXX` from pre-production. */
  readonly authorization: string;
  /** REFABONNE. */
  readonly subscriber: string | undefined;
  /** TYPECARTE, where it was asked for. */
  readonly cardType: string | undefined;
  /** PAYS, where it was asked for; `???` where the gateway does not know. */
  readonly country: string | undefined;
  /** The subscriber's token (PORTEUR). Not enumerable: to keep it, name it; JSON, logs and copies do not have it. */
  readonly token: string | undefined;
  /** SHA-1 of the card number, where it was asked for. Not enumerable. */
  readonly cardSha1: string | undefined;
}

/** The operation was carried out. */
export interface Approved extends Answered, TransactionDetails {
  readonly kind: 'approved';
  /**
   * The reply was lost and the gateway asked what became of the question. `reply` is then that inquiry's; for a capture, a
   * cancel or a refund, `transaction` is the one that was named, whose chain the lost numbers belong to.
   */
  readonly recovered: boolean;
}

/** The operation was not carried out, and would not be if it were sent again as it is. */
export interface Refused extends Answered {
  readonly kind: 'refused';
  /** Who refused: the cardholder's bank (001xx) or the gateway. */
  readonly by: 'issuer' | 'gateway';
  /** What the code means; undefined for a code outside the tables. */
  readonly meaning: Bilingual | undefined;
  /** The refused transaction's numbers, where it has any. */
  readonly transaction: TransactionNumbers | undefined;
}

/**
 * The gateway says that it cannot at present, on every host that may be asked. Try later. After 00001, 00003, 00097 and 00098
 * nothing was processed; after 00099 the operation may have been carried out, as after an outcome `unknown`.
 */
export interface Unavailable extends Answered {
  readonly kind: 'unavailable';
  /**
   * True after 00099. Calling authorize, pay, credit or force again asks first; look at the payment before anything else is
   * sent again.
   */
  readonly mayHaveBeenProcessed: boolean;
  readonly meaning: Bilingual | undefined;
}

/** Why the client cannot say what became of a question. */
export type UnknownReason =
  /** Asked as often as `askAfter` says, and not found: it was refused, never arrived, or is still at work. */
  | 'not-found'
  /** Asked, and what is there may be this question's doing or another's; see `precheck` in the client's options. */
  | 'unclear'
  /** Asked, without getting an answer. */
  | 'no-answer'
  /** This operation leaves nothing that could be asked for. */
  | 'not-asked';

/**
 * The operation may have been carried out or not: neither deliver nor charge again. What to do is:
 *
 * - authorize, pay, credit, force: call again with the same amount and reference. The client remembers, asks first as often as
 *   `askAfter` says, and sends only what the gateway has not found each time. From another process: with `retry: true`.
 *   What remains: a gateway that carries the first question out only after the last of these inquiries charges twice. Whoever
 *   cannot bear that calls again after hours, or with a longer `askAfter`.
 *   As long as it stays `unclear`, nothing is sent: look at the payments of that reference, and charge under another.
 * - capture, cancel, changeAmount: call again; a capture or a cancel is carried out only once, and refused (00015) after that.
 * - refund: look at the payment first. A second refund of a part may be carried out as well.
 * - subscribers.register: call again; 00016 says that it was carried out, and subscribers.modify answers the token.
 *   subscribers.modify, subscribers.unsubscribe: call again.
 */
export interface Unknown {
  readonly kind: 'unknown';
  readonly doubt: UnknownReason;
  /** How the reply was lost; undefined where it was in an earlier call. */
  readonly error: TransportError | undefined;
}

/** What became of an operation that changes something. */
export type Outcome = Approved | Refused | Unavailable | Unknown;

/** The transaction that was asked for. That it is there does not say it was paid: see `state`. */
export interface Found extends Answered, TransactionDetails {
  readonly kind: 'found';
  /** STATUS; undefined from `exists`, and kept as it is where the tables do not know it. */
  readonly state: Status | (string & {}) | undefined;
  /** REMISE: the remittance that took the payment to the bank; undefined before. */
  readonly remittance: string | undefined;
}

/** There is no such transaction: the gateway answered 00018. No other failure is ever read so. */
export interface NotFound extends Answered {
  readonly kind: 'not-found';
}

/** What became of a question that only asks. */
export type InquiryOutcome = Found | NotFound | Refused | Unavailable | Unknown;

/** CODEREPONSE of an inquiry that found nothing. */
const NOT_FOUND = '00018';

const answered = (reply: Reply): Answered => ({ code: reply.code, comment: reply.comment, reply });

type Details = Pick<TransactionDetails, 'authorization' | 'subscriber' | 'cardType' | 'country'>;

const detailsOf = (reply: Reply): Details => ({
  authorization: reply.getClean('AUTORISATION') ?? '',
  subscriber: reply.getClean('REFABONNE') || undefined,
  cardType: reply.getClean('TYPECARTE'),
  country: reply.getClean('PAYS'),
});

function withHidden<O extends object>(outcome: O, reply: Reply): O & Pick<TransactionDetails, 'token' | 'cardSha1'> {
  return Object.defineProperties(outcome, {
    token: { get: () => reply.get('PORTEUR') || undefined },
    cardSha1: { get: () => reply.get('SHA-1') || undefined },
  }) as O & Pick<TransactionDetails, 'token' | 'cardSha1'>;
}

function refusedNumbers(reply: Reply): TransactionNumbers | undefined {
  const numbers = readNumbers(reply.get('NUMTRANS'), reply.get('NUMAPPEL'));
  return numbers && !isNoTransaction(numbers.numtrans) ? numbers : undefined;
}

function failure(reply: Reply): Refused | Unavailable {
  const meaning = RESPONSE_CODE_BY_CODE.get(reply.code)?.meaning;
  if (isRetryable(reply.code))
    return { kind: 'unavailable', ...answered(reply), meaning, mayHaveBeenProcessed: mayHaveBeenProcessed(reply.code) };
  const by = isIssuerRefusal(reply.code) ? 'issuer' : 'gateway';
  return { kind: 'refused', ...answered(reply), by, meaning, transaction: refusedNumbers(reply) };
}

/** An approval, by the reply to the question or to the inquiry after it. */
export function approved(reply: Reply, transaction: TransactionNumbers, recovered: boolean): Approved {
  return withHidden({ kind: 'approved', ...answered(reply), transaction, ...detailsOf(reply), recovered }, reply);
}

/** A doubt. */
export const unknown = (doubt: UnknownReason, error?: TransportError): Unknown => ({ kind: 'unknown', doubt, error });

/** What is wrong with a reply whose echo and code are right. */
export interface Broken {
  readonly kind: 'broken';
  readonly problem: string;
}

const broken = (problem: string): Broken => ({ kind: 'broken', problem });

/**
 * What a reply says of an operation that changes something.
 *
 * @param operation only the deletion of a subscriber makes no transaction, and answers zeros
 */
export function outcomeOf(reply: Reply, { does }: Operation): Approved | Refused | Unavailable | Broken {
  if (reply.code !== SUCCESS) return failure(reply);
  const transaction = readNumbers(reply.get('NUMTRANS'), reply.get('NUMAPPEL'));
  if (!transaction) return broken('a success without NUMTRANS and NUMAPPEL');
  if (isNoTransaction(transaction.numtrans) && does !== 'unsubscribe') return broken('a success with a NUMTRANS of zeros');
  return approved(reply, transaction, false);
}

/**
 * What a reply says to a question that only asks.
 *
 * @param asked NUMTRANS of the transaction that was asked for, where it was asked for by number
 */
export function inquiryOutcomeOf(reply: Reply, asked: string | undefined): Exclude<InquiryOutcome, Unknown> | Broken {
  if (reply.code === NOT_FOUND) return { kind: 'not-found', ...answered(reply) };
  if (reply.code !== SUCCESS) return failure(reply);
  const transaction = readNumbers(reply.get('NUMTRANS'), reply.get('NUMAPPEL'));
  if (!transaction) return broken('a success without NUMTRANS and NUMAPPEL');
  if (isNoTransaction(transaction.numtrans)) return broken('a success with a NUMTRANS of zeros');
  if (asked !== undefined && tenDigits(asked) !== tenDigits(transaction.numtrans))
    return broken('it shows another NUMTRANS than was asked for');
  const state = reply.getClean('STATUS');
  return withHidden(
    {
      kind: 'found' as const,
      ...answered(reply),
      transaction,
      ...detailsOf(reply),
      state,
      remittance: reply.getClean('REMISE') || undefined,
    },
    reply,
  );
}
