import { expect, test } from 'vitest';
import type { ClientEvent, ExchangeInfo } from '../../client/index.js';
import { clientOf, expectKind, order, startProxy, startSimulator, unreachableUrl } from './support.js';

test('the log receives every question and reply, masked', async () => {
  const events: ClientEvent[] = [];
  const { url } = await startSimulator();
  await clientOf(url, { log: (event) => void events.push(event) }).pay(order('E-1'));
  expect(events.map(({ event }) => event)).toEqual(['question', 'reply']);
  const [question, reply] = events;
  expect(question).toMatchObject({ operation: 'pay', url: `${url}/PPPS.php` });
  expect(question).toHaveProperty('variables.PORTEUR', '111122******4444');
  for (const name of ['CVV', 'CLE', 'DATEVAL']) expect(question).toHaveProperty(['variables', name], '***');
  expect(reply).toMatchObject({ code: '00000', operation: 'pay', milliseconds: expect.any(Number) });
});

test('the log receives the inquiries after a lost reply', async () => {
  const events: ClientEvent[] = [];
  const lossy = await startProxy(await startSimulator(), ({ TYPE }) => TYPE === '00003');
  await clientOf(lossy.url, { log: (event) => void events.push(event) }).pay(order('E-2'));
  expect(events.map((event) => `${event.event} ${event.operation}`)).toEqual([
    'question pay',
    'failure pay',
    'question exists',
    'reply exists',
    'question inquire',
    'reply inquire',
    'reconcile pay',
  ]);
});

test('a log that throws or rejects does not lose a payment', async () => {
  const { url } = await startSimulator();
  const fails = (): never => {
    throw new Error('disk full');
  };
  expectKind(await clientOf(url, { log: fails }).pay(order('E-3')), 'approved');
  expectKind(await clientOf(url, { log: (async () => fails()) as never }).pay(order('E-4')), 'approved');
});

test('every exchange runs once, whatever the tracer does', async () => {
  const simulator = await startSimulator();
  const spans: ExchangeInfo[] = [];
  const tracers = [
    async (exchange: ExchangeInfo, work: () => Promise<void>) => {
      spans.push(exchange);
      await work();
    },
    async (_: ExchangeInfo, work: () => Promise<void>) => {
      await Promise.all([work(), work()]);
      throw new Error('no collector');
    },
    async () => {},
  ];
  for (const [nth, trace] of tracers.entries()) expectKind(await clientOf(simulator.url, { trace }).pay(order(`E-5-${nth}`)), 'approved');
  expect(spans).toMatchObject([{ operation: 'pay', url: `${simulator.url}/PPPS.php` }]);
  expect(await simulator.journal()).toHaveLength(3);
});

test('a tracer that never ends does not delay the call', async () => {
  const { url } = await startSimulator();
  const trace = async (_: ExchangeInfo, work: () => Promise<void>): Promise<void> => {
    work();
    await new Promise(() => {});
  };
  expectKind(await clientOf(url, { trace }).pay(order('E-6')), 'approved');
  await expect(clientOf(await unreachableUrl(), { trace }).pay(order('E-7'))).rejects.toMatchObject({ name: 'ConnectionError' });
});
