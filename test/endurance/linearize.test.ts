import { describe, expect, test } from 'vitest';
import { linearize, type SequentialSpec, type TimedCall } from './linearize.js';
import { type PaymentQuestion, type PaymentReply, paymentObject } from './payment-object.js';

type History = readonly TimedCall<number | 'read', number>[];

/** A register: a number writes it, 'read' returns the number that was written last. */
const REGISTER: SequentialSpec<number, number | 'read', number> = {
  initial: 0,
  step: (value, input, output) => {
    if (input !== 'read') return input;
    return output === value ? value : undefined;
  },
  keyOf: String,
};

const call = <Input, Output>(from: number, to: number, input: Input, output: Output): TimedCall<Input, Output> => ({
  from,
  to,
  input,
  output,
});

describe('a history of a register', () => {
  test.each<readonly [what: string, history: History]>([
    ['no calls', []],
    ['a read after a write', [call(0, 1, 5, 5), call(2, 3, 'read', 5)]],
    ['a read during a write that sees it', [call(0, 9, 5, 5), call(2, 3, 'read', 5)]],
    ['a read during a write that does not', [call(0, 9, 5, 5), call(2, 3, 'read', 0)]],
    ['two writes at once, read either way', [call(0, 9, 5, 5), call(0, 9, 6, 6), call(10, 11, 'read', 5)]],
  ])('with %s is linearizable', (_, history) => {
    expect(linearize(history, REGISTER)).toHaveLength(history.length);
  });

  test.each<readonly [what: string, history: History]>([
    ['a read that does not see an earlier write', [call(0, 1, 5, 5), call(2, 3, 'read', 0)]],
    ['a read of a value that was not written', [call(0, 9, 5, 5), call(2, 3, 'read', 6)]],
    ['two reads of which only the first sees a write', [call(0, 9, 5, 5), call(1, 2, 'read', 5), call(3, 4, 'read', 0)]],
  ])('with %s is not linearizable', (_, history) => {
    expect(linearize(history, REGISTER)).toBeUndefined();
  });
});

describe('in a history of a payment authorized for 1000', () => {
  const capture: PaymentQuestion = { kind: 'capture', amount: 1000 };
  const refund = (amount: number): PaymentQuestion => ({ kind: 'refund', amount });
  const inquiry: PaymentQuestion = { kind: 'inquire', amount: 0 };
  const done: PaymentReply = { code: '00000' };
  const refused: PaymentReply = { code: '00015' };
  const object = paymentObject(1000);

  test('exactly one of two concurrent captures succeeds', () => {
    const both = (one: PaymentReply, other: PaymentReply) => [call(0, 9, capture, one), call(0, 9, capture, other)];
    expect(linearize(both(refused, done), object)).toBeDefined();
    expect(linearize(both(done, done), object)).toBeUndefined();
    expect(linearize(both(refused, refused), object)).toBeUndefined();
  });

  test('refunds do not exceed the captured amount', () => {
    const captured = call(0, 1, capture, done);
    const refunds = (last: string) => [captured, call(2, 9, refund(600), done), call(2, 9, refund(600), { code: last })];
    expect(linearize(refunds('00011'), object)).toBeDefined();
    expect(linearize(refunds('00000'), object)).toBeUndefined();
  });

  test('an inquiry after the reply to a capture sees it', () => {
    const seen = (STATUS: string) => [call(0, 1, capture, done), call(2, 3, inquiry, { code: '00000', STATUS })];
    expect(linearize(seen('Capturé'), object)).toBeDefined();
    expect(linearize(seen('Autorisé'), object)).toBeUndefined();
  });
});
