import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAmount, isCurrency } from '../../contracts/index.js';

test.each(['978', '840', '952', '826', '756', '036'])('%s is a currency', (devise) => {
  expect(isCurrency(devise)).toBe(true);
});

test.each(['', '000', '36', '0978', 'EUR', '978 '])('%j is not a currency', (devise) => {
  expect(isCurrency(devise)).toBe(false);
});

test.each([
  [1234, '978', '12.34 EUR'],
  [5, '840', '0.05 USD'],
  [500, '392', '500 JPY'],
  [500, '952', '500 XOF'],
  [1234, '048', '1.234 BHD'],
  [1234, '000', '12.34 000'],
])('formatAmount formats %i of %s as %s', (amount, devise, text) => {
  expect(formatAmount(amount, devise)).toBe(text);
});

test('formatAmount is exact for every amount that fits MONTANT', () => {
  fc.assert(
    fc.property(fc.nat({ max: 9_999_999_999 }), (amount) => {
      expect(Number(formatAmount(amount, '978').replace(/\D/g, ''))).toBe(amount);
    }),
  );
});
