import { describe, expect, it } from 'vitest';
import { InterpolationError, interpolate, interpolateAll, type Names } from '../../scenarios/interpolate.js';

const NAMES: Names = {
  values: { amount: '1000', empty: '', price: '$& $1' },
  replies: { order: { NUMTRANS: '0001000001', PORTEUR: '' }, refund: { NUMTRANS: '0001000002' } },
};

describe('${…} in a scenario', () => {
  it('is replaced by a value, each time it occurs', () => {
    expect(interpolate('MONTANT=${amount}&again=${amount}', NAMES)).toBe('MONTANT=1000&again=1000');
  });

  it('is replaced by a field of an earlier reply, with its leading zeros', () => {
    expect(interpolate('${order.NUMTRANS}/${refund.NUMTRANS}', NAMES)).toBe('0001000001/0001000002');
  });

  it('can be replaced by an empty value or field', () => {
    expect(interpolate('[${empty}${order.PORTEUR}]', NAMES)).toBe('[]');
  });

  it('stays unchanged after a second dollar sign', () => {
    expect(interpolate('$${amount} is ${amount}, $5 and $$', NAMES)).toBe('${amount} is 1000, $5 and $$');
  });

  it('inserts the value unchanged, even if it looks like a replacement pattern', () => {
    expect(interpolate('${price}', NAMES)).toBe('$& $1');
  });

  it('is replaced in every string of a value, but not in its keys', () => {
    const value = { a: ['${amount}', 5, true, null], '${amount}': { b: '${order.NUMTRANS}' } };
    expect(interpolateAll(value, NAMES)).toEqual({ a: ['1000', 5, true, null], '${amount}': { b: '0001000001' } });
  });

  it.each([
    ['${montant}', '${montant}: unknown name; known names: amount, empty, price.'],
    ['${}', '${}: unknown name; known names: amount, empty, price.'],
    ['${constructor}', '${constructor}: unknown name; known names: amount, empty, price.'],
    ['${ordre.NUMTRANS}', '${ordre.NUMTRANS}: no earlier step is named ordre; named steps: order, refund.'],
    ['${toString.name}', '${toString.name}: no earlier step is named toString; named steps: order, refund.'],
    ['${refund.REMISE}', '${refund.REMISE}: the reply to refund has no REMISE; it has NUMTRANS.'],
    ['${order.valueOf}', '${order.valueOf}: the reply to order has no valueOf; it has NUMTRANS, PORTEUR.'],
    ['${order.NUMTRANS.first}', '${order.NUMTRANS.first}: the reply to order has no NUMTRANS.first; it has NUMTRANS, PORTEUR.'],
  ])('with an unknown name fails with the known names: %s', (text, message) => {
    expect(() => interpolate(text, NAMES)).toThrow(new InterpolationError(message));
  });

  it('fails if no step has a name yet', () => {
    expect(() => interpolate('${order.NUMTRANS}', { values: {}, replies: {} })).toThrow(
      'no earlier step is named order; named steps: none.',
    );
  });
});
