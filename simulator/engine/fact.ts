import type { Authentication } from './authentication.js';
import type { Checkout } from './checkout.js';
import type { NumTrans, Payment, Transaction } from './payment.js';
import type { Subscriber } from './subscriber.js';

/** A change of the gateway's state. The store writes all facts of a decision in one transaction. */
export type Fact =
  /** A new payment with its first transaction. */
  | { readonly fact: 'payment'; readonly payment: Payment }
  /** A further transaction of a payment. */
  | { readonly fact: 'transaction'; readonly payment: NumTrans; readonly account: string; readonly transaction: Transaction }
  /** A NUMTRANS that was sent in a reply but belongs to no transaction. It must not be used again. */
  | { readonly fact: 'number'; readonly NUMTRANS: NumTrans }
  /** A question number that is used. */
  | { readonly fact: 'question'; readonly account: string; readonly day: string; readonly questionNumber: string; readonly TYPE: string }
  /** A subscriber that is registered or modified. */
  | { readonly fact: 'subscriber'; readonly subscriber: Subscriber }
  /** A subscriber that is deleted. */
  | { readonly fact: 'no-subscriber'; readonly account: string; readonly REFABONNE: string }
  /** The token that an account gets for a card. */
  | { readonly fact: 'token'; readonly account: string; readonly sha1: string; readonly token: string }
  /** An authentication that is started or changed, by its ID3D. */
  | { readonly fact: 'authentication'; readonly authentication: Authentication }
  /** A visit of the hosted page that is started or changed, by its id. */
  | { readonly fact: 'checkout'; readonly checkout: Checkout }
  /** A card that paid on a day. */
  | { readonly fact: 'card'; readonly account: string; readonly day: string; readonly sha1: string };
