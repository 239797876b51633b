import { describe, expect, test } from 'vitest';
import type { Attempt, Said, Statement, Task } from '../../../scenarios/explore/attempt.js';
import { breachesOf, LAWS, type Trial } from '../../../scenarios/explore/laws.js';
import { type Observation, type ObservedPayment, type ObservedQuestion, totalsOf } from '../../../scenarios/explore/observation.js';

const says = (task: Task, said: Said, more: Partial<Statement> = {}): Statement => ({
  task,
  said,
  ending: 'normal',
  text: `${task} ${said}`,
  showsCard: false,
  ...more,
});

const attempt = (...statements: Statement[]): Attempt => ({ statements });

const payment = (more: Partial<ObservedPayment> = {}): ObservedPayment => ({
  id: '1',
  standing: 'captured',
  authorized: 1000,
  captured: 1000,
  refunded: 0,
  transactions: [{ kind: 'payment', MONTANT: 1000 }],
  ...more,
});

const question = (more: Partial<ObservedQuestion> = {}): ObservedQuestion => ({
  TYPE: '00003',
  operation: 'pay',
  CODEREPONSE: '00000',
  payment: '1',
  request: [['MONTANT', '0000001000']],
  findings: [],
  ...more,
});

const books = (payments: readonly ObservedPayment[], questions: readonly ObservedQuestion[] = [question()]): Observation => ({
  payments,
  questions,
});

const PAID = books([payment()]);
const OPEN = books([payment({ standing: 'authorized', captured: 0 })]);
const NOTHING = books([], []);

function trial(first: Attempt, afterFirst: Observation, more: Partial<Trial> = {}): Trial {
  return { order: { amount: 1000 }, first, afterFirst, atEnd: afterFirst, usualErrors: new Set(), ...more };
}

const brokenBy = (one: Trial): string[] => breachesOf(one).map(({ law }) => law);

const UNSURE = attempt(says('pay', 'unsure'));

/** A run that breaks each law, and nothing that is more serious. */
const BREAKING: Readonly<Record<string, Trial>> = {
  'charged-once': trial(UNSURE, books([payment(), payment({ id: '2' })])),
  'refunded-once': trial(attempt(says('refund', 'unsure')), books([payment({ refunded: 1000, standing: 'refunded' })]), {
    order: { amount: 1000, refund: 500 },
  }),
  'said-paid': trial(attempt(says('pay', 'done')), NOTHING),
  'said-refused': trial(attempt(says('pay', 'refused')), PAID),
  'refusal-final': trial(attempt(says('pay', 'done')), books([payment()], [question({ CODEREPONSE: '00105', payment: '' }), question()])),
  recovers: trial(UNSURE, NOTHING, { second: UNSURE }),
  'left-authorized': trial(UNSURE, OPEN),
  ends: trial(attempt(says('pay', 'unsure', { ending: 'crash' })), NOTHING),
  'no-card-shown': trial(attempt(says('pay', 'unsure', { showsCard: true })), NOTHING),
  'no-new-error': trial(
    attempt(says('pay', 'done')),
    books([payment()], [question({ findings: [{ rule: 'numbers-swapped', severity: 'error', message: 'x' }] })]),
  ),
};

describe.each(LAWS)('the law $id', ({ id }) => {
  test('is broken', () => {
    expect(brokenBy(BREAKING[id] as Trial)[0]).toBe(id);
  });

  test('holds where the order is paid', () => {
    expect(brokenBy(trial(attempt(says('pay', 'done')), PAID))).toEqual([]);
  });
});

describe('the laws hold', () => {
  test.each([
    ['a refusal', trial(attempt(says('pay', 'refused')), NOTHING)],
    ['a lost question that was tried again', trial(UNSURE, NOTHING, { second: attempt(says('pay', 'done')), atEnd: PAID })],
    ['a lost reply that a person decides about', trial(UNSURE, PAID)],
    [
      'a payment that was cancelled',
      trial(attempt(says('authorize', 'done'), says('cancel', 'done')), books([payment({ standing: 'cancelled', captured: 0 })])),
    ],
    [
      'a second capture after a lost reply',
      trial(attempt(says('authorize', 'done'), says('capture', 'unsure')), PAID, { second: attempt(says('capture', 'refused')) }),
    ],
    [
      'an authorization that ended',
      trial(attempt(says('authorize', 'done'), says('capture', 'refused')), books([payment({ standing: 'expired', captured: 0 })])),
    ],
    ['a finding that the flow always has', { ...BREAKING['no-new-error'], usualErrors: new Set(['numbers-swapped']) } as Trial],
    [
      'a second question about a refusal that was lost',
      trial(attempt(says('pay', 'done')), books([payment()], [question({ CODEREPONSE: '00105', clientReceived: 'drop' }), question()])),
    ],
  ])('after %s', (_, one) => {
    expect(brokenBy(one)).toEqual([]);
  });
});

describe('a question that the gateway processed twice', () => {
  const again = question({ payment: '2', clientReceived: 'again' });

  test('counts once', () => {
    expect(totalsOf(books([payment(), payment({ id: '2' })], [question(), again]))).toMatchObject({ payments: 1, captured: 1000 });
  });

  test('counts as the payment that the shop went on with', () => {
    const gone = payment({ id: '2', refunded: 1000, transactions: [...payment().transactions, { kind: 'refund', MONTANT: 1000 }] });
    expect(totalsOf(books([payment(), gone], [question(), again]))).toMatchObject({ payments: 1, refunded: 1000 });
  });

  test('is refunded once', () => {
    const refund = question({ operation: 'refund', request: [['MONTANT', '400']] });
    const twice = books([payment({ refunded: 800 })], [question(), refund, { ...refund, clientReceived: 'again' }]);
    expect(totalsOf(twice)).toMatchObject({ refunded: 400 });
  });

  test('counts twice where the shop asked twice', () => {
    expect(totalsOf(books([payment(), payment({ id: '2' })], [question(), question({ payment: '2' })]))).toMatchObject({ payments: 2 });
  });
});
