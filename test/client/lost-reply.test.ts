import { expect, test } from 'vitest';
import { AbortedError, type ClientEvent, type EchoMismatchError, minorUnits, numTrans } from '../../client/index.js';
import { encodeReply } from '../../contracts/index.js';
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
  useManualTime,
} from './support.js';

const eur = (value: number) => minorUnits(value, 'EUR');
const isType =
  (...types: string[]) =>
  ({ TYPE = '' }: ReceivedVariables): boolean =>
    types.includes(TYPE);

test('a payment whose reply is lost is found and charged once', async () => {
  const simulator = await startSimulator();
  const lossy = await startProxy(simulator, isType('00003'));
  const paid = expectKind(await clientOf(lossy.url).pay(order('L-1')), 'approved');
  expect(paid.recovered).toBe(true);
  expect(lossy.receivedTypes()).toEqual(['00003', '00011', '00017']);
  const payments = await paymentsOf(simulator, 'L-1');
  expect(payments).toHaveLength(1);
  expect(payments[0]).toMatchObject({ captured: 1000, id: paid.transaction.numtrans });
});

test.each([
  ['a truncated body', (reply: Buffer) => reply.subarray(0, 40)],
  ['an empty body', () => Buffer.alloc(0)],
  ['an error page', () => Buffer.from('<html><h1>502 Bad Gateway</h1></html>')],
])('a payment answered with %s is found and charged once', async (_, broken) => {
  const simulator = await startSimulator();
  const lossy = await startProxy(simulator, isType('00003'), (response, reply) => response.end(broken(reply)));
  expect(expectKind(await clientOf(lossy.url).pay(order('L-2')), 'approved').recovered).toBe(true);
  expect(await paymentsOf(simulator, 'L-2')).toHaveLength(1);
});

test('a body shorter than its Content-Length is a lost reply', async () => {
  const simulator = await startSimulator();
  const lossy = await startProxy(simulator, isType('00003'), (response, reply) => {
    response.writeHead(200, { 'Content-Length': reply.length + 10 });
    response.write(reply, () => response.socket?.destroy());
  });
  expect(expectKind(await clientOf(lossy.url).pay(order('L-3')), 'approved').recovered).toBe(true);
  expect(await paymentsOf(simulator, 'L-3')).toHaveLength(1);
});

test('a payment that times out is found and charged once, and does not go to the backup host', async () => {
  const simulator = await startSimulator();
  const advanceTime = useManualTime();
  const slow = await startProxy(simulator, isType('00003'), () => advanceTime(150));
  const backup = await startProxy(simulator, () => false);
  const paid = await clientOf(slow.url, { backupUrl: backup.url, timeout: 150 }).pay(order('L-4'));
  expect(expectKind(paid, 'approved').recovered).toBe(true);
  expect(backup.received).toEqual([]);
  expect(await paymentsOf(simulator, 'L-4')).toHaveLength(1);
});

test('while inquiries fail the outcome is unknown; the next call inquires first and does not charge twice', async () => {
  const simulator = await startSimulator();
  let isDown = true;
  const lossy = await startProxy(simulator, () => isDown);
  const client = clientOf(lossy.url);
  const first = expectKind(await client.pay(order('L-5')), 'unknown');
  expect(first).toMatchObject({ reason: 'no-answer', error: { name: 'ConnectionLostError', mayHaveBeenProcessed: true } });
  expect(await client.pay(order('L-5'))).toMatchObject({ kind: 'unknown', reason: 'no-answer', error: undefined });
  isDown = false;
  expect(expectKind(await client.pay(order('L-5')), 'approved').recovered).toBe(true);
  expect(lossy.receivedTypes().filter((type) => type === '00003')).toHaveLength(1);
  expect(await paymentsOf(simulator, 'L-5')).toHaveLength(1);
});

test('another process inquires first if it is called with retry', async () => {
  const simulator = await startSimulator();
  const lossy = await startProxy(simulator, (_, nth) => nth === 1);
  expectKind(await clientOf(lossy.url, { askAfter: [] }).pay(order('L-6')), 'unknown');
  const again = await clientOf(lossy.url).pay(order('L-6'), { retry: true });
  expect(expectKind(again, 'approved').recovered).toBe(true);
  expect(await paymentsOf(simulator, 'L-6')).toHaveLength(1);
});

test('a payment that never arrived is sent by the next call', async () => {
  const simulator = await startSimulator();
  let nth = 0;
  const dropping = await startServer(async (_, body, response) => {
    if (++nth === 1) response.socket?.destroy();
    else response.end(await forward(simulator, body));
  });
  const client = clientOf(dropping.url);
  expect(await client.pay(order('L-7'))).toMatchObject({ kind: 'unknown', reason: 'not-found' });
  expect(expectKind(await client.pay(order('L-7')), 'approved').recovered).toBe(false);
  expect(await paymentsOf(simulator, 'L-7')).toHaveLength(1);
});

test('a payment that commits late is found by a later inquiry', async () => {
  const simulator = await startSimulator();
  let payment: Buffer | undefined;
  const late = await startServer(async (received, body, response) => {
    if (received.TYPE === '00003') {
      payment = body;
      response.socket?.destroy();
      return;
    }
    const reply = await forward(simulator, body);
    // The payment is committed after the first inquiry.
    if (payment) await forward(simulator, payment);
    payment = undefined;
    response.end(reply);
  });
  const paid = await clientOf(late.url, { askAfter: [0, 10] }).pay(order('L-8'));
  expect(expectKind(paid, 'approved').recovered).toBe(true);
  expect(await paymentsOf(simulator, 'L-8')).toHaveLength(1);
});

test('an inquiry that fails is not read as not found', async () => {
  const simulator = await startSimulator({ rules: [{ match: { TYPE: '00011' }, answer: '00003' }] });
  const lossy = await startProxy(simulator, isType('00003'));
  expect(await clientOf(lossy.url).pay(order('L-9'))).toMatchObject({ kind: 'unknown', reason: 'no-answer' });
  const client = clientOf((await startServer((_, __, response) => void response.writeHead(500).end('<html>'))).url);
  const exists = await client.exists({ amount: eur(1000), reference: 'L-9' });
  expect(exists).toMatchObject({ kind: 'unknown', reason: 'no-answer', error: { name: 'BrokenReplyError', status: 500 } });
});

test('a payment is not mistaken for a lost credit of the same amount and reference', async () => {
  const simulator = await startSimulator();
  const dropping = await startServer(async (received, body, response) => {
    if (received.TYPE === '00004') response.socket?.destroy();
    else response.end(await forward(simulator, body));
  });
  const client = clientOf(dropping.url);
  expectKind(await client.pay(order('L-10')), 'approved');
  expect(await client.credit(order('L-10'))).toMatchObject({ kind: 'unknown', reason: 'unclear' });
});

test('a lost authorization, forced transaction and credit are found', async () => {
  const simulator = await startSimulator();
  const client = clientOf((await startProxy(simulator, isType('00001', '00004', '00012'))).url);
  expect(expectKind(await client.authorize(order('L-11')), 'approved').recovered).toBe(true);
  expect(expectKind(await client.force(order('L-12')), 'approved').recovered).toBe(true);
  expect(expectKind(await client.credit(order('L-13')), 'approved').recovered).toBe(true);
});

test("a lost payment on a subscriber's card is found", async () => {
  const simulator = await startSimulator();
  const { subscribers } = clientOf((await startProxy(simulator, isType('00053'))).url);
  const { token = '' } = expectKind(await subscribers.register({ amount: eur(0), subscriber: 'L-25', card: CARD }), 'approved');
  const paid = await subscribers.pay({ amount: eur(500), reference: 'L-25', subscriber: 'L-25', card: { token, expiry: '1299' } });
  expect(expectKind(paid, 'approved').recovered).toBe(true);
  expect(await paymentsOf(simulator, 'L-25')).toHaveLength(1);
});

test('a lost change of amount is not inquired about', async () => {
  const simulator = await startSimulator();
  const client = clientOf((await startProxy(simulator, isType('00013'))).url);
  const { transaction } = expectKind(await client.authorize(order('L-26')), 'approved');
  expect(await client.changeAmount({ amount: eur(900), transaction })).toMatchObject({ kind: 'unknown', reason: 'not-asked' });
});

test('a lost capture is found by STATUS', async () => {
  const simulator = await startSimulator();
  const lossy = await startProxy(simulator, isType('00002'));
  const client = clientOf(lossy.url);
  const { transaction } = expectKind(await client.authorize(order('L-14')), 'approved');
  expect(await client.capture({ amount: eur(1000), transaction })).toMatchObject({ kind: 'approved', recovered: true, transaction });
  expect((await paymentsOf(simulator, 'L-14'))[0]?.captured).toBe(1000);
});

test('an earlier payment of the same order that is no longer found does not mean that the lost one never arrived', async () => {
  const simulator = await startSimulator();
  expectKind(await clientOf(simulator.url).pay(order('L-23')), 'approved');
  let isPaid = false;
  const proxy = await startProxy(
    simulator,
    ({ TYPE }) => (isPaid ||= TYPE === '00003'),
    (response, reply) => {
      if (proxy.receivedTypes().at(-1) === '00003') response.socket?.destroy();
      else response.end(reply.toString('latin1').replace('CODEREPONSE=00000', 'CODEREPONSE=00018'));
    },
  );
  const client = clientOf(proxy.url, { precheck: true });
  expect(await client.pay(order('L-23'))).toMatchObject({ kind: 'unknown', reason: 'unclear' });
  expect(await client.pay(order('L-23'))).toMatchObject({ kind: 'unknown', reason: 'unclear' });
  expect(proxy.receivedTypes().filter((type) => type === '00003')).toHaveLength(1);
});

test('a lost cancel and a lost full refund are found by STATUS, a lost partial refund is not', async () => {
  const simulator = await startSimulator();
  const client = clientOf((await startProxy(simulator, isType('00005', '00014'))).url);
  const first = expectKind(await client.pay(order('L-16')), 'approved');
  expect(await client.cancel({ amount: eur(1000), transaction: first.transaction })).toMatchObject({ kind: 'approved', recovered: true });
  const second = expectKind(await client.pay(order('L-17')), 'approved');
  expect(await client.refund({ amount: eur(300), transaction: second.transaction })).toMatchObject({ kind: 'unknown', reason: 'unclear' });
  expect(await client.refund({ amount: eur(700), transaction: second.transaction })).toMatchObject({ kind: 'approved', recovered: true });
  expect((await paymentsOf(simulator, 'L-17'))[0]?.refunded).toBe(1000);
});

test('a lost registration is unknown, and 00016 confirms it when it is sent again', async () => {
  const simulator = await startSimulator();
  const lossy = await startProxy(simulator, (_, nth) => nth === 1);
  const { subscribers } = clientOf(lossy.url);
  const registration = { amount: eur(0), subscriber: 'L-18', card: CARD };
  expect(await subscribers.register(registration)).toMatchObject({ kind: 'unknown', reason: 'not-asked' });
  expect(await subscribers.register(registration)).toMatchObject({ kind: 'refused', code: '00016' });
  expect(expectKind(await subscribers.modify(registration), 'approved').token).toMatch(/^[A-Za-z]{11}$/);
});

test('a reply to another question throws, and the next call inquires first', async () => {
  const simulator = await startSimulator();
  const wrongReply = encodeReply({
    NUMTRANS: '0000000001',
    NUMAPPEL: '0000000001',
    NUMQUESTION: '0000000001',
    SITE: '1999888',
    RANG: '99',
    CODEREPONSE: '00000',
  });
  const mismatching = await startProxy(simulator, isType('00003'), (response) => response.end(wrongReply));
  const client = clientOf(mismatching.url);
  const error: EchoMismatchError = await client.pay(order('L-19')).then(
    () => Promise.reject(new Error('was approved')),
    (thrown: EchoMismatchError) => thrown,
  );
  expect(error.name).toBe('EchoMismatchError');
  expect(error.received).toEqual({ SITE: '1999888', RANG: '99', NUMQUESTION: '0000000001' });
  expect(error.sent).toMatchObject({ SITE: '1999888', RANG: '32', NUMQUESTION: mismatching.received[0]?.NUMQUESTION });
  expect(expectKind(await client.pay(order('L-19')), 'approved').recovered).toBe(true);
  expect(await paymentsOf(simulator, 'L-19')).toHaveLength(1);
});

test.each(['', '0000000000'])('a success with the NUMTRANS %j is a broken reply', async (numtrans) => {
  const simulator = await startSimulator();
  const lossy = await startProxy(simulator, isType('00003'), (response, reply) =>
    response.end(reply.toString('latin1').replace(/NUMTRANS=\d+/, `NUMTRANS=${numtrans}`)),
  );
  expect(expectKind(await clientOf(lossy.url).pay(order('L-20')), 'approved').recovered).toBe(true);
});

test('an inquiry answered with another NUMTRANS is a broken reply', async () => {
  const simulator = await startSimulator();
  const mismatching = await startProxy(simulator, isType('00017'), (response, reply) =>
    response.end(reply.toString('latin1').replace(/NUMTRANS=\d+/, 'NUMTRANS=0000000042'), 'latin1'),
  );
  const client = clientOf(mismatching.url);
  const { transaction } = expectKind(await client.pay(order('L-27')), 'approved');
  const inquired = await client.inquire({ transaction });
  expect(inquired).toMatchObject({ kind: 'unknown', reason: 'no-answer', error: { name: 'BrokenReplyError' } });
  const unpadded = { numtrans: numTrans(String(Number(transaction.numtrans))) };
  expectKind(await clientOf(simulator.url).inquire({ transaction: unpadded }), 'found');
  const lossy = await startProxy(simulator, isType('00003', '00017'), (response, reply) => {
    const text = reply.toString('latin1');
    response.end(text.includes('STATUS') ? text.replace(/NUMTRANS=\d+/, 'NUMTRANS=0000000042') : '', 'latin1');
  });
  expect(await clientOf(lossy.url).pay(order('L-28'))).toMatchObject({ kind: 'unknown', reason: 'no-answer' });
});

test('an AbortedError says whether the question may have been processed', async () => {
  const simulator = await startSimulator();
  const controller = new AbortController();
  const silent = await startProxy(simulator, isType('00003'), () => controller.abort(new Error('enough')));
  const client = clientOf(silent.url);
  await expect(client.pay(order('L-21'), { signal: AbortSignal.abort() })).rejects.toMatchObject({ mayHaveBeenProcessed: false });
  expect(silent.received).toEqual([]);
  const aborted = client.pay(order('L-21'), { signal: controller.signal });
  await expect(aborted).rejects.toBeInstanceOf(AbortedError);
  await expect(aborted).rejects.toMatchObject({ mayHaveBeenProcessed: true, cause: { message: 'enough' } });
  expect(expectKind(await client.pay(order('L-21')), 'approved').recovered).toBe(true);
  expect(await paymentsOf(simulator, 'L-21')).toHaveLength(1);
});

test('after an abort during the inquiries, the payment may have been processed', async () => {
  const simulator = await startSimulator();
  const lossy = await startProxy(simulator, isType('00003'));
  const controller = new AbortController();
  const log = ({ event }: ClientEvent): void => void (event === 'failure' && setTimeout(() => controller.abort(), 50));
  const paying = clientOf(lossy.url, { askAfter: [5_000], log }).pay(order('L-22'), { signal: controller.signal });
  await expect(paying).rejects.toMatchObject({ name: 'AbortedError', operation: 'pay', mayHaveBeenProcessed: true });
});
