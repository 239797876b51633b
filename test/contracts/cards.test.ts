import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cardTraits, cvvLength, isLuhn, luhnDigit, TEST_CARDS } from '../../contracts/index.js';
import { digits } from './arbitraries.js';

const numbersWith = (outcome: 'accepted' | 'luhn') => TEST_CARDS.filter((card) => card.outcome === outcome).map(({ PORTEUR }) => PORTEUR);

describe('published test cards', () => {
  test('the accepted ones are those of the protocol sheet and have a valid Luhn digit', () => {
    const accepted = numbersWith('accepted');
    expect(accepted).toEqual([
      '1111222233334444',
      '4012001037141112',
      '4012001038443335',
      '4000000000001000',
      '4000000000001091',
      '4242424242424242',
      '5200000000000007',
      '5555555555554444',
      '4975660000000004',
      '4970100000025102',
    ]);
    expect(accepted.filter((number) => !isLuhn(number))).toEqual([]);
  });

  test('the ones with a wrong Luhn digit are those of the protocol sheet', () => {
    const refused = numbersWith('luhn');
    expect(refused).toEqual(['1111222233334445', '1111222233335555', '4012001037141113', '9999999999999999']);
    expect(refused.filter(isLuhn)).toEqual([]);
  });

  test('three are enrolled in 3-D Secure', () => {
    expect(TEST_CARDS.filter(({ enrolled }) => enrolled).map(({ PORTEUR }) => PORTEUR)).toEqual([
      '4012001037141112',
      '4000000000001000',
      '4000000000001091',
    ]);
  });

  test('three have a token that was observed', () => {
    expect(TEST_CARDS.filter(({ token }) => token).map(({ PORTEUR, token }) => [PORTEUR, token])).toEqual([
      ['1111222233334444', 'SLDLrcsLMPC'],
      ['4012001038443335', 'CMDLpStLLLs'],
      ['4242424242424242', 'SLDLrcsLMPC'],
    ]);
  });
});

describe('cardTraits', () => {
  test('returns the observed type and country of a published card', () => {
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
    ['36', 'DINERS'],
    ['3530', 'JCB'],
    ['6759', 'MAESTRO'],
    ['1', 'CB'],
    ['2220', 'CB'],
    ['2721', 'CB'],
    ['0', 'CB'],
  ])('returns, for an unpublished card that begins with %j, type %s, unknown country, not enrolled', (start, TYPECARTE) => {
    expect(cardTraits(start.padEnd(16, '0'))).toEqual({ TYPECARTE, PAYS: '???', enrolled: false });
  });
});

test.each(['', '4', '4970', '49701000', 'TOKENTOKENT'])('cardTraits of %j, which is not a card number, is CB', (porteur) => {
  expect(cardTraits(porteur).TYPECARTE).toBe('CB');
});

test.each([
  ['378282246310005', 4],
  ['4012001038443335', 3],
  ['5555555555554444', 3],
  ['1111222233334444', 3],
])('the CVV of %s has %i digits', (porteur, length) => {
  expect(cvvLength(porteur)).toBe(length);
});

describe('isLuhn', () => {
  const completed = digits(1, 20).map((body) => body + luhnDigit(body));

  test('is true for exactly one last digit, the one of luhnDigit', () => {
    fc.assert(
      fc.property(digits(1, 20), (body) => {
        expect([...'0123456789'].filter((last) => isLuhn(body + last))).toEqual([luhnDigit(body)]);
      }),
    );
  });

  test('is false if any one digit is wrong', () => {
    fc.assert(
      fc.property(completed, fc.nat(), fc.integer({ min: 1, max: 9 }), (number, n, shift) => {
        const at = n % number.length;
        const wrong = String((Number(number.charAt(at)) + shift) % 10);
        expect(isLuhn(number.slice(0, at) + wrong + number.slice(at + 1))).toBe(false);
      }),
    );
  });

  test.each(['', '0', '4012 0010 3714 1112', '4012001037141112\n', 'ABCDEFGHIJK'])('is false for %j', (text) => {
    expect(isLuhn(text)).toBe(false);
  });
});
