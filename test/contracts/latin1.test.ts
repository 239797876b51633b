import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { latin1Bytes, latin1Text, utf8OrLatin1Text } from '../../contracts/index.js';
import { unicode } from './arbitraries.js';

describe('latin1Text and latin1Bytes', () => {
  test('map every byte to the character with the same code, also 80 to 9F', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(latin1Text(bytes)).toBe(Buffer.from(bytes).toString('latin1'));
    expect(latin1Bytes(latin1Text(bytes))).toEqual(bytes);
  });

  test('encode é as the single byte E9', () => {
    expect([...latin1Bytes('é')]).toEqual([0xe9]);
  });

  test('encode a character outside ISO-8859-1 as a question mark, not as its low byte', () => {
    expect(latin1Text(latin1Bytes('€Ħ'))).toBe('??');
  });

  test.each([8191, 8192, 8193, 200_001])('convert all %i bytes of a long body', (length) => {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 7) % 256);
    expect(latin1Text(bytes)).toBe(Buffer.from(bytes).toString('latin1'));
  });
});

describe('utf8OrLatin1Text', () => {
  test('decodes the UTF-8 bytes of any Unicode text', () => {
    fc.assert(
      fc.property(unicode, (text) => {
        expect(utf8OrLatin1Text(Buffer.from(text, 'utf8').toString('latin1'))).toBe(text);
      }),
    );
  });

  test.each(['\xe9', 'pay\xe9 \xc3', '\xc3\xa9 \xe9', '\xed\xa0\x80', '\xc0\xaf'])(
    'decodes %j, which is not valid UTF-8, as ISO-8859-1',
    (raw) => {
      expect(utf8OrLatin1Text(raw)).toBe(raw);
    },
  );
});
