import { expect, test } from 'vitest';
import { Underway } from '../../simulator/gateway/in-flight.js';

/** What has been settled of these, in their order, once everything that can be told at once is told. */
async function told(...waits: readonly Promise<void>[]): Promise<readonly boolean[]> {
  const settled = waits.map(() => false);
  waits.forEach((wait, i) => void wait.then(() => (settled[i] = true)));
  await new Promise(setImmediate);
  return settled;
}

test('nothing under way is settled at once', async () => {
  expect(await told(new Underway().settled())).toEqual([true]);
});

test('what began is waited for, and what begins later is not', async () => {
  const underway = new Underway();
  const [first, second] = [underway.begin(), underway.begin()];
  const wait = underway.settled();
  underway.begin();
  underway.end(first);
  expect(await told(wait)).toEqual([false]);
  underway.end(second);
  expect(await told(wait)).toEqual([true]);
});

test('who waits later waits for what was under way earlier too', async () => {
  const underway = new Underway();
  const early = underway.begin();
  const firstWait = underway.settled();
  const late = underway.begin();
  const secondWait = underway.settled();
  const thirdWait = underway.settled();
  underway.end(late);
  expect(await told(firstWait, secondWait, thirdWait)).toEqual([false, false, false]);
  underway.end(early);
  expect(await told(firstWait, secondWait, thirdWait)).toEqual([true, true, true]);
});
