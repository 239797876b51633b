import type { NumTrans, Payment, Transaction } from './payment.js';
import type { Subscriber } from './subscriber.js';

/** Something the gateway will remember. All facts of one outcome are written together or not at all. */
export type Fact =
  /** A payment begins with its first transaction. */
  | { readonly fact: 'payment'; readonly payment: Payment }
  /** A payment goes on. */
  | { readonly fact: 'transaction'; readonly payment: NumTrans; readonly account: string; readonly transaction: Transaction }
  /** A number is given out that stands for nothing. */
  | { readonly fact: 'number'; readonly NUMTRANS: NumTrans }
  /** A question number is used. */
  | { readonly fact: 'question'; readonly account: string; readonly day: string; readonly questionNumber: string; readonly TYPE: string }
  /** A subscriber is registered or modified. */
  | { readonly fact: 'subscriber'; readonly subscriber: Subscriber }
  /** A subscriber is deleted. */
  | { readonly fact: 'no-subscriber'; readonly account: string; readonly REFABONNE: string }
  /** A card was taken today. */
  | { readonly fact: 'card'; readonly account: string; readonly day: string; readonly sha1: string };
