import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { latin1Bytes, latin1Text, textOfEither } from '../../contracts/index.js';
import { unicode } from './arbitraries.js';

describe('latin1Text and latin1Bytes', () => {
  test('take every byte for the character of the same number, 80 to 9F included', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(latin1Text(bytes)).toBe(Buffer.from(bytes).toString('latin1'));
    expect(latin1Bytes(latin1Text(bytes))).toEqual(bytes);
  });

  test('write é as the one byte E9', () => {
    expect([...latin1Bytes('é')]).toEqual([0xe9]);
  });

  test('write a question mark for a character outside ISO-8859-1, never its low byte', () => {
    expect(latin1Text(latin1Bytes('€Ħ'))).toBe('??');
  });

  test.each([8191, 8192, 8193, 200_001])('keep all %i bytes of a long body', (length) => {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 7) % 256);
    expect(latin1Text(bytes)).toBe(Buffer.from(bytes).toString('latin1'));
  });
});

describe('textOfEither', () => {
  test('reads the bytes of any Unicode text in UTF-8', () => {
    fc.assert(
      fc.property(unicode, (text) => {
        expect(textOfEither(Buffer.from(text, 'utf8').toString('latin1'))).toBe(text);
      }),
    );
  });

  test.each(['\xe9', 'pay\xe9 \xc3', '\xc3\xa9 \xe9', '\xed\xa0\x80', '\xc0\xaf'])(
    'reads %j, which is not valid UTF-8, as ISO-8859-1',
    (raw) => {
      expect(textOfEither(raw)).toBe(raw);
    },
  );
});
