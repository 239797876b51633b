import { expect, test } from 'vitest';
import { type Payment, type PaymentState, paymentState, type SeedOptions, seed } from '../../simulator/index.js';
import { NOON } from '../support/question.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { follow, inquire, order } from './orders.js';

async function seeded(options: SeedOptions = {}, clock = NOON): Promise<TestSimulator> {
  const bench = openTestSimulator();
  bench.simulator.clock.set(clock, true);
  await seed(bench.simulator.gateway, options);
  return bench;
}

const paymentsOf = (bench: TestSimulator): Promise<Payment[]> => bench.simulator.gateway.payments({ limit: 10_000 });

test('the same seed on the same clock makes the same payments, in the same states', async () => {
  const [one, two] = [await seeded({ seed: 7 }), await seeded({ seed: 7 })];
  expect(await paymentsOf(two)).toEqual(await paymentsOf(one));
  expect(await two.simulator.gateway.subscribers()).toEqual(await one.simulator.gateway.subscribers());
});

test('another seed makes others', async () => {
  const references = async (value: number) => (await paymentsOf(await seeded({ seed: value }))).map(({ REFERENCE }) => REFERENCE);
  expect(await references(8)).not.toEqual(await references(7));
});

test('payments stand in every state', async () => {
  const bench = await seeded({ payments: 300 });
  const states = (await paymentsOf(bench)).map((payment) => paymentState(payment, bench.simulator.clock.now()));
  const standings = new Set(states.map(({ standing }) => standing));
  expect(standings).toEqual(new Set(['authorized', 'expired', 'captured', 'cancelled', 'refunded', 'refused']));
  const some: Record<string, (state: PaymentState) => boolean> = {
    remitted: ({ isRemitted }) => isRemitted,
    'captured today': ({ standing, isRemitted }) => standing === 'captured' && !isRemitted,
    'captured in part': ({ authorized, captured }) => captured > 0 && captured < authorized,
    'refunded in part': ({ refunded, refundable }) => refunded > 0 && refundable > 0,
  };
  for (const [name, isSo] of Object.entries(some)) expect(states.some(isSo), name).toBe(true);
  expect((await bench.simulator.gateway.subscribers()).length).toBeGreaterThan(0);
});

test('nothing is refused but by the issuer, and nothing lies in the future or before the days asked for', async () => {
  const bench = await seeded({ payments: 200, days: 10 });
  const now = bench.simulator.clock.now();
  const entries = await bench.simulator.journal({ limit: 10_000 });
  expect(entries.length).toBeGreaterThan(200);
  for (const { CODEREPONSE, at } of entries) {
    expect(CODEREPONSE).toMatch(/^00000$|^001(?!00)\d\d$/);
    expect(at).toBeLessThanOrEqual(now);
    expect(at).toBeGreaterThanOrEqual(now - 10 * 86_400_000);
  }
});

test("the gateway's own clock is not moved", async () => {
  const bench = openTestSimulator();
  bench.simulator.clock.set(NOON, true);
  const before = bench.simulator.clock.position;
  await seed(bench.simulator.gateway);
  expect(bench.simulator.clock.position).toEqual(before);
  expect((await bench.simulator.gateway.snapshot()).clock).toBe(JSON.stringify(before));
});

test('says how much it made', async () => {
  const bench = openTestSimulator();
  const result = await seed(bench.simulator.gateway, { payments: 50 });
  const entries = await bench.simulator.journal({ limit: 10_000 });
  expect(result.payments).toBe(50);
  expect(result.questions).toBe(entries.length);
  expect(result.refused).toBe(entries.filter(({ CODEREPONSE }) => CODEREPONSE !== '00000').length);
});

test('a seeded payment is carried on like any other', async () => {
  const bench = await seeded();
  const now = bench.simulator.clock.now();
  const payment = (await paymentsOf(bench)).find((candidate) => paymentState(candidate, now).refundable > 0);
  const numbers = { NUMTRANS: payment?.id ?? '', NUMAPPEL: payment?.transactions[0].NUMAPPEL ?? '' };
  expect((await follow(bench, '00014', numbers, '1', { NUMQUESTION: '999999' })).CODEREPONSE).toBe('00000');
  expect((await inquire(bench, numbers)).STATUS).toBe('Capturé');
});

test('the question numbers of a caller who counts from 1 are free', async () => {
  const bench = await seeded({ payments: 500, days: 1 });
  for (let i = 0; i < 600; i++) expect((await order(bench, { REFERENCE: `mine-${i}` })).CODEREPONSE).toBe('00000');
});

test('two seeds can follow one another', async () => {
  const bench = await seeded({ payments: 100, days: 1 });
  await seed(bench.simulator.gateway, { payments: 100, days: 1, seed: 7 });
  for (const { CODEREPONSE } of await bench.simulator.journal({ limit: 10_000 })) expect(CODEREPONSE).toMatch(/^00000$|^001(?!00)\d\d$/);
});
