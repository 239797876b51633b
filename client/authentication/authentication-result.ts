/** What every authentic result says. */
interface AuthenticationDetails {
  /** IdSession: the `session` of the authentication. */
  readonly session: string;
  /** StatusPBX, as received. */
  readonly status: string;
  /** 3DECI, the electronic commerce indicator; undefined after a time-out. */
  readonly eci: string | undefined;
  /** All variables of the result, with the names of the wire. Not enumerable, because 3DCAVV is the proof of the authentication. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The result allows the payment: send it with `id3d`. */
export interface AuthenticationPassed extends AuthenticationDetails {
  /**
   * - `authenticated`: the bank authenticated the cardholder.
   * - `attempted`: the bank could not, and confirms the attempt.
   * - `not-enrolled`: the card takes no part in 3-D Secure.
   * - `unavailable`: the bank gave no answer, or one that is not listed here.
   */
  readonly kind: 'authenticated' | 'attempted' | 'not-enrolled' | 'unavailable';
  readonly mayPay: true;
  /** ID3D: the parameter `id3d` of the payment. */
  readonly id3d: string;
}

/** The result does not allow the payment. */
export interface AuthenticationFailed extends AuthenticationDetails {
  /**
   * - `declined`: the cardholder was not authenticated.
   * - `rejected`: the bank rejects the authentication.
   * - `timeout`: the cardholder did not answer in time.
   * - `error`: technical error.
   * - `unknown-status`: StatusPBX has a value that is not known.
   */
  readonly kind: 'declined' | 'rejected' | 'timeout' | 'error' | 'unknown-status';
  readonly mayPay: false;
  /** ID3D, if there is one. A payment with it is refused. */
  readonly id3d: string | undefined;
}

/** Why a result is not accepted. */
export type InvalidReason =
  /** `Check` is not the signature of the result: it is not from the gateway, or was changed, or the key is that of another gateway. */
  | 'signature'
  /** IdSession is not the one that is expected. */
  | 'session'
  /** A variable is missing, or the values cannot be told apart. */
  | 'malformed'
  /** A variable of the result occurs more than once. */
  | 'repeated';

/** The result is not one of the gateway for this authentication. Do not pay, and go on waiting for the right one. */
export interface AuthenticationInvalid {
  readonly kind: 'invalid';
  readonly mayPay: false;
  readonly reason: InvalidReason;
  /** What is wrong, for a log. Without values of the result. */
  readonly message: string;
}

/**
 * The result of an authentication. Switch on `kind`, or pay if `mayPay` is true.
 *
 * @example
 * const result = await client.readAuthentication(rawBody, publicKey, { session });
 * if (result.mayPay) await client.pay({ amount, reference, card, id3d: result.id3d });
 * else console.log(result.kind);
 */
export type AuthenticationResult = AuthenticationPassed | AuthenticationFailed | AuthenticationInvalid;
