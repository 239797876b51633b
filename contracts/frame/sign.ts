import { type HashName, hmacHex } from '../hash.js';
import { hmacMessage } from './form.js';
import { latin1Text } from './latin1.js';

/** The credentials of an account: its key in the clear, or the HMAC key to sign with (hash by default SHA512). */
export type Credentials = { readonly cle: string } | { readonly hmacKey: string; readonly hash?: HashName };

const rawUtf8 = (value: string): string => latin1Text(new TextEncoder().encode(value));

type Pair = readonly [name: string, value: string];

/**
 * Adds HASH and HMAC to variables, after all others. The HMAC is computed over UTF-8 bytes, so send the variables in UTF-8.
 * See docs/protocol.md#section-5.
 *
 * @param prefix of the two names: `PBX_` on the hosted page. Default: none
 */
export function withHmac(
  pairs: readonly Pair[],
  { hmacKey, hash = 'SHA512' }: { readonly hmacKey: string; readonly hash?: HashName },
  prefix: '' | 'PBX_' = '',
): Pair[] {
  const signed: Pair[] = [...pairs, [`${prefix}HASH`, hash]];
  const message = hmacMessage(signed.map(([name, value]) => ({ name, raw: rawUtf8(value) })));
  return [...signed, [`${prefix}HMAC`, hmacHex(hash, hmacKey, message)]];
}

/**
 * Adds the credentials to the variables of a question: CLE, or HASH and HMAC after all others.
 * The HMAC is computed over UTF-8 bytes, so send the variables in UTF-8 (the default of `encodeForm`).
 * See docs/protocol.md#section-5.
 */
export function withCredentials(pairs: readonly Pair[], credentials: Credentials): Pair[] {
  return 'cle' in credentials ? [...pairs, ['CLE', credentials.cle]] : withHmac(pairs, credentials);
}
