import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cardSha1, equalHex, isHashName, sha256Bytes } from '../../contracts/index.js';

const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: 1 });

describe('equalHex', () => {
  test('takes upper and lower case for the same', () => {
    fc.assert(
      fc.property(hex, (text) => {
        expect(equalHex(text.toUpperCase(), text.toLowerCase())).toBe(true);
      }),
    );
  });

  test('sees any one digit that differs', () => {
    fc.assert(
      fc.property(hex, fc.nat(), (text, n) => {
        const at = n % text.length;
        const other = text.charAt(at) === '0' ? '1' : '0';
        expect(equalHex(text, text.slice(0, at) + other + text.slice(at + 1))).toBe(false);
      }),
    );
  });

  test('sees a difference of length', () => {
    expect(equalHex('AB', 'ABC')).toBe(false);
    expect(equalHex('AB', '')).toBe(false);
  });

  test('is not taken in by characters that grow when upper-cased', () => {
    expect(equalHex('FFA', 'ﬀA')).toBe(false);
    expect(equalHex('FFA', 'ﬀAB')).toBe(false);
    expect(equalHex('ﬀAB', 'FFA')).toBe(false);
  });
});

test.each(['SHA512', 'SHA384', 'SHA256', 'SHA224', 'RIPEMD160'])('%s is a HASH', (name) => {
  expect(isHashName(name)).toBe(true);
});

test.each(['sha512', 'SHA1', 'MD5', '', 'toString', '__proto__'])('%j is no HASH', (name) => {
  expect(isHashName(name)).toBe(false);
});

test('cardSha1 gives the SHA-1 the gateway was seen to reply', () => {
  expect(cardSha1('4012001037141112')).toBe('678AEDDA00FA890C9056626FFB5699C57BC602B0');
});

test('sha256Bytes hashes UTF-8', () => {
  expect(Buffer.from(sha256Bytes('é€'))).toEqual(createHash('sha256').update('é€', 'utf8').digest());
});
