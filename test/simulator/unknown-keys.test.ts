import { expect, test } from 'vitest';
import type { RuleInput } from '../../simulator/index.js';
import { payboxHandlers } from '../../simulator/testing/msw/index.js';
import { openTestSimulator } from '../support/test-simulator.js';

/** Passes a value to a typed function, as untyped code does. */
const untyped = <Value>(value: object): Value => value as Value;

const WRONG_RULES: readonly (readonly [rule: object, why: RegExp])[] = [
  [{ answer: '00105', macth: { TYPE: 'refund' } }, /^macth: unknown name; known here: id, match, payment/],
  [{ answer: '00105', tymes: 1 }, /^tymes: unknown name/],
  [{ fault: { reply: 'dropp' } }, /^fault\.reply: "dropp" is not one of drop, never/],
  [{ fault: { replly: 'drop' } }, /^fault\.replly: unknown name; known here: processed, reply/],
  [{ fault: { http: 404 } }, /^fault\.http: 404 is not one of 500, 502, 503, 504/],
  [{ answer: '00003', host: 'bakcup' }, /^host: "bakcup" is not one of main, backup/],
];

test.each(WRONG_RULES)('rules.add(%j) throws', (rule, why) => {
  expect(() => openTestSimulator().simulator.gateway.rules.add(untyped<RuleInput>(rule))).toThrow(why);
});

test.each(WRONG_RULES)('addRule(%j) rejects and adds nothing', async (rule, why) => {
  const { gateway } = openTestSimulator().simulator;
  await expect(gateway.addRule(untyped<RuleInput>(rule))).rejects.toThrow(why);
  expect(gateway.rules.list()).toEqual([]);
});

test('rules.add() accepts a valid rule, whatever its values contain', () => {
  const { rules } = openTestSimulator().simulator.gateway;
  const rule = rules.add({
    match: { REFERENCE: { pattern: '^macth$' }, TYPE: ['pay', '00001'] },
    fault: { echo: { SITE: '1' }, delay: 5 },
  });
  expect(rules.list()).toEqual([rule]);
});

test.each([
  [{ clok: '2026-06-10T12:00' }, /^payboxHandlers: clok: unknown name; known here: clock/],
  [{ accounts: [{ SITE: '1999888', RANG: '32', CLEE: 'x' }] }, /^payboxHandlers: accounts\[0\]\.CLEE: unknown name/],
  [{ urls: ['psp.example/pay'] }, /psp\.example\/pay is not a URL/],
])('payboxHandlers(%j) throws', (options, why) => {
  expect(() => payboxHandlers(untyped(options))).toThrow(why);
});
