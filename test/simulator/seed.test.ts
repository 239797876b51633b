import { expect, test } from 'vitest';
import { type Payment, type PaymentState, paymentState, type SeedOptions, seed } from '../../simulator/index.js';
import { NOON } from '../support/question.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { follow, inquire, order } from './orders.js';

/** Creates a simulator whose main gateway has generated payments. */
async function openSeeded(options: SeedOptions = {}): Promise<TestSimulator> {
  const seeded = openTestSimulator();
  await seed(seeded.simulator.gateway, options);
  return seeded;
}

const paymentsOf = (seeded: TestSimulator): Promise<Payment[]> => seeded.simulator.gateway.payments({ limit: 10_000 });

test('the same seed and time generate the same payments, in the same states', async () => {
  const [one, two] = [await openSeeded({ seed: 7 }), await openSeeded({ seed: 7 })];
  expect(await paymentsOf(two)).toEqual(await paymentsOf(one));
  expect(await two.simulator.gateway.subscribers()).toEqual(await one.simulator.gateway.subscribers());
});

test('another seed generates other payments', async () => {
  const references = async (value: number) => (await paymentsOf(await openSeeded({ seed: value }))).map(({ REFERENCE }) => REFERENCE);
  expect(await references(8)).not.toEqual(await references(7));
});

test('the payments have every state', async () => {
  const seeded = await openSeeded({ payments: 300 });
  const states = (await paymentsOf(seeded)).map((payment) => paymentState(payment, seeded.simulator.clock.now()));
  const standings = new Set(states.map(({ standing }) => standing));
  expect(standings).toEqual(new Set(['authorized', 'expired', 'captured', 'cancelled', 'refunded', 'refused']));
  const conditions: Record<string, (state: PaymentState) => boolean> = {
    remitted: ({ isRemitted }) => isRemitted,
    'captured today': ({ standing, isRemitted }) => standing === 'captured' && !isRemitted,
    'captured in part': ({ authorized, captured }) => captured > 0 && captured < authorized,
    'refunded in part': ({ refunded, refundable }) => refunded > 0 && refundable > 0,
  };
  for (const [name, isMet] of Object.entries(conditions)) expect(states.some(isMet), name).toBe(true);
  expect((await seeded.simulator.gateway.subscribers()).length).toBeGreaterThan(0);
});

test('only the issuer refuses payments, and all questions are within the given days before the current time', async () => {
  const seeded = await openSeeded({ payments: 200, days: 10 });
  const now = seeded.simulator.clock.now();
  const entries = await seeded.simulator.journal({ limit: 10_000 });
  expect(entries.length).toBeGreaterThan(200);
  for (const { CODEREPONSE, at } of entries) {
    expect(CODEREPONSE).toMatch(/^00000$|^001(?!00)\d\d$/);
    expect(at).toBeLessThanOrEqual(now);
    expect(at).toBeGreaterThanOrEqual(now - 10 * 86_400_000);
  }
});

test("the gateway's clock is not moved", async () => {
  const seeded = openTestSimulator();
  seeded.simulator.clock.set(NOON, true);
  const before = seeded.simulator.clock.position;
  await seed(seeded.simulator.gateway);
  expect(seeded.simulator.clock.position).toEqual(before);
  expect((await seeded.simulator.gateway.snapshot()).clock).toBe(JSON.stringify(before));
});

test('the result has the numbers of payments, questions and refusals', async () => {
  const seeded = openTestSimulator();
  const result = await seed(seeded.simulator.gateway, { payments: 50 });
  const entries = await seeded.simulator.journal({ limit: 10_000 });
  expect(result.payments).toBe(50);
  expect(result.questions).toBe(entries.length);
  expect(result.refused).toBe(entries.filter(({ CODEREPONSE }) => CODEREPONSE !== '00000').length);
});

test('a generated payment can be refunded and inquired about', async () => {
  const seeded = await openSeeded();
  const now = seeded.simulator.clock.now();
  const payment = (await paymentsOf(seeded)).find((candidate) => paymentState(candidate, now).refundable > 0);
  const numbers = { NUMTRANS: payment?.id ?? '', NUMAPPEL: payment?.transactions[0].NUMAPPEL ?? '' };
  expect((await follow(seeded, '00014', numbers, '1', { NUMQUESTION: '999999' })).CODEREPONSE).toBe('00000');
  expect((await inquire(seeded, numbers)).STATUS).toBe('Capturé');
});

test('question numbers from 1 on stay free', async () => {
  const seeded = await openSeeded({ payments: 500, days: 1 });
  for (let i = 0; i < 600; i++) expect((await order(seeded, { REFERENCE: `mine-${i}` })).CODEREPONSE).toBe('00000');
});

test('seed() can be called again for the same gateway', async () => {
  const seeded = await openSeeded({ payments: 100, days: 1 });
  await seed(seeded.simulator.gateway, { payments: 100, days: 1, seed: 7 });
  for (const { CODEREPONSE } of await seeded.simulator.journal({ limit: 10_000 })) expect(CODEREPONSE).toMatch(/^00000$|^001(?!00)\d\d$/);
});
