import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ISSUER_CODES, isLuhn, magicCard, maskCard, maskCardsIn, TEST_CARDS } from '../../contracts/index.js';
import { digits } from './arbitraries.js';

const CARDS = [
  ...TEST_CARDS.filter(({ outcome }) => outcome === 'accepted').map(({ PORTEUR }) => PORTEUR),
  ...ISSUER_CODES.map(({ code }) => magicCard(`001${code}`, '2')),
];

const windows = (number: string, width: number) =>
  Array.from({ length: number.length - width + 1 }, (_, at) => number.slice(at, at + width));

/** Seven consecutive digits of a card number, spaces and hyphens ignored. At least one of them must be masked. */
const leaks = (shown: string, number: string) => windows(number, 7).filter((seven) => shown.replace(/[ -]/g, '').includes(seven));

describe('maskCard', () => {
  test('shows the first six digits and the last four', () => {
    expect(maskCard('1111222233334444')).toBe('111122******4444');
  });

  test.each([0, 1, 4, 10, 12])('masks a value of %i characters completely', (length) => {
    expect(maskCard('4'.repeat(length))).toBe('*'.repeat(length));
  });

  test('keeps the length and masks all but the first six and the last four digits', () => {
    fc.assert(
      fc.property(digits(13, 30), (number) => {
        expect(maskCard(number)).toBe(number.slice(0, 6).padEnd(number.length - 4, '*') + number.slice(-4));
      }),
    );
  });
});

describe('maskCardsIn', () => {
  test.each([
    ['a card', '4012001037141112', '401200******1112'],
    ['a card within words', 'carte 4012001037141112, merci', 'carte 401200******1112, merci'],
    ['a card in groups of four', '4012 0010 3714 1112', '4012 00** **** 1112'],
    ['a card with hyphens', '4012-0010-3714-1112', '4012-00**-****-1112'],
    ['a card between letters', 'CB4012001037141112x', 'CB401200******1112x'],
    ['a card in a body', 'A=1&B=4012001037141112&C=2', 'A=1&B=401200******1112&C=2'],
    ['two cards', '4012001037141112 1111222233334444', '401200******1112 111122******4444'],
    ['a card before its CVV', '4012001037141112 123', '401200******1112 123'],
    ['a card after a number', '2 4012001037141112', '2 401200******1112'],
    ['a card in groups between numbers', '12 4012 0010 3714 1112 12', '12 4012 00** **** 1112 12'],
  ])('masks %s', (_, text, masked) => {
    expect(maskCardsIn(text)).toBe(masked);
  });

  test.each([
    ['digits with a wrong Luhn digit', '4012001037141113'],
    ['twelve digits', '000000000000'],
    ['twenty digits in a row', '00000000000000000000'],
    ['two spaces between digits', '4012  0010  3714  1112'],
    ['a date and an amount', 'le 10062026 à 12:00, 12345678 EUR'],
    ['text outside ISO-8859-1', 'été 😀 €'],
    ['an empty text', ''],
  ])('does not change %s', (_, text) => {
    expect(maskCardsIn(text)).toBe(text);
  });

  // The cards of fives and of 42 are left out: a random digit next to them would look like one of their own.
  const card = fc.constantFrom(...CARDS.filter((number) => !/^(5|42){7}/.test(number)));
  const written = fc.constantFrom(
    (number: string) => number,
    (number: string) => number.replace(/\d{4}(?=\d)/g, '$& '),
    (number: string) => number.replace(/\d{4}(?=\d)/g, '$&-'),
    (number: string) => number.replace(/\d(?=\d)/g, '$& '),
  );
  const gap = fc.constantFrom(' ', '-', ', ', '=', 'x', '\n');
  const around = fc.array(fc.oneof(digits(1, 5), fc.constantFrom('carte', 'é', '')), { maxLength: 4 });

  test('shows no seven consecutive digits of a card, in any context', () => {
    fc.assert(
      fc.property(card, written, gap, around, around, (number, write, between, before, after) => {
        const text = [...before, write(number), ...after].join(between);
        expect(leaks(text, number).length).toBeGreaterThanOrEqual(10);
        expect(leaks(maskCardsIn(text), number)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('replaces digits only, and only in runs of thirteen or more', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0000012345 -x') }), (text) => {
        const masked = maskCardsIn(text);
        expect(masked).toHaveLength(text.length);
        const changed = [...text].filter((character, at) => masked.charAt(at) !== character);
        expect(changed.every((character) => /\d/.test(character))).toBe(true);
        if (!/\d(?:[ -]?\d){12}/.test(text)) expect(changed).toEqual([]);
      }),
    );
  });

  test('masks a number of 13 to 19 digits if and only if its Luhn digit is valid', () => {
    fc.assert(
      fc.property(digits(13, 19), (number) => {
        expect(maskCardsIn(number)).toBe(isLuhn(number) ? maskCard(number) : number);
      }),
    );
  });

  test('masks a long text of digits and spaces in linear time: quadratic time would exceed the limit of the test', () => {
    for (const text of ['1 '.repeat(60_000), '1'.repeat(120_000)]) expect(maskCardsIn(text)).toHaveLength(120_000);
  });
});
