import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { decodeReply, encodeForm } from '../../contracts/index.js';
import { createSimulator, ListenError } from '../../simulator/index.js';
import { disableTimeLimits } from '../support/fake-timers.js';
import { CARD, HEAD, NOON } from '../support/question.js';
import { postHead, RawConnection } from '../support/raw-http.js';
import { tempFolder } from '../support/temp-folder.js';

const ORDER = encodeForm(
  Object.entries({ ...HEAD, ...CARD, TYPE: '00003', NUMQUESTION: '1', MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-1' }),
);

const portOf = (url: string): number => Number(new URL(url).port);

test('listen() rejects a port in use with a remedy, and can be called again', async () => {
  const first = createSimulator();
  const port = portOf(await first.listen());
  const second = createSimulator();
  onTestFinished(async () => {
    await first.close();
    await second.close();
  });

  const refused = second.listen({ port });
  await expect(refused).rejects.toBeInstanceOf(ListenError);
  await expect(refused).rejects.toThrow(`Port ${port} is in use, perhaps by another simulator. Stop that program, or choose another port`);
  expect(second.url).toBeUndefined();
  expect(portOf(await second.listen())).not.toBe(port);
});

test('listen() rejects an address that is not of this machine, with a remedy', async () => {
  const simulator = createSimulator();
  onTestFinished(() => simulator.close());
  await expect(simulator.listen({ host: '192.0.2.1' })).rejects.toThrow('192.0.2.1 is not an address of this machine. Use 127.0.0.1');
});

test('listen() binds to 127.0.0.1 by default, returns the URL, and returns the same URL on the next call', async () => {
  const simulator = createSimulator();
  onTestFinished(() => simulator.close());
  expect(simulator.url).toBeUndefined();
  const url = await simulator.listen();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(simulator.url).toBe(url);
  expect(await simulator.listen()).toBe(url);
});

test('listen() rejects when a payment of the options cannot be imported', async () => {
  const payment = {
    SITE: '1',
    RANG: '1',
    NUMTRANS: '1',
    NUMAPPEL: '1',
    MONTANT: 1,
    DEVISE: '978',
    REFERENCE: 'a',
    status: 'captured',
  } as const;
  const simulator = createSimulator({ payments: [payment] });
  await expect(simulator.listen()).rejects.toThrow(/no account 1\/1/);
  expect(simulator.url).toBeUndefined();
  await simulator.close();
});

test('close() answers the questions in progress, stores their payments and frees the port', async () => {
  disableTimeLimits();
  const db = join(await tempFolder(), 'state.db');
  const simulator = createSimulator({ db, clock: NOON });
  const url = await simulator.listen();
  const connection = await RawConnection.open(url);
  connection.send(postHead({ 'Content-Length': ORDER.length, Expect: '100-continue' }), ORDER.subarray(0, 10));
  expect((await connection.reply()).status).toBe(100);

  const closed = simulator.close();
  connection.send(ORDER.subarray(10));
  expect(decodeReply((await connection.reply()).body).get('CODEREPONSE')).toBe('00000');
  await closed;

  await expect(fetch(`${url}/load.html`)).rejects.toThrow();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(portOf(url), '127.0.0.1', resolve));
  expect((other.address() as AddressInfo).port).toBe(portOf(url));
  await new Promise((resolve) => other.close(resolve));

  const again = createSimulator({ db, clock: NOON });
  expect(await again.journal()).toHaveLength(1);
  await again.close();
});

test('close() does not wait for a client that keeps its connection open', async () => {
  disableTimeLimits();
  const simulator = createSimulator();
  const connection = await RawConnection.open(await simulator.listen());
  connection.send(postHead({ 'Content-Length': ORDER.length }), ORDER);
  await connection.reply();

  await simulator.close();
});

test('close() can be called before listen() and repeatedly', async () => {
  const simulator = createSimulator();
  await simulator.close();
  await expect(simulator.close()).resolves.toBeUndefined();
});
