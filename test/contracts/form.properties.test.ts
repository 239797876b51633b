import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeForm, encodeForm, latin1Bytes } from '../../contracts/index.js';
import { latin1, unicode } from './arbitraries.js';

const anyText = fc.oneof(unicode, fc.string({ unit: fc.constantFrom('&', '=', '+', '%', '4', 'é', '\ufeff', '\n', '😀') }));
const pairs = (text: fc.Arbitrary<string>) => fc.array(fc.tuple(text, text));

// Sequences of two bytes that are one character in UTF-8 come up seldom by chance.
const ambiguous = fc.oneof(latin1, fc.string({ unit: fc.constantFrom('Ã©', 'â\x82¬', '\xe9', 'a', '&', '%') }));

const utf8Reading = (text: string): string => {
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : text;
};

describe('encodeForm, then decodeForm', () => {
  test('gives back any Unicode text sent as UTF-8', () => {
    fc.assert(
      fc.property(pairs(anyText), (sent) => {
        const { fields, badEscape } = decodeForm(encodeForm(sent));
        expect(fields.map(({ name, value }) => [name, value])).toEqual(sent);
        expect(badEscape).toBe(false);
      }),
    );
  });

  test('gives back the bytes of any text sent as UTF-8', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        expect(decodeForm(encodeForm([['A', value]])).fields[0]?.raw).toBe(Buffer.from(value, 'utf8').toString('latin1'));
      }),
    );
  });

  test('gives back the bytes of any text sent as ISO-8859-1', () => {
    fc.assert(
      fc.property(fc.array(ambiguous), (values) => {
        const { fields } = decodeForm(
          encodeForm(
            values.map((value) => ['A', value]),
            'iso-8859-1',
          ),
        );
        expect(fields.map(({ raw }) => raw)).toEqual(values);
      }),
    );
  });

  test('gives back text sent as ISO-8859-1, save bytes that are valid UTF-8, which read as UTF-8', () => {
    fc.assert(
      fc.property(ambiguous, (value) => {
        expect(decodeForm(encodeForm([['A', value]], 'iso-8859-1')).fields[0]?.value).toBe(utf8Reading(value));
      }),
    );
  });
});

describe('decodeForm, on bytes that nobody encoded,', () => {
  const hostile = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string({ unit: fc.constantFrom('&', '=', '%', '+', 'F', '0', '\xc3', '\xa9', '\n', 'A') }).map(latin1Bytes),
  );

  test('reads as many variables as there are pairs and never throws', () => {
    fc.assert(
      fc.property(hostile, (body) => {
        const text = Buffer.from(body)
          .toString('latin1')
          .replace(/[\r\n]+$/, '');
        expect(decodeForm(body).fields).toHaveLength(text.split('&').filter(Boolean).length);
      }),
    );
  });

  test('reads the same value however often its bytes are sent again', () => {
    fc.assert(
      fc.property(hostile, (body) => {
        const { fields } = decodeForm(body);
        const again = decodeForm(
          encodeForm(
            fields.map(({ raw }) => ['A', raw]),
            'iso-8859-1',
          ),
        );
        expect(again.fields.map(({ value }) => value)).toEqual(fields.map(({ value }) => value));
        expect(again.badEscape).toBe(false);
      }),
    );
  });
});
