import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeForm,
  encodeForm,
  latin1Bytes,
  latin1Text,
  percentEncode,
  VARIABLE_INDEX_BY_NAME,
  VARIABLES,
} from '../../contracts/index.js';

const read = (body: string) => decodeForm(latin1Bytes(body));
const pairsOf = (body: string) => read(body).fields.map(({ name, value }) => [name, value]);
const firstValue = (body: string) => read(body).fields[0]?.value;

describe('decodeForm', () => {
  test('returns the variables in the order sent', () => {
    expect(pairsOf('TYPE=00001&VERSION=00104&SITE=1999888')).toEqual([
      ['TYPE', '00001'],
      ['VERSION', '00104'],
      ['SITE', '1999888'],
    ]);
  });

  test('returns unknown and repeated variables at their position', () => {
    expect(pairsOf('SITE=1&FOO=x&SITE=2&FOO=y')).toEqual([
      ['SITE', '1'],
      ['FOO', 'x'],
      ['SITE', '2'],
      ['FOO', 'y'],
    ]);
  });

  test('decodes + and %20 to a space, and %2B to a plus', () => {
    expect(firstValue('REFERENCE=a+b%20c%2Bd')).toBe('a b c+d');
  });

  test('decodes + to a space if nothing is percent-encoded, in names too', () => {
    expect(pairsOf('A+B=c+d')).toEqual([['A B', 'c d']]);
  });

  test('decodes hex digits of either letter case', () => {
    expect(firstValue('REFERENCE=%c3%a9%C3%A9')).toBe('éé');
  });

  test.each([
    ['percent-encoded UTF-8', 'REFERENCE=caf%C3%A9'],
    ['percent-encoded ISO-8859-1', 'REFERENCE=caf%E9'],
    ['bare UTF-8 bytes', 'REFERENCE=caf\xc3\xa9'],
    ['a bare ISO-8859-1 byte', 'REFERENCE=caf\xe9'],
  ])('decodes %s', (_, body) => {
    expect(firstValue(body)).toBe('café');
  });

  test('decodes ISO-8859-1 bytes that are valid UTF-8 as UTF-8, and returns the raw bytes', () => {
    expect(decodeForm(encodeForm([['REFERENCE', 'Ã©']], 'iso-8859-1')).fields).toEqual([
      { name: 'REFERENCE', index: VARIABLE_INDEX_BY_NAME.get('REFERENCE'), value: 'é', raw: 'Ã©', encoded: '%C3%A9' },
    ]);
  });

  test('returns the value, its bytes and its encoded form', () => {
    expect(read('REFERENCE=a+%C3%A9').fields).toEqual([
      { name: 'REFERENCE', index: VARIABLE_INDEX_BY_NAME.get('REFERENCE'), value: 'a é', raw: 'a \xc3\xa9', encoded: 'a+%C3%A9' },
    ]);
  });

  test.each(VARIABLES.map(({ name }, index) => [name, index] as const))('recognizes %s, percent-encoded or not', (name, index) => {
    const escaped = Array.from(name, (letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
    for (const body of [`${name}=x`, `A=b&${name}=`, name, `${escaped}=x`]) expect(read(body).fields.at(-1)).toMatchObject({ name, index });
  });

  test('does not recognize a longer name that starts with a known one', () => {
    const known = new Set(VARIABLES.map(({ name }) => name));
    for (const name of known)
      for (const filling of ['', 'x', 'xx', 'xxx'])
        for (let letter = 0x30; letter < 0x7b; letter++) {
          const longer = `${name}${filling}${String.fromCharCode(letter)}`;
          if (!known.has(longer))
            expect([longer, read(`${longer.replaceAll('=', '%3D')}=x`).fields[0]?.index]).toEqual([longer, undefined]);
        }
  });

  test('does not recognize a name that differs in one character', () => {
    const known = new Set(VARIABLES.map(({ name }) => name));
    const name = fc.constantFrom(...known);
    const altered = fc
      .tuple(name, fc.nat(), fc.constantFrom('', 'A', 'E', '3', '-', ' '))
      .map(([text, at, by]) => `${text.slice(0, at % text.length)}${by}${text.slice((at % text.length) + 1)}`);
    fc.assert(
      fc.property(fc.oneof(altered, fc.string({ unit: 'grapheme-ascii' })), (text) => {
        const [field] = decodeForm(encodeForm([[text, 'x']])).fields;
        expect(field?.name).toBe(text);
        expect(field?.index).toBe(VARIABLE_INDEX_BY_NAME.get(text));
      }),
      { numRuns: 500 },
    );
  });

  test('splits at the first equals sign', () => {
    expect(pairsOf('REFERENCE=a=b==')).toEqual([['REFERENCE', 'a=b==']]);
  });

  test('returns an empty value if there is no equals sign or nothing after it', () => {
    expect(pairsOf('PAYS&SHA-1=')).toEqual([
      ['PAYS', ''],
      ['SHA-1', ''],
    ]);
  });

  test('decodes a percent-encoded name, and a percent-encoded separator within a value', () => {
    expect(pairsOf('%54YPE=1%262%3D3')).toEqual([['TYPE', '1&2=3']]);
  });

  test('ignores empty pairs', () => {
    expect(pairsOf('&A=1&&B=2&')).toEqual([
      ['A', '1'],
      ['B', '2'],
    ]);
  });

  test.each(['', '&', '\r\n'])('returns no variable for %j', (body) => {
    expect(read(body)).toEqual({ fields: [], badEscape: false });
  });

  test.each(['\n', '\r\n', '\r\n\r\n'])('ignores the line break %j after the last value', (end) => {
    expect(pairsOf(`A=1&B=2${end}`)).toEqual([
      ['A', '1'],
      ['B', '2'],
    ]);
  });

  test('keeps line breaks that are percent-encoded or not at the end of the body', () => {
    expect(pairsOf('A=1\n&B=2%0A')).toEqual([
      ['A', '1\n'],
      ['B', '2\n'],
    ]);
  });

  test('decodes a body of line breaks that are not at its end in linear time: quadratic time would be hours', () => {
    expect(decodeForm(latin1Bytes(`${'\n'.repeat(4e6)}x`)).fields).toHaveLength(1);
  });

  test('keeps a byte order mark at the start of a value', () => {
    expect(firstValue('REFERENCE=%EF%BB%BFa')).toBe('\ufeffa');
  });

  test.each(['100%', '%', '%4', '%zz', '%%', '%u00e9'])('keeps the bad escape %j unchanged and sets badEscape', (value) => {
    expect(read(`A=${value}`)).toEqual({ fields: [{ name: 'A', value, raw: value, encoded: value }], badEscape: true });
  });

  test('decodes the valid escapes next to a bad one', () => {
    expect(read('A=%zz%41+&B=%42')).toMatchObject({ fields: [{ value: '%zzA ' }, { value: 'B' }], badEscape: true });
  });

  test('does not set badEscape for valid escapes', () => {
    expect(read('A=%25&B=%e9').badEscape).toBe(false);
  });
});

describe('encodeForm', () => {
  const written = (charset?: 'utf-8' | 'iso-8859-1') => latin1Text(encodeForm([['REFERENCE', 'été & co=1+1%']], charset));

  test('percent-encodes UTF-8 by default', () => {
    expect(written()).toBe('REFERENCE=%C3%A9t%C3%A9%20%26%20co%3D1%2B1%25');
  });

  test('percent-encodes ISO-8859-1 on request', () => {
    expect(written('iso-8859-1')).toBe('REFERENCE=%E9t%E9%20%26%20co%3D1%2B1%25');
  });

  test('writes a question mark for a character that ISO-8859-1 does not have', () => {
    expect(latin1Text(encodeForm([['A', '5€']], 'iso-8859-1'))).toBe('A=5%3F');
  });

  test('does not encode digits, letters, hyphen, underscore, dot and tilde', () => {
    expect(latin1Text(encodeForm(new Map([['SHA-1', 'aZ09-_.~']])))).toBe('SHA-1=aZ09-_.~');
  });
});

test('percentEncode writes two upper-case hex digits per byte', () => {
  expect(percentEncode('\n/é')).toBe('%0A%2F%C3%A9');
  expect(percentEncode('\n/é', 'iso-8859-1')).toBe('%0A%2F%E9');
});
