import { hmac } from '@noble/hashes/hmac.js';
import { ripemd160, sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { latin1Bytes } from './frame/latin1.js';

// Node's own is several times faster; in a browser, where there is none, and without a promise, the library's it is.
const native = globalThis.process?.getBuiltinModule?.('crypto');

const HASHES: Readonly<Record<HashName, typeof sha512 | typeof sha256 | typeof ripemd160>> = {
  SHA512: sha512,
  SHA384: sha384,
  SHA256: sha256,
  SHA224: sha224,
  RIPEMD160: ripemd160,
};

/** The values of HASH. Protocol sheet, section 5. */
export const HASH_NAMES = ['SHA512', 'SHA384', 'SHA256', 'SHA224', 'RIPEMD160'] as const;

/** A value of HASH. */
export type HashName = (typeof HASH_NAMES)[number];

/** Whether a HASH names an algorithm the gateway knows. */
export function isHashName(name: string): name is HashName {
  return Object.hasOwn(HASHES, name);
}

/**
 * The HMAC of a message.
 *
 * @param message the bytes to sign, one character a byte (see `hmacMessage`)
 * @param keyHex the account's key: hex digits, turned into bytes
 * @returns upper-case hex digits
 * @throws Error when the key is not made of an even number of hex digits
 */
export function hmacHex(hash: HashName, keyHex: string, message: string): string {
  return hmacHexOfKey(hash, hexToBytes(keyHex), message);
}

/** {@link hmacHex} with the key as bytes. */
export function hmacHexOfKey(hash: HashName, key: Uint8Array, message: string): string {
  if (native) return native.createHmac(hash, key).update(message, 'latin1').digest('hex').toUpperCase();
  return bytesToHex(hmac(HASHES[hash], key, latin1Bytes(message))).toUpperCase();
}

/** Compares two hex strings, letter case aside, in a time that does not depend on where they differ. */
export function equalHex(a: string, b: string): boolean {
  const [left, right] = [a.toUpperCase(), b.toUpperCase()];
  if (a.length !== b.length || left.length !== right.length) return false;
  let difference = 0;
  for (let i = 0; i < left.length; i++) difference |= left.charCodeAt(i) ^ right.charCodeAt(i);
  return difference === 0;
}

/** SHA-1 of a card number as replies carry it: 40 upper-case hex digits. Protocol sheet, section 2. */
export function cardSha1(porteur: string): string {
  if (native) return native.createHash('sha1').update(latin1Bytes(porteur)).digest('hex').toUpperCase();
  return bytesToHex(sha1(latin1Bytes(porteur))).toUpperCase();
}

/** SHA-256 of a text in UTF-8, as bytes. */
export function sha256Bytes(text: string): Uint8Array {
  return sha256(new TextEncoder().encode(text));
}
