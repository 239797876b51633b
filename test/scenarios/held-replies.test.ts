import { expect, test } from 'vitest';
import { failuresOf, runReachable } from './support.js';

const rule = (from: number, hold: number): string => `{ from: ${from}, times: 1, fault: { hold: ${hold} } }`;

test('two steps take turns as rules hold their replies', async () => {
  const summary = await runReachable(
    `given: { rules: [${rule(1, 1)}] }\nsteps: [{ together: [{ send: pay, as: one }, { send: pay, as: two, with: { REFERENCE: other } }], expect: { money: { payments: 2 } } }]`,
  );
  expect(failuresOf(summary)).toEqual([]);
});

test('what is held for the last of two steps is released', async () => {
  const summary = await runReachable(
    `given: { rules: [${rule(1, 1000)}] }\nsteps: [{ together: [{ send: pay, as: one }, { send: pay, as: two, with: { REFERENCE: other } }], expect: { money: { payments: 2 } } }]`,
  );
  expect(failuresOf(summary)).toEqual([]);
});
