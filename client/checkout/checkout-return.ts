import type { ReturnValues } from '../../contracts/index.js';
import type { TokenCard } from '../card.js';
import type { TransactionNumbers } from '../numbers.js';

/** What every authentic result says. */
interface ReturnDetails {
  /** The response code (E), five digits or letters. */
  readonly code: string;
  /** The order reference (R), without a subscription. */
  readonly reference: string;
  /** In minor units (M). Undefined: the result does not say it. */
  readonly amount: number | undefined;
  /** The numbers that later operations of Direct name the payment by (S and T), ten digits each. Undefined: the result has none. */
  readonly transaction: TransactionNumbers | undefined;
  /** Whether it is the result of a renewal of a subscription. */
  readonly isRenewal: boolean;
  /** The values by the letters of PBX_RETOUR, as received. Not enumerable, because U is the token. */
  readonly values: ReturnValues;
}

/** The payment was accepted; with `authorizeOnly` it was authorized. */
export interface PaidReturn extends ReturnDetails {
  readonly kind: 'paid';
  readonly amount: number;
  /** The authorization number (A). */
  readonly authorization: string | undefined;
  /** The number of the subscription that began (B). */
  readonly subscription: string | undefined;
  /** The registered card (U): the parameter `card` of `client.subscribers`, `token` of a later checkout. Not enumerable. */
  readonly token: Pick<TokenCard, 'token' | 'expiry'> | undefined;
}

/**
 * Nothing was paid, or it is not known yet.
 *
 * - `refused`: any code that is not listed here. The customer may try again, under the same reference.
 * - `cancelled`: the customer gave up, or the issuer could not be reached (00001).
 * - `timeout`: the page was open for too long (00030).
 * - `pending`: the payment is decided later, and a notification says how (99999).
 */
export interface UnpaidReturn extends ReturnDetails {
  readonly kind: 'refused' | 'cancelled' | 'timeout' | 'pending';
}

/** Why a result is not accepted. */
export type InvalidReturnReason =
  /** K is not the signature of the result: it is not from the gateway, was changed, is of the other kind, or the key is that of another gateway. */
  | 'signature'
  /** It is the result of another order. */
  | 'reference'
  /** The amount is not the expected one. */
  | 'amount'
  /** A field is missing or not readable, or something follows the signature. */
  | 'malformed'
  /** A field occurs more than once. */
  | 'repeated';

/** The result is not one of the gateway for this order. Do not ship, and go on waiting for the right one. */
export interface InvalidReturn {
  readonly kind: 'invalid';
  readonly reason: InvalidReturnReason;
  /** What is wrong, for a log. Without values of the result. */
  readonly message: string;
}

/**
 * The result of a checkout. Switch on `kind`.
 *
 * @example
 * const result = await client.readReturn(rawQuery, publicKey, { kind: 'notification', expected: { reference, amount } });
 * if (result.kind === 'paid' && result.transaction) await client.refund({ amount, transaction: result.transaction });
 */
export type CheckoutReturn = PaidReturn | UnpaidReturn | InvalidReturn;
