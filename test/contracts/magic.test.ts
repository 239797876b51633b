import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isLuhn,
  magicAmount,
  magicCard,
  OPERATIONS,
  RESPONSE_CODES,
  readMagicAmount,
  readMagicCard,
  SUCCESS,
  TEST_CARDS,
  VARIABLE_BY_NAME,
} from '../../contracts/index.js';
import { digits } from './arbitraries.js';

const CODES = RESPONSE_CODES.map(({ code }) => code).filter((code) => code !== SUCCESS);
const TYPES = OPERATIONS.map(({ TYPE }) => TYPE);
const UNKNOWN_CODES = [SUCCESS, '00777', '105', '', '00105 ', 'toString'];

const ALL = CODES.flatMap((code) => [
  { number: magicCard(code), magic: { code } },
  ...TYPES.map((TYPE) => ({ number: magicCard(code, TYPE), magic: { code, TYPE } })),
]);

describe('magicCard, for every code but success and every TYPE,', () => {
  test('makes 16 digits with a valid Luhn digit', () => {
    expect(ALL.filter(({ number }) => !/^\d{16}$/.test(number) || !isLuhn(number))).toEqual([]);
  });

  test('is reversed by readMagicCard', () => {
    expect(ALL.map(({ number }) => readMagicCard(number))).toEqual(ALL.map(({ magic }) => magic));
  });

  test('makes a unique number that is not a published test card', () => {
    expect(new Set([...ALL.map(({ number }) => number), ...TEST_CARDS.map(({ PORTEUR }) => PORTEUR)]).size).toBe(
      ALL.length + TEST_CARDS.length,
    );
  });
});

describe('magicCard', () => {
  test('has the documented format', () => {
    expect(magicCard('00105')).toBe('1111220000001055');
    expect(magicCard('00105', '00002').slice(0, 15)).toBe('111122020000105');
  });

  test('accepts a TYPE padded or not', () => {
    expect(magicCard('00105', '2')).toBe(magicCard('00105', '00002'));
    expect(magicCard('00105', '052')).toBe(magicCard('00105', '00052'));
  });

  test.each(UNKNOWN_CODES)('throws for the code %j', (code) => {
    expect(() => magicCard(code)).toThrow(RangeError);
  });

  test.each(['00000', '00006', '', '152', 'capture'])('throws for the TYPE %j', (type) => {
    expect(() => magicCard('00105', type)).toThrow(RangeError);
  });
});

describe('readMagicCard', () => {
  test.each(TEST_CARDS)('returns undefined for the published card $PORTEUR', ({ PORTEUR }) => {
    expect(readMagicCard(PORTEUR)).toBeUndefined();
  });

  test('returns undefined for a number of the same format with an unknown code or TYPE', () => {
    expect(['00000', '00777'].map((code) => readMagicCard(`1111220000${code}0`))).toEqual([undefined, undefined]);
    expect(readMagicCard('1111229900001050')).toBeUndefined();
  });

  test('returns undefined for a number that only starts or ends like one of magicCard', () => {
    expect([`${magicCard('00105')}0`, `0${magicCard('00105')}`, magicCard('00105').slice(0, 15)].map(readMagicCard)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('returns undefined for every number that magicCard does not make, regardless of the Luhn digit', () => {
    const made = new Set(ALL.map(({ number }) => number.slice(0, 15)));
    fc.assert(
      fc.property(
        fc.oneof(
          digits(0, 20),
          digits(10).map((rest) => `111122${rest}`),
        ),
        (text) => {
          expect(readMagicCard(text) !== undefined).toBe(text.length === 16 && made.has(text.slice(0, 15)));
        },
      ),
    );
  });
});

describe('magicAmount', () => {
  test('has the documented format', () => {
    expect(magicAmount('00105')).toBe(9_900_105);
  });

  test.each(CODES)('requests %s, fits MONTANT and is reversed by readMagicAmount', (code) => {
    expect(readMagicAmount(magicAmount(code))).toEqual({ code });
    expect(String(magicAmount(code)).length).toBeLessThanOrEqual(VARIABLE_BY_NAME.get('MONTANT')?.length[1] ?? 0);
  });

  test.each(UNKNOWN_CODES)('throws for the code %j', (code) => {
    expect(() => magicAmount(code)).toThrow(RangeError);
  });
});

test.each([0, 1000, 105, 9_900_000, 9_900_777, 990_105, 99_001_050, 19_900_105, -9_900_105, 9_900_105.5, Number.NaN])(
  'readMagicAmount returns undefined for %d',
  (amount) => {
    expect(readMagicAmount(amount)).toBeUndefined();
  },
);
