import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeForm, encodeForm, latin1Bytes } from '../../contracts/index.js';
import { latin1, unicode } from './arbitraries.js';

const anyText = fc.oneof(unicode, fc.string({ unit: fc.constantFrom('&', '=', '+', '%', '4', 'é', '\ufeff', '\n', '😀') }));
const pairs = (text: fc.Arbitrary<string>) => fc.array(fc.tuple(text, text));

// Random bytes are rarely valid UTF-8, so such sequences are generated on purpose.
const ambiguous = fc.oneof(latin1, fc.string({ unit: fc.constantFrom('Ã©', 'â\x82¬', '\xe9', 'a', '&', '%') }));

const utf8Reading = (text: string): string => {
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : text;
};

describe('encodeForm, then decodeForm', () => {
  test('returns any Unicode text that was sent as UTF-8', () => {
    fc.assert(
      fc.property(pairs(anyText), (sent) => {
        const { fields, badEscape } = decodeForm(encodeForm(sent));
        expect(fields.map(({ name, value }) => [name, value])).toEqual(sent);
        expect(badEscape).toBe(false);
      }),
    );
  });

  test('returns the bytes of any text that was sent as UTF-8', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        expect(decodeForm(encodeForm([['A', value]])).fields[0]?.raw).toBe(Buffer.from(value, 'utf8').toString('latin1'));
      }),
    );
  });

  test('returns the bytes of any text that was sent as ISO-8859-1', () => {
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

  test('returns text that was sent as ISO-8859-1, but decodes bytes that are valid UTF-8 as UTF-8', () => {
    fc.assert(
      fc.property(ambiguous, (value) => {
        expect(decodeForm(encodeForm([['A', value]], 'iso-8859-1')).fields[0]?.value).toBe(utf8Reading(value));
      }),
    );
  });
});

describe('decodeForm, on arbitrary bytes,', () => {
  const hostile = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string({ unit: fc.constantFrom('&', '=', '%', '+', 'F', '0', '\xc3', '\xa9', '\n', 'A') }).map(latin1Bytes),
  );

  test('returns a field for each pair and never throws', () => {
    fc.assert(
      fc.property(hostile, (body) => {
        const text = Buffer.from(body)
          .toString('latin1')
          .replace(/[\r\n]+$/, '');
        expect(decodeForm(body).fields).toHaveLength(text.split('&').filter(Boolean).length);
      }),
    );
  });

  test('returns the same values after its output is encoded and decoded again', () => {
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
