import { type Magic, sha256Bytes } from '../../contracts/index.js';
import type { CardTrace, NumTrans } from './payment.js';

/** A subscriber of Direct Plus: a card kept under the merchant's reference. */
export interface Subscriber {
  /** `SITE/RANG`. */
  readonly account: string;
  readonly REFABONNE: string;
  /** The token that stands for the card; the same for the subscriber's whole life. */
  readonly PORTEUR: string;
  readonly card: CardTrace;
  /** Expiry of the card, MMYY. */
  readonly DATEVAL: string;
  /** Milliseconds since the epoch. */
  readonly registeredAt: number;
  /** A code the card asks for on a later operation. */
  readonly forced?: Magic;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const TOKEN_LENGTH = 11;

/**
 * A subscriber's token: eleven letters made from the registration, never from the card.
 * Protocol sheet, section 3.
 */
export function makeToken(account: string, refabonne: string, numtrans: NumTrans): string {
  const bytes = sha256Bytes(`${account}|${refabonne}|${numtrans}`);
  return Array.from(bytes.subarray(0, TOKEN_LENGTH), (byte) => LETTERS[byte % LETTERS.length]).join('');
}
