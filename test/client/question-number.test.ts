import { expect, test, vi } from 'vitest';
import { randomQuestionNumber } from '../../client/index.js';
import { parisDateq } from '../../client/question.js';
import { nextQuestionNumber } from '../../client/question-number.js';

test('a process does not repeat a number, and every number is valid', () => {
  const numbers = Array.from({ length: 200_000 }, randomQuestionNumber);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers.every((number) => Number.isInteger(number) && number >= 1 && number <= 2_147_483_647)).toBe(true);
});

test('numbers are distributed over the whole range', () => {
  const numbers = Array.from({ length: 10_000 }, randomQuestionNumber);
  const quarters = [0, 1, 2, 3].map((quarter) => numbers.filter((number) => Math.floor(number / 2 ** 29) === quarter).length);
  for (const count of quarters) expect(count).toBeGreaterThan(0);
});

test('a newly loaded module, as in another process, returns the numbers in another order', async () => {
  const fresh = async (): Promise<number[]> => {
    vi.resetModules();
    const module = await import('../../client/question-number.js');
    return Array.from({ length: 1_000 }, module.randomQuestionNumber);
  };
  const first = new Set(await fresh());
  const shared = (await fresh()).filter((number) => first.has(number));
  expect(shared.length).toBeLessThan(10);
});

test('a number from an asynchronous source is written with ten digits, and an invalid one throws', async () => {
  expect(await nextQuestionNumber(async () => 42)).toBe('0000000042');
  for (const wrong of [0, -1, 1.5, 2_147_483_648, Number.NaN])
    await expect(nextQuestionNumber(() => wrong)).rejects.toThrow('questionNumber');
});

test.each([
  ['2026-01-31T23:00:00Z', '01022026000000'],
  ['2026-07-14T21:59:59Z', '14072026235959'],
  ['2026-03-29T01:00:00Z', '29032026030000'],
  ['2026-10-25T00:30:00Z', '25102026023000'],
])('DATEQ of %s is %s in Paris', (instant, dateq) => {
  expect(parisDateq(new Date(instant))).toBe(dateq);
});
