import { describe, expect, test } from 'vitest';
import { linearize, type Operation, type Sequential } from './linearize.js';
import { type PaymentQuestion, type PaymentReply, paymentObject } from './payment-object.js';

type History = readonly Operation<number | 'read', number>[];

/** A register: written with a number, told the number last written. */
const REGISTER: Sequential<number, number | 'read', number> = {
  initial: 0,
  step: (value, asked, told) => {
    if (asked !== 'read') return asked;
    return told === value ? value : undefined;
  },
  keyOf: String,
};

const operation = <Asked, Told>(from: number, to: number, asked: Asked, told: Told): Operation<Asked, Told> => ({ from, to, asked, told });

describe('of a register', () => {
  test.each<readonly [what: string, history: History]>([
    ['nothing', []],
    ['a read after a write', [operation(0, 1, 5, 5), operation(2, 3, 'read', 5)]],
    ['a read during a write that sees it', [operation(0, 9, 5, 5), operation(2, 3, 'read', 5)]],
    ['a read during a write that does not', [operation(0, 9, 5, 5), operation(2, 3, 'read', 0)]],
    ['two writes at once, read either way', [operation(0, 9, 5, 5), operation(0, 9, 6, 6), operation(10, 11, 'read', 5)]],
  ])('%s has an order', (_, history) => {
    expect(linearize(history, REGISTER)).toHaveLength(history.length);
  });

  test.each<readonly [what: string, history: History]>([
    ['a read that does not see what was answered before', [operation(0, 1, 5, 5), operation(2, 3, 'read', 0)]],
    ['a read of what nobody wrote', [operation(0, 9, 5, 5), operation(2, 3, 'read', 6)]],
    ['two reads that see a write and then do not', [operation(0, 9, 5, 5), operation(1, 2, 'read', 5), operation(3, 4, 'read', 0)]],
  ])('%s has none', (_, history) => {
    expect(linearize(history, REGISTER)).toBeUndefined();
  });
});

describe('of a payment authorized for 1000', () => {
  const capture: PaymentQuestion = { kind: 'capture', amount: 1000 };
  const refund = (amount: number): PaymentQuestion => ({ kind: 'refund', amount });
  const inquiry: PaymentQuestion = { kind: 'inquire', amount: 0 };
  const done: PaymentReply = { code: '00000' };
  const refused: PaymentReply = { code: '00015' };
  const object = paymentObject(1000);

  test('one of two captures at once may succeed, not both and not none', () => {
    const both = (one: PaymentReply, other: PaymentReply) => [operation(0, 9, capture, one), operation(0, 9, capture, other)];
    expect(linearize(both(refused, done), object)).toBeDefined();
    expect(linearize(both(done, done), object)).toBeUndefined();
    expect(linearize(both(refused, refused), object)).toBeUndefined();
  });

  test('refunds may not come to more than was captured', () => {
    const captured = operation(0, 1, capture, done);
    const refunds = (last: string) => [captured, operation(2, 9, refund(600), done), operation(2, 9, refund(600), { code: last })];
    expect(linearize(refunds('00011'), object)).toBeDefined();
    expect(linearize(refunds('00000'), object)).toBeUndefined();
  });

  test('an inquiry after the reply to a capture sees it', () => {
    const seen = (STATUS: string) => [operation(0, 1, capture, done), operation(2, 3, inquiry, { code: '00000', STATUS })];
    expect(linearize(seen('Capturé'), object)).toBeDefined();
    expect(linearize(seen('Autorisé'), object)).toBeUndefined();
  });
});
