import { expect, test } from 'vitest';
import { inProcessSandboxes } from '../../../cli/explore/in-process-sandbox.js';
import { codeFlow, type ShopStep } from '../../../scenarios/explore/code-flow.js';
import { explore } from '../../../scenarios/explore/explore.js';
import { kindBy } from '../../../scenarios/explore/kinds.js';
import { explorationText } from '../../../scenarios/explore/report/text.js';
import { shopSteps } from './shop.js';

const { pay } = shopSteps();

/** Pays only if no other worker does: the shop's database has a lock. */
const payLocked: ShopStep = async (shop) => {
  if (shop.stored.has('lock')) return 'unknown';
  shop.stored.set('lock', 'taken');
  try {
    return await pay(shop);
  } finally {
    shop.stored.delete('lock');
  }
};

const exploreOrder = (step: ShopStep) =>
  explore({
    flow: codeFlow({ amount: 1000, steps: { pay: step }, workers: 2 }),
    sandboxes: inProcessSandboxes(),
    kinds: [kindBy('switch')],
    depth: 4,
    jobs: 1,
  });

test('finds two workers that both look the order up before either pays', async () => {
  const { failures } = await exploreOrder(pay);
  const [failure] = failures;
  expect(failures.map(({ law }) => law)).toContain('charged-once');
  expect(failure?.run.plan).toEqual([{ kind: 'switch', at: 1 }]);
  expect(failure?.run.points.map(({ operation }) => operation)).toEqual(['exists', 'exists', 'pay', 'pay']);
});

test('holds with a lock in the database, in every order', async () => {
  const exploration = await exploreOrder(payLocked);
  expect(exploration.failures, explorationText(exploration)).toEqual([]);
  expect(exploration.results.length).toBeGreaterThan(3);
});

test('hands over where a rule holds the reply, also when a host cannot be reached', async () => {
  const { results } = await explore({
    flow: codeFlow({ amount: 1000, steps: { pay: payLocked }, workers: 2 }),
    sandboxes: inProcessSandboxes(),
    kinds: ['main-down', 'switch'].map(kindBy),
    depth: 2,
    jobs: 1,
  });
  const pointsOf = (key: string) =>
    results.find(({ plan }) => plan.map(({ kind, at }) => `${kind}@${at}`).join(' ') === key)?.points.map(({ operation }) => operation);
  // Each question is sent twice: to the main host, which refuses the connection, and to the backup host.
  expect(pointsOf('switch@1')).toEqual(['exists', 'pay']);
  expect(pointsOf('main-down@0 switch@1')).toEqual(pointsOf('switch@1'));
});

test('makes the same runs again', async () => {
  const [first, second] = await Promise.all([exploreOrder(pay), exploreOrder(pay)]);
  expect(second.results.map(({ plan, signature }) => [plan, signature])).toEqual(
    first.results.map(({ plan, signature }) => [plan, signature]),
  );
});
