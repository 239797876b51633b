import { type HashName, hmacHex } from '../hash.js';
import { hmacMessage } from './form.js';
import { latin1Text } from './latin1.js';

/** The credentials of an account: its key in the clear, or the HMAC key to sign with (hash by default SHA512). */
export type Credentials = { readonly cle: string } | { readonly hmacKey: string; readonly hash?: HashName };

const rawUtf8 = (value: string): string => latin1Text(new TextEncoder().encode(value));

/**
 * Adds the credentials to the variables of a question: CLE, or HASH and HMAC after all others.
 * The HMAC is computed over UTF-8 bytes, so send the variables in UTF-8 (the default of `encodeForm`).
 * See docs/protocol.md#section-5.
 */
export function withCredentials(
  pairs: readonly (readonly [name: string, value: string])[],
  credentials: Credentials,
): (readonly [name: string, value: string])[] {
  if ('cle' in credentials) return [...pairs, ['CLE', credentials.cle]];
  const hash = credentials.hash ?? 'SHA512';
  const signed = [...pairs, ['HASH', hash] as const];
  const message = hmacMessage(signed.map(([name, value]) => ({ name, raw: rawUtf8(value) })));
  return [...signed, ['HMAC', hmacHex(hash, credentials.hmacKey, message)]];
}
