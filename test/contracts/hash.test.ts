import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cardSha1, equalHex, isHashName, sha256Bytes } from '../../contracts/index.js';

const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: 1 });

describe('equalHex', () => {
  test('ignores letter case', () => {
    fc.assert(
      fc.property(hex, (text) => {
        expect(equalHex(text.toUpperCase(), text.toLowerCase())).toBe(true);
      }),
    );
  });

  test('detects any one digit that differs', () => {
    fc.assert(
      fc.property(hex, fc.nat(), (text, n) => {
        const at = n % text.length;
        const other = text.charAt(at) === '0' ? '1' : '0';
        expect(equalHex(text, text.slice(0, at) + other + text.slice(at + 1))).toBe(false);
      }),
    );
  });

  test('detects a different length', () => {
    expect(equalHex('AB', 'ABC')).toBe(false);
    expect(equalHex('AB', '')).toBe(false);
  });

  test('does not accept characters that become longer in upper case', () => {
    expect(equalHex('FFA', 'ﬀA')).toBe(false);
    expect(equalHex('FFA', 'ﬀAB')).toBe(false);
    expect(equalHex('ﬀAB', 'FFA')).toBe(false);
  });
});

test.each(['SHA512', 'SHA384', 'SHA256', 'SHA224', 'RIPEMD160'])('%s is a value of HASH', (name) => {
  expect(isHashName(name)).toBe(true);
});

test.each(['sha512', 'SHA1', 'MD5', '', 'toString', '__proto__'])('%j is not a value of HASH', (name) => {
  expect(isHashName(name)).toBe(false);
});

test('cardSha1 returns the SHA-1 observed in a reply of the gateway', () => {
  expect(cardSha1('4012001037141112')).toBe('678AEDDA00FA890C9056626FFB5699C57BC602B0');
});

test('sha256Bytes hashes the UTF-8 bytes', () => {
  expect(Buffer.from(sha256Bytes('é€'))).toEqual(createHash('sha256').update('é€', 'utf8').digest());
});
