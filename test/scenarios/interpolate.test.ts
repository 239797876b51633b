import { describe, expect, it } from 'vitest';
import { InterpolationError, interpolate, interpolateAll, type Names } from '../../scenarios/interpolate.js';

const NAMES: Names = {
  values: { amount: '1000', empty: '', price: '$& $1' },
  replies: { order: { NUMTRANS: '0001000001', PORTEUR: '' }, refund: { NUMTRANS: '0001000002' } },
};

describe('${…} in a scenario', () => {
  it('stands for a value, however often', () => {
    expect(interpolate('MONTANT=${amount}&again=${amount}', NAMES)).toBe('MONTANT=1000&again=1000');
  });

  it('stands for a field of an earlier reply, leading zeros kept', () => {
    expect(interpolate('${order.NUMTRANS}/${refund.NUMTRANS}', NAMES)).toBe('0001000001/0001000002');
  });

  it('may stand for an empty value or field', () => {
    expect(interpolate('[${empty}${order.PORTEUR}]', NAMES)).toBe('[]');
  });

  it('is kept as it is behind a second dollar', () => {
    expect(interpolate('$${amount} is ${amount}, $5 and $$', NAMES)).toBe('${amount} is 1000, $5 and $$');
  });

  it('brings the value in unchanged, whatever it looks like', () => {
    expect(interpolate('${price}', NAMES)).toBe('$& $1');
  });

  it('is replaced in every text of a value, and nowhere else', () => {
    const value = { a: ['${amount}', 5, true, null], '${amount}': { b: '${order.NUMTRANS}' } };
    expect(interpolateAll(value, NAMES)).toEqual({ a: ['1000', 5, true, null], '${amount}': { b: '0001000001' } });
  });

  it.each([
    ['${montant}', '${montant} names no value; there are amount, empty, price.'],
    ['${}', '${} names no value; there are amount, empty, price.'],
    ['${constructor}', '${constructor} names no value; there are amount, empty, price.'],
    ['${ordre.NUMTRANS}', '${ordre.NUMTRANS}: no earlier step is named ordre; there are order, refund.'],
    ['${toString.name}', '${toString.name}: no earlier step is named toString; there are order, refund.'],
    ['${refund.REMISE}', '${refund.REMISE}: the reply to refund has no REMISE; it has NUMTRANS.'],
    ['${order.valueOf}', '${order.valueOf}: the reply to order has no valueOf; it has NUMTRANS, PORTEUR.'],
    ['${order.NUMTRANS.first}', '${order.NUMTRANS.first}: the reply to order has no NUMTRANS.first; it has NUMTRANS, PORTEUR.'],
  ])('that names nothing is told what there is: %s', (text, message) => {
    expect(() => interpolate(text, NAMES)).toThrow(new InterpolationError(message));
  });

  it('says that no step has a name yet', () => {
    expect(() => interpolate('${order.NUMTRANS}', { values: {}, replies: {} })).toThrow('no earlier step is named order; there are none.');
  });
});
