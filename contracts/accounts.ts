import type { Evidence } from './annotations.js';

/** How an account authenticates its questions. */
export type AuthMethod =
  /** By CLE, its key in the clear. */
  | 'cle'
  /** By HMAC only. A question without one is refused with `HMAC requis`. */
  | 'hmac'
  /** By HMAC if the question has one, else by CLE. */
  | 'either';

/** Whether an account has 3-D Secure, and whether payments without are refused. */
export type ThreeDSecure = 'off' | 'optional' | 'required';

/** A published account of the gateway's test platforms. Observed. See docs/protocol.md#section-6. */
export interface TestAccount {
  readonly SITE: string;
  readonly RANG: string;
  readonly IDENTIFIANT: string;
  readonly CLE: string;
  /** 128 hex digits. Empty: the account has no HMAC key. */
  readonly hmacKey: string;
  readonly auth: AuthMethod;
  readonly threeDSecure: ThreeDSecure;
  /** The test platform or the purpose of the account. */
  readonly note: string;
  readonly evidence: Evidence;
}

/** The HMAC key of the test platforms: 128 hex digits. */
export const TEST_HMAC_KEY = '0123456789ABCDEF'.repeat(8);

const a = (
  SITE: string,
  RANG: string,
  IDENTIFIANT: string,
  CLE: string,
  hmacKey: string,
  auth: AuthMethod,
  note: string,
  threeDSecure: ThreeDSecure = 'optional',
): TestAccount => ({ SITE, RANG, IDENTIFIANT, CLE, hmacKey, auth, threeDSecure, note, evidence: 'O' });

/** The published test accounts. */
export const TEST_ACCOUNTS: readonly TestAccount[] = [
  a('1999888', '32', '107904482', '1999888I', TEST_HMAC_KEY, 'either', 'preprod-ppps.paybox.com'),
  a('1999888', '99', '', '1999888I', '', 'cle', 'preprod-ppps.paybox.com'),
  a('1999888', '222', '', '1999888I', '', 'cle', 'preprod-ppps.paybox.com'),
  a('1999888', '85', '2', '1999888I', TEST_HMAC_KEY, 'either', 'without 3-D Secure', 'off'),
  a('1999888', '69', '109518543', '1999888I', TEST_HMAC_KEY, 'either', 'with 3-D Secure', 'required'),
  a('1999888', '63', '109518543', '', TEST_HMAC_KEY, 'hmac', 'HMAC only'),
  a('1999888', '100', '', '', TEST_HMAC_KEY, 'hmac', 'answers `HMAC requis` to a CLE'),
  a('1999888', '43', '107975626', '1999888I', '', 'cle', '3-D Secure on Paybox System'),
  a('1999888', '77', '3262411', '1999888I', '', 'cle', 'preprod-ppps.paybox.com'),
  a('1999887', '32', '215', '1999888I', '', 'cle', 'recette-ppps.e-transactions.fr'),
  a('1999887', '63', '222', '', TEST_HMAC_KEY, 'hmac', 'recette-ppps.e-transactions.fr'),
];

/**
 * The id of an account: SITE and RANG padded to three digits, `1999888/032`. RANG `32` and `032` are the same account.
 * See docs/protocol.md#section-2.
 */
export function accountId(site: string, rang: string): string {
  return `${site}/${rang.padStart(3, '0')}`;
}
