import { type Magic, sha256Bytes } from '../../contracts/index.js';
import type { NumTrans, StoredCard } from './payment.js';

/** A subscriber of Direct Plus: a card that is stored under a reference of the merchant. */
export interface Subscriber {
  /** `SITE/RANG`. */
  readonly account: string;
  readonly REFABONNE: string;
  /** The token of the card, which replaces its number. */
  readonly PORTEUR: string;
  readonly card: StoredCard;
  /** Expiry date of the card, MMYY. */
  readonly DATEVAL: string;
  /** Milliseconds since the epoch. */
  readonly registeredAt: number;
  /** The code that the magic card requests for a later operation. */
  readonly forced?: Magic;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const TOKEN_LENGTH = 11;

/**
 * Makes the token of a card: eleven letters that are derived from the first registration and say nothing about the card.
 * See docs/protocol.md#section-3.
 *
 * @param account `SITE/RANG`
 * @param numtrans NUMTRANS of the registration
 */
export function makeToken(account: string, refabonne: string, numtrans: NumTrans): string {
  const bytes = sha256Bytes(`${account}|${refabonne}|${numtrans}`);
  return Array.from(bytes.subarray(0, TOKEN_LENGTH), (byte) => LETTERS[byte % LETTERS.length]).join('');
}
