import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cardTraits, isLuhn, luhnDigit, TEST_CARDS } from '../../contracts/index.js';
import { digits } from './arbitraries.js';

const numbersThat = (outcome: 'accepted' | 'luhn') => TEST_CARDS.filter((card) => card.outcome === outcome).map(({ PORTEUR }) => PORTEUR);

describe('published test cards', () => {
  test('those accepted are the ones of the protocol sheet and end in their Luhn digit', () => {
    const accepted = numbersThat('accepted');
    expect(accepted).toEqual([
      '1111222233334444',
      '4012001037141112',
      '4012001038443335',
      '5555555555554444',
      '4975660000000004',
      '4970100000025102',
    ]);
    expect(accepted.filter((number) => !isLuhn(number))).toEqual([]);
  });

  test('those refused for their Luhn digit are the ones of the protocol sheet and do not end in it', () => {
    const refused = numbersThat('luhn');
    expect(refused).toEqual(['1111222233334445', '1111222233335555', '4012001037141113', '9999999999999999']);
    expect(refused.filter(isLuhn)).toEqual([]);
  });

  test('one is enrolled in 3-D Secure', () => {
    expect(TEST_CARDS.filter(({ enrolled }) => enrolled).map(({ PORTEUR }) => PORTEUR)).toEqual(['4012001037141112']);
  });
});

describe('cardTraits', () => {
  test('gives the type and country the gateway was seen to reply', () => {
    expect(cardTraits('4012001037141112')).toMatchObject({ TYPECARTE: 'cb2a5.2', PAYS: 'USA', enrolled: true });
  });

  test.each([
    ['4', 'VISA'],
    ['51', 'MASTERCARD'],
    ['55', 'MASTERCARD'],
    ['2221', 'MASTERCARD'],
    ['2720', 'MASTERCARD'],
    ['34', 'AMEX'],
    ['37', 'AMEX'],
    ['1', 'CB'],
    ['50', 'CB'],
    ['2220', 'CB'],
    ['2721', 'CB'],
    ['', 'CB'],
  ])('takes an unpublished card that begins with %j for %s, of unknown country, not enrolled', (start, TYPECARTE) => {
    expect(cardTraits(start)).toEqual({ TYPECARTE, PAYS: '???', enrolled: false });
  });
});

describe('isLuhn', () => {
  const completed = digits(1, 20).map((body) => body + luhnDigit(body));

  test('holds for a number completed with its digit and for no other last digit', () => {
    fc.assert(
      fc.property(digits(1, 20), (body) => {
        expect([...'0123456789'].filter((last) => isLuhn(body + last))).toEqual([luhnDigit(body)]);
      }),
    );
  });

  test('sees any one wrong digit', () => {
    fc.assert(
      fc.property(completed, fc.nat(), fc.integer({ min: 1, max: 9 }), (number, n, shift) => {
        const at = n % number.length;
        const wrong = String((Number(number.charAt(at)) + shift) % 10);
        expect(isLuhn(number.slice(0, at) + wrong + number.slice(at + 1))).toBe(false);
      }),
    );
  });

  test.each(['', '0', '4012 0010 3714 1112', '4012001037141112\n', 'ABCDEFGHIJK'])('does not hold for %j', (text) => {
    expect(isLuhn(text)).toBe(false);
  });
});
