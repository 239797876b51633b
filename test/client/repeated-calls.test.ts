import { expect, test } from 'vitest';
import { minorUnits } from '../../client/index.js';
import { type Asked, CARD, clientOf, deadUrl, expectKind, order, passOn, paymentsOf, proxy, stage, startSimulator } from './support.js';

const eur = (value: number) => minorUnits(value, 'EUR');
const isPayment = ({ TYPE }: Asked): boolean => TYPE === '00003';
const payments = (types: readonly string[]): number => types.filter((type) => type === '00003').length;

test('a retry whose inquiry fails is remembered: the next call asks before it sends', async () => {
  const simulator = await startSimulator();
  expectKind(await clientOf(simulator.url).pay(order('R-1')), 'approved');
  let isDown = true;
  const lossy = await proxy(simulator, () => isDown);
  const client = clientOf(lossy.url);
  expect(await client.pay(order('R-1'), { retry: true })).toMatchObject({ kind: 'unknown', reason: 'no-answer' });
  isDown = false;
  expect(expectKind(await client.pay(order('R-1')), 'approved').recovered).toBe(true);
  expect(payments(lossy.types())).toBe(0);
  expect(await paymentsOf(simulator, 'R-1')).toHaveLength(1);
});

test('a retry that reaches nobody is remembered', async () => {
  const simulator = await startSimulator();
  expectKind(await clientOf(simulator.url).pay(order('R-2')), 'approved');
  const dead = await deadUrl();
  let isDown = true;
  const fetch = (input: Parameters<typeof globalThis.fetch>[0], init?: RequestInit) => globalThis.fetch(isDown ? dead : input, init);
  const client = clientOf(simulator.url, { fetch: fetch as typeof globalThis.fetch });
  expect(await client.pay(order('R-2'), { retry: true })).toMatchObject({ kind: 'unknown', reason: 'no-answer' });
  isDown = false;
  expect(expectKind(await client.pay(order('R-2')), 'approved').recovered).toBe(true);
});

test.each([
  ['while the gateway is asked', 50],
  ['before it is asked', 0],
])('a retry aborted %s may have been processed, and is remembered', async (_, delay) => {
  const simulator = await startSimulator();
  expectKind(await clientOf(simulator.url).pay(order('R-3')), 'approved');
  let isDown = true;
  const lossy = await proxy(
    simulator,
    () => isDown,
    () => {},
  );
  const client = clientOf(lossy.url);
  const controller = new AbortController();
  if (delay === 0) controller.abort(new Error('enough'));
  else setTimeout(() => controller.abort(new Error('enough')), delay);
  await expect(client.pay(order('R-3'), { retry: true, signal: controller.signal })).rejects.toMatchObject({
    name: 'AbortedError',
    operation: 'pay',
    mayHaveBeenProcessed: true,
    cause: { message: 'enough' },
  });
  isDown = false;
  expect(expectKind(await client.pay(order('R-3')), 'approved').recovered).toBe(true);
  expect(payments(lossy.types())).toBe(0);
});

test('aborted during the look before it, nothing of the payment was sent', async () => {
  const silent = await stage(() => {});
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  const paying = clientOf(silent.url, { precheck: true }).pay(order('R-4'), { signal: controller.signal });
  await expect(paying).rejects.toMatchObject({ name: 'AbortedError', operation: 'pay', mayHaveBeenProcessed: false });
  expect(silent.types()).toEqual(['00011']);
});

test('the same call at the same time is one payment', async () => {
  const simulator = await startSimulator();
  const client = clientOf(simulator.url);
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => client.pay(order('T-1'))));
  expect(new Set(outcomes.map((outcome) => expectKind(outcome, 'approved').transaction.numtrans)).size).toBe(1);
  expect(await paymentsOf(simulator, 'T-1')).toHaveLength(1);
  expectKind(await client.pay(order('T-1')), 'approved');
  expect(await paymentsOf(simulator, 'T-1')).toHaveLength(2);
});

test('the same call at the same time is one payment, also where its reply is lost', async () => {
  const simulator = await startSimulator();
  const lossy = await proxy(simulator, isPayment);
  const client = clientOf(lossy.url);
  const outcomes = await Promise.all([client.pay(order('T-2')), client.pay(order('T-2'))]);
  for (const outcome of outcomes) expect(expectKind(outcome, 'approved').recovered).toBe(true);
  expect(await paymentsOf(simulator, 'T-2')).toHaveLength(1);
});

test('where the call under way is aborted, the one that waits asks first', async () => {
  const simulator = await startSimulator();
  const slow = await proxy(simulator, isPayment, () => {});
  const client = clientOf(slow.url);
  const controller = new AbortController();
  const first = client.pay(order('T-3'), { signal: controller.signal });
  const second = client.pay(order('T-3'));
  setTimeout(() => controller.abort(), 100);
  await expect(first).rejects.toMatchObject({ mayHaveBeenProcessed: true });
  expect(expectKind(await second, 'approved').recovered).toBe(true);
  expect(await paymentsOf(simulator, 'T-3')).toHaveLength(1);
});

test('the call that waits can be aborted by itself', async () => {
  const simulator = await startSimulator();
  const slow = await proxy(simulator, isPayment, (response, reply) => void setTimeout(() => response.end(reply), 200));
  const client = clientOf(slow.url);
  const controller = new AbortController();
  const first = client.pay(order('T-4'), { signal: controller.signal });
  const same = client.pay(order('T-4'), { signal: AbortSignal.timeout(50) });
  const other = client.pay({ ...order('T-4'), card: { ...CARD, number: '5555555555554444' } }, { signal: AbortSignal.timeout(50) });
  await expect(same).rejects.toMatchObject({ name: 'AbortedError', operation: 'pay', mayHaveBeenProcessed: true });
  await expect(other).rejects.toMatchObject({ name: 'AbortedError', mayHaveBeenProcessed: false });
  expectKind(await first, 'approved');
  expect(payments(slow.types())).toBe(1);
});

test('two cards that pay under one reference at the same time both pay, one after the other', async () => {
  const simulator = await startSimulator();
  const client = clientOf(simulator.url);
  const other = { ...order('GIFT'), card: { ...CARD, number: '5555555555554444' } };
  const [first, second] = await Promise.all([client.pay(order('GIFT')), client.pay(other)]);
  expect(expectKind(first, 'approved').transaction).not.toEqual(expectKind(second, 'approved').transaction);
  expect(await paymentsOf(simulator, 'GIFT')).toHaveLength(2);
});

test('two refunds of one amount at the same time are two refunds', async () => {
  const simulator = await startSimulator();
  const client = clientOf(simulator.url);
  const { transaction } = expectKind(await client.pay(order('T-5')), 'approved');
  await Promise.all([client.refund({ amount: eur(300), transaction }), client.refund({ amount: eur(300), transaction })]);
  expect((await paymentsOf(simulator, 'T-5'))[0]?.refunded).toBe(600);
});

test('the call after a payment that was not found asks as often as askAfter says before it sends', async () => {
  const simulator = await startSimulator();
  let isDeaf = true;
  const late = await stage(async (asked, body, response) => {
    if (!isPayment(asked) || !isDeaf) return void response.end(await passOn(simulator, body));
    isDeaf = false;
    response.socket?.destroy();
    setTimeout(() => void passOn(simulator, body), 300);
  });
  const client = clientOf(late.url, { askAfter: [0, 30] });
  expect(await client.pay(order('T-6'))).toMatchObject({ kind: 'unknown', reason: 'not-found' });
  const patient = clientOf(late.url, { askAfter: [0, 600] });
  expect(expectKind(await patient.pay(order('T-6'), { retry: true }), 'approved').recovered).toBe(true);
  expect(payments(late.types())).toBe(1);
  expect(await paymentsOf(simulator, 'T-6')).toHaveLength(1);
});

test('what is found at no look is sent; a refusal of that does not forget the first attempt', async () => {
  const simulator = await startSimulator({ rules: [{ match: { TYPE: '00003' }, answer: '00105' }] });
  let nth = 0;
  const deaf = await stage(async (_, body, response) => {
    if (++nth === 1) response.socket?.destroy();
    else response.end(await passOn(simulator, body));
  });
  const client = clientOf(deaf.url, { askAfter: [0, 10] });
  expectKind(await client.pay(order('T-7')), 'unknown');
  expect(deaf.types()).toEqual(['00003', '00011', '00011']);
  expectKind(await client.pay(order('T-7')), 'refused');
  expect(deaf.types().slice(3)).toEqual(['00011', '00011', '00003']);
  expectKind(await client.pay(order('T-7')), 'refused');
  expect(deaf.types().slice(6)).toEqual(['00011', '00011', '00003']);
});

test('a client that never asks by itself asks once where it is called again', async () => {
  const simulator = await startSimulator();
  const lossy = await proxy(simulator, (_, nth) => nth === 1);
  const client = clientOf(lossy.url, { askAfter: [] });
  expect(await client.pay(order('T-8'))).toMatchObject({ kind: 'unknown', reason: 'not-asked' });
  expect(expectKind(await client.pay(order('T-8')), 'approved').recovered).toBe(true);
});
