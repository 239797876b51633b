import { hmac } from '@noble/hashes/hmac.js';
import { ripemd160, sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { latin1Bytes } from './frame/latin1.js';

// The native implementation is several times faster. Browsers have none that is synchronous: there, @noble/hashes is used.
const native = globalThis.process?.getBuiltinModule?.('crypto');

const HASHES: Readonly<Record<HashName, typeof sha512 | typeof sha256 | typeof ripemd160>> = {
  SHA512: sha512,
  SHA384: sha384,
  SHA256: sha256,
  SHA224: sha224,
  RIPEMD160: ripemd160,
};

/** The values of HASH. See docs/protocol.md#section-5. */
export const HASH_NAMES = ['SHA512', 'SHA384', 'SHA256', 'SHA224', 'RIPEMD160'] as const;

/** A value of HASH. */
export type HashName = (typeof HASH_NAMES)[number];

/** Whether a value of HASH is an algorithm that the gateway supports. */
export function isHashName(name: string): name is HashName {
  return Object.hasOwn(HASHES, name);
}

/**
 * Computes the HMAC of a message.
 *
 * @param keyHex the account's key in hex digits
 * @param message the bytes to sign, one character per byte (see `hmacMessage`)
 * @returns upper-case hex digits
 * @throws Error if the key is not an even number of hex digits
 */
export function hmacHex(hash: HashName, keyHex: string, message: string): string {
  return hmacHexOfKey(hash, hexToBytes(keyHex), message);
}

/** Computes the HMAC like {@link hmacHex}, with the key as bytes. */
export function hmacHexOfKey(hash: HashName, key: Uint8Array, message: string): string {
  if (native) return native.createHmac(hash, key).update(message, 'latin1').digest('hex').toUpperCase();
  return bytesToHex(hmac(HASHES[hash], key, latin1Bytes(message))).toUpperCase();
}

/** Compares two hex strings in constant time, regardless of letter case. */
export function equalHex(a: string, b: string): boolean {
  const [left, right] = [a.toUpperCase(), b.toUpperCase()];
  if (a.length !== b.length || left.length !== right.length) return false;
  let difference = 0;
  for (let i = 0; i < left.length; i++) difference |= left.charCodeAt(i) ^ right.charCodeAt(i);
  return difference === 0;
}

/** The SHA-1 of a card number as in the variable `SHA-1` of a reply: 40 upper-case hex digits. See docs/protocol.md#section-2. */
export function cardSha1(porteur: string): string {
  if (native) return native.createHash('sha1').update(latin1Bytes(porteur)).digest('hex').toUpperCase();
  return bytesToHex(sha1(latin1Bytes(porteur))).toUpperCase();
}

/** The SHA-256 of a text's UTF-8 bytes. */
export function sha256Bytes(text: string): Uint8Array {
  return sha256(new TextEncoder().encode(text));
}
