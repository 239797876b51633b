import { expect, test } from 'vitest';
import { minorUnits } from '../../client/index.js';
import {
  CARD,
  clientOf,
  expectKind,
  forward,
  order,
  paymentsOf,
  type ReceivedVariables,
  startProxy,
  startServer,
  startSimulator,
  unreachableUrl,
} from './support.js';

const eur = (value: number) => minorUnits(value, 'EUR');
const isPayment = ({ TYPE }: ReceivedVariables): boolean => TYPE === '00003';
const payments = (types: readonly string[]): number => types.filter((type) => type === '00003').length;

test('a retry whose inquiry fails is remembered: the next call inquires before it sends', async () => {
  const simulator = await startSimulator();
  expectKind(await clientOf(simulator.url).pay(order('R-1')), 'approved');
  let isDown = true;
  const lossy = await startProxy(simulator, () => isDown);
  const client = clientOf(lossy.url);
  expect(await client.pay(order('R-1'), { retry: true })).toMatchObject({ kind: 'unknown', reason: 'no-answer' });
  isDown = false;
  expect(expectKind(await client.pay(order('R-1')), 'approved').recovered).toBe(true);
  expect(payments(lossy.receivedTypes())).toBe(0);
  expect(await paymentsOf(simulator, 'R-1')).toHaveLength(1);
});

test('a retry that reaches no host is remembered', async () => {
  const simulator = await startSimulator();
  expectKind(await clientOf(simulator.url).pay(order('R-2')), 'approved');
  const unreachable = await unreachableUrl();
  let isDown = true;
  const fetch = (input: Parameters<typeof globalThis.fetch>[0], init?: RequestInit) => globalThis.fetch(isDown ? unreachable : input, init);
  const client = clientOf(simulator.url, { fetch: fetch as typeof globalThis.fetch });
  expect(await client.pay(order('R-2'), { retry: true })).toMatchObject({ kind: 'unknown', reason: 'no-answer' });
  isDown = false;
  expect(expectKind(await client.pay(order('R-2')), 'approved').recovered).toBe(true);
});

test.each(['during the inquiry', 'before the inquiry'])('a retry aborted %s may have been processed and is remembered', async (moment) => {
  const simulator = await startSimulator();
  expectKind(await clientOf(simulator.url).pay(order('R-3')), 'approved');
  let isDown = true;
  const controller = new AbortController();
  const abort = () => controller.abort(new Error('enough'));
  const lossy = await startProxy(simulator, () => isDown, abort);
  const client = clientOf(lossy.url);
  if (moment === 'before the inquiry') abort();
  await expect(client.pay(order('R-3'), { retry: true, signal: controller.signal })).rejects.toMatchObject({
    name: 'AbortedError',
    operation: 'pay',
    mayHaveBeenProcessed: true,
    cause: { message: 'enough' },
  });
  isDown = false;
  expect(expectKind(await client.pay(order('R-3')), 'approved').recovered).toBe(true);
  expect(payments(lossy.receivedTypes())).toBe(0);
});

test('an abort during the precheck means that the payment was not sent', async () => {
  const controller = new AbortController();
  const silent = await startServer(() => controller.abort());
  const paying = clientOf(silent.url, { precheck: true }).pay(order('R-4'), { signal: controller.signal });
  await expect(paying).rejects.toMatchObject({ name: 'AbortedError', operation: 'pay', mayHaveBeenProcessed: false });
  expect(silent.receivedTypes()).toEqual(['00011']);
});

test('concurrent identical calls are one payment', async () => {
  const simulator = await startSimulator();
  const client = clientOf(simulator.url);
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => client.pay(order('T-1'))));
  expect(new Set(outcomes.map((outcome) => expectKind(outcome, 'approved').transaction.numtrans)).size).toBe(1);
  expect(await paymentsOf(simulator, 'T-1')).toHaveLength(1);
  expectKind(await client.pay(order('T-1')), 'approved');
  expect(await paymentsOf(simulator, 'T-1')).toHaveLength(2);
});

test('concurrent identical calls are one payment, even if its reply is lost', async () => {
  const simulator = await startSimulator();
  const lossy = await startProxy(simulator, isPayment);
  const client = clientOf(lossy.url);
  const outcomes = await Promise.all([client.pay(order('T-2')), client.pay(order('T-2'))]);
  for (const outcome of outcomes) expect(expectKind(outcome, 'approved').recovered).toBe(true);
  expect(await paymentsOf(simulator, 'T-2')).toHaveLength(1);
});

test('if the running call is aborted, the identical waiting call inquires first', async () => {
  const simulator = await startSimulator();
  const controller = new AbortController();
  const silent = await startProxy(simulator, isPayment, () => controller.abort());
  const client = clientOf(silent.url);
  const first = client.pay(order('T-3'), { signal: controller.signal });
  const second = client.pay(order('T-3'));
  await expect(first).rejects.toMatchObject({ mayHaveBeenProcessed: true });
  expect(expectKind(await second, 'approved').recovered).toBe(true);
  expect(await paymentsOf(simulator, 'T-3')).toHaveLength(1);
});

test('a waiting call can be aborted without the running one', async () => {
  const simulator = await startSimulator();
  const controller = new AbortController();
  let sendReply = (): void => {};
  const slow = await startProxy(simulator, isPayment, (response, reply) => {
    sendReply = () => response.end(reply);
    controller.abort();
  });
  const client = clientOf(slow.url);
  const first = client.pay(order('T-4'));
  const same = client.pay(order('T-4'), { signal: controller.signal });
  const other = client.pay({ ...order('T-4'), card: { ...CARD, number: '5555555555554444' } }, { signal: controller.signal });
  await Promise.all([
    expect(same).rejects.toMatchObject({ name: 'AbortedError', operation: 'pay', mayHaveBeenProcessed: true }),
    expect(other).rejects.toMatchObject({ name: 'AbortedError', mayHaveBeenProcessed: false }),
  ]);
  sendReply();
  expectKind(await first, 'approved');
  expect(payments(slow.receivedTypes())).toBe(1);
});

test('concurrent payments of one reference by two cards are two payments, one after the other', async () => {
  const simulator = await startSimulator();
  const client = clientOf(simulator.url);
  const other = { ...order('GIFT'), card: { ...CARD, number: '5555555555554444' } };
  const [first, second] = await Promise.all([client.pay(order('GIFT')), client.pay(other)]);
  expect(expectKind(first, 'approved').transaction).not.toEqual(expectKind(second, 'approved').transaction);
  expect(await paymentsOf(simulator, 'GIFT')).toHaveLength(2);
});

test('concurrent refunds of the same amount are two refunds', async () => {
  const simulator = await startSimulator();
  const client = clientOf(simulator.url);
  const { transaction } = expectKind(await client.pay(order('T-5')), 'approved');
  await Promise.all([client.refund({ amount: eur(300), transaction }), client.refund({ amount: eur(300), transaction })]);
  expect((await paymentsOf(simulator, 'T-5'))[0]?.refunded).toBe(600);
});

test('the call after a payment that was not found makes all inquiries of askAfter before it sends', async () => {
  const simulator = await startSimulator();
  let payment: Buffer | undefined;
  let inquiries = 0;
  const late = await startServer(async (received, body, response) => {
    if (isPayment(received) && !payment) {
      payment = body;
      response.socket?.destroy();
      return;
    }
    const reply = await forward(simulator, body);
    // The payment is committed after the third inquiry, the first one of the second call.
    if (!isPayment(received) && ++inquiries === 3 && payment) await forward(simulator, payment);
    response.end(reply);
  });
  const client = clientOf(late.url, { askAfter: [0, 10] });
  expect(await client.pay(order('T-6'))).toMatchObject({ kind: 'unknown', reason: 'not-found' });
  const retrying = clientOf(late.url, { askAfter: [0, 10] });
  expect(expectKind(await retrying.pay(order('T-6'), { retry: true }), 'approved').recovered).toBe(true);
  expect(payments(late.receivedTypes())).toBe(1);
  expect(await paymentsOf(simulator, 'T-6')).toHaveLength(1);
});

test('a payment that no inquiry finds is sent; its refusal does not make the client forget the first attempt', async () => {
  const simulator = await startSimulator({ rules: [{ match: { TYPE: '00003' }, answer: '00105' }] });
  let nth = 0;
  const dropping = await startServer(async (_, body, response) => {
    if (++nth === 1) response.socket?.destroy();
    else response.end(await forward(simulator, body));
  });
  const client = clientOf(dropping.url, { askAfter: [0, 10] });
  expectKind(await client.pay(order('T-7')), 'unknown');
  expect(dropping.receivedTypes()).toEqual(['00003', '00011', '00011']);
  expectKind(await client.pay(order('T-7')), 'refused');
  expect(dropping.receivedTypes().slice(3)).toEqual(['00011', '00011', '00003']);
  expectKind(await client.pay(order('T-7')), 'refused');
  expect(dropping.receivedTypes().slice(6)).toEqual(['00011', '00011', '00003']);
});

test('with an empty askAfter, the next call makes one inquiry', async () => {
  const simulator = await startSimulator();
  const lossy = await startProxy(simulator, (_, nth) => nth === 1);
  const client = clientOf(lossy.url, { askAfter: [] });
  expect(await client.pay(order('T-8'))).toMatchObject({ kind: 'unknown', reason: 'not-asked' });
  expect(expectKind(await client.pay(order('T-8')), 'approved').recovered).toBe(true);
});
