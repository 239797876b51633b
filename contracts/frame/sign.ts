import { type HashName, hmacHex } from '../hash.js';
import { hmacMessage } from './form.js';
import { latin1Text } from './latin1.js';

/** What proves that a question comes from the account: its key in the clear, or a key to sign with. */
export type Credentials = { readonly cle: string } | { readonly hmacKey: string; readonly hash?: HashName };

const rawUtf8 = (value: string): string => latin1Text(new TextEncoder().encode(value));

/**
 * The variables of a question with what proves their sender: CLE, or HASH and HMAC after the others.
 * The HMAC is computed over UTF-8 bytes, so the variables must be sent as UTF-8 (`encodeForm`'s default).
 * Protocol sheet, section 5.
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
