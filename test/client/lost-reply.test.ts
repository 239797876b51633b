import { expect, test } from 'vitest';
import { AbortedError, type ClientEvent, type EchoMismatchError, minorUnits, numTrans } from '../../client/index.js';
import { encodeReply } from '../../contracts/index.js';
import { type Asked, CARD, clientOf, expectKind, order, passOn, paymentsOf, proxy, stage, startSimulator } from './support.js';

const eur = (value: number) => minorUnits(value, 'EUR');
const isType =
  (...types: string[]) =>
  ({ TYPE = '' }: Asked): boolean =>
    types.includes(TYPE);

test('a payment whose reply is lost is found, and charged once', async () => {
  const simulator = await startSimulator();
  const lossy = await proxy(simulator, isType('00003'));
  const paid = expectKind(await clientOf(lossy.url).pay(order('L-1')), 'approved');
  expect(paid.recovered).toBe(true);
  expect(lossy.types()).toEqual(['00003', '00011', '00017']);
  const payments = await paymentsOf(simulator, 'L-1');
  expect(payments).toHaveLength(1);
  expect(payments[0]).toMatchObject({ captured: 1000, id: paid.transaction.numtrans });
});

test.each([
  ['half a body', (reply: Buffer) => reply.subarray(0, 40)],
  ['an empty body', () => Buffer.alloc(0)],
  ['an error page', () => Buffer.from('<html><h1>502 Bad Gateway</h1></html>')],
])('a payment answered with %s is found, and charged once', async (_, broken) => {
  const simulator = await startSimulator();
  const lossy = await proxy(simulator, isType('00003'), (response, reply) => response.end(broken(reply)));
  expect(expectKind(await clientOf(lossy.url).pay(order('L-2')), 'approved').recovered).toBe(true);
  expect(await paymentsOf(simulator, 'L-2')).toHaveLength(1);
});

test('a body cut short of its Content-Length is a lost reply', async () => {
  const simulator = await startSimulator();
  const lossy = await proxy(simulator, isType('00003'), (response, reply) => {
    response.writeHead(200, { 'Content-Length': reply.length + 10 });
    response.write(reply, () => response.socket?.destroy());
  });
  expect(expectKind(await clientOf(lossy.url).pay(order('L-3')), 'approved').recovered).toBe(true);
  expect(await paymentsOf(simulator, 'L-3')).toHaveLength(1);
});

test('a payment that times out is found, and charged once; the backup is not sent it', async () => {
  const simulator = await startSimulator();
  const slow = await proxy(simulator, isType('00003'), () => {});
  const backup = await proxy(simulator, () => false);
  const paid = await clientOf(slow.url, { backupUrl: backup.url, timeout: 150 }).pay(order('L-4'));
  expect(expectKind(paid, 'approved').recovered).toBe(true);
  expect(backup.asked).toEqual([]);
  expect(await paymentsOf(simulator, 'L-4')).toHaveLength(1);
});

test('while nobody can tell it is unknown; calling again asks first and does not charge twice', async () => {
  const simulator = await startSimulator();
  let isDown = true;
  const lossy = await proxy(simulator, () => isDown);
  const client = clientOf(lossy.url);
  const first = expectKind(await client.pay(order('L-5')), 'unknown');
  expect(first).toMatchObject({ reason: 'no-answer', error: { name: 'ConnectionLostError', mayHaveBeenProcessed: true } });
  expect(await client.pay(order('L-5'))).toMatchObject({ kind: 'unknown', reason: 'no-answer', error: undefined });
  isDown = false;
  expect(expectKind(await client.pay(order('L-5')), 'approved').recovered).toBe(true);
  expect(lossy.types().filter((type) => type === '00003')).toHaveLength(1);
  expect(await paymentsOf(simulator, 'L-5')).toHaveLength(1);
});

test('another process that retries asks first where it is told that it retries', async () => {
  const simulator = await startSimulator();
  const lossy = await proxy(simulator, (_, nth) => nth === 1);
  expectKind(await clientOf(lossy.url, { askAfter: [] }).pay(order('L-6')), 'unknown');
  const again = await clientOf(lossy.url).pay(order('L-6'), { retry: true });
  expect(expectKind(again, 'approved').recovered).toBe(true);
  expect(await paymentsOf(simulator, 'L-6')).toHaveLength(1);
});

test('a retry of what never arrived is sent', async () => {
  const simulator = await startSimulator();
  let nth = 0;
  const deaf = await stage(async (_, body, response) => {
    if (++nth === 1) response.socket?.destroy();
    else response.end(await passOn(simulator, body));
  });
  const client = clientOf(deaf.url);
  expect(await client.pay(order('L-7'))).toMatchObject({ kind: 'unknown', reason: 'not-found' });
  expect(expectKind(await client.pay(order('L-7')), 'approved').recovered).toBe(false);
  expect(await paymentsOf(simulator, 'L-7')).toHaveLength(1);
});

test('a payment that commits late is found by a later inquiry', async () => {
  const simulator = await startSimulator();
  const slow = await stage(async (asked, body, response) => {
    if (asked.TYPE !== '00003') return void response.end(await passOn(simulator, body));
    setTimeout(() => void passOn(simulator, body), 250);
  });
  const paid = await clientOf(slow.url, { timeout: 100, askAfter: [0, 400] }).pay(order('L-8'));
  expect(expectKind(paid, 'approved').recovered).toBe(true);
  expect(await paymentsOf(simulator, 'L-8')).toHaveLength(1);
});

test('an inquiry that fails is not read as not found', async () => {
  const simulator = await startSimulator({ rules: [{ match: { TYPE: '00011' }, answer: '00003' }] });
  const lossy = await proxy(simulator, isType('00003'));
  expect(await clientOf(lossy.url).pay(order('L-9'))).toMatchObject({ kind: 'unknown', reason: 'no-answer' });
  const client = clientOf((await stage((_, __, response) => void response.writeHead(500).end('<html>'))).url);
  const exists = await client.exists({ amount: eur(1000), reference: 'L-9' });
  expect(exists).toMatchObject({ kind: 'unknown', reason: 'no-answer', error: { name: 'BrokenReplyError', status: 500 } });
});

test('a lost credit is not mistaken for the payment of the same amount and reference', async () => {
  const simulator = await startSimulator();
  const deaf = await stage(async (asked, body, response) => {
    if (asked.TYPE === '00004') response.socket?.destroy();
    else response.end(await passOn(simulator, body));
  });
  const client = clientOf(deaf.url);
  expectKind(await client.pay(order('L-10')), 'approved');
  expect(await client.credit(order('L-10'))).toMatchObject({ kind: 'unknown', reason: 'unclear' });
});

test('a lost authorization, forced transaction and credit are found', async () => {
  const simulator = await startSimulator();
  const client = clientOf((await proxy(simulator, isType('00001', '00004', '00012'))).url);
  expect(expectKind(await client.authorize(order('L-11')), 'approved').recovered).toBe(true);
  expect(expectKind(await client.force(order('L-12')), 'approved').recovered).toBe(true);
  expect(expectKind(await client.credit(order('L-13')), 'approved').recovered).toBe(true);
});

test('with a precheck, an earlier payment of the same amount and reference is not taken for the lost one', async () => {
  const simulator = await startSimulator();
  expectKind(await clientOf(simulator.url).pay(order('MONTHLY')), 'approved');
  const deaf = await stage(async (asked, body, response) => {
    if (asked.TYPE === '00003') response.socket?.destroy();
    else response.end(await passOn(simulator, body));
  });
  expect(await clientOf(deaf.url, { precheck: true }).pay(order('MONTHLY'))).toMatchObject({ kind: 'unknown', reason: 'unclear' });
  const lossy = await proxy(simulator, isType('00003'));
  const second = expectKind(await clientOf(lossy.url, { precheck: true }).pay(order('MONTHLY')), 'approved');
  expect(second.recovered).toBe(true);
  expect((await paymentsOf(simulator, 'MONTHLY'))[0]?.id).toBe(second.transaction.numtrans);
});

test('with a precheck, a payment made before is told from the lost one in a later call too', async () => {
  const simulator = await startSimulator();
  expectKind(await clientOf(simulator.url).pay(order('TWICE')), 'approved');
  let isDown = false;
  const lossy = await proxy(simulator, ({ TYPE }) => {
    isDown ||= TYPE === '00003';
    return isDown;
  });
  const client = clientOf(lossy.url, { precheck: true });
  expect(await client.pay(order('TWICE'))).toMatchObject({ kind: 'unknown', reason: 'no-answer' });
  isDown = false;
  expect(expectKind(await client.pay(order('TWICE')), 'approved').recovered).toBe(true);
  expect(await paymentsOf(simulator, 'TWICE')).toHaveLength(2);
});

test('with a precheck, a retry from another process does not know what was there before', async () => {
  const simulator = await startSimulator();
  const client = clientOf(simulator.url, { precheck: true });
  expectKind(await client.pay(order('L-23')), 'approved');
  expect(await client.pay(order('L-23'), { retry: true })).toMatchObject({ kind: 'unknown', reason: 'unclear' });
  expect(expectKind(await client.pay(order('L-24'), { retry: true }), 'approved').recovered).toBe(false);
});

test("a lost payment on a subscriber's card is found", async () => {
  const simulator = await startSimulator();
  const { subscribers } = clientOf((await proxy(simulator, isType('00053'))).url);
  const { token = '' } = expectKind(await subscribers.register({ amount: eur(0), subscriber: 'L-25', card: CARD }), 'approved');
  const paid = await subscribers.pay({ amount: eur(500), reference: 'L-25', subscriber: 'L-25', card: { token, expiry: '1299' } });
  expect(expectKind(paid, 'approved').recovered).toBe(true);
  expect(await paymentsOf(simulator, 'L-25')).toHaveLength(1);
});

test('a change of amount leaves nothing to ask for', async () => {
  const simulator = await startSimulator();
  const client = clientOf((await proxy(simulator, isType('00013'))).url);
  const { transaction } = expectKind(await client.authorize(order('L-26')), 'approved');
  expect(await client.changeAmount({ amount: eur(900), transaction })).toMatchObject({ kind: 'unknown', reason: 'not-asked' });
});

test('a lost capture is told by STATUS', async () => {
  const simulator = await startSimulator();
  const lossy = await proxy(simulator, isType('00002'));
  const client = clientOf(lossy.url);
  const { transaction } = expectKind(await client.authorize(order('L-14')), 'approved');
  expect(await client.capture({ amount: eur(1000), transaction })).toMatchObject({ kind: 'approved', recovered: true, transaction });
  expect((await paymentsOf(simulator, 'L-14'))[0]?.captured).toBe(1000);
});

test('with a precheck, a capture made before is not taken for the lost one', async () => {
  const simulator = await startSimulator();
  const lossy = await proxy(simulator, ({ TYPE }, nth) => TYPE === '00002' && nth > 3);
  const client = clientOf(lossy.url, { precheck: true });
  const { transaction } = expectKind(await clientOf(simulator.url).authorize(order('L-15')), 'approved');
  expectKind(await client.capture({ amount: eur(400), transaction }), 'approved');
  expect(await client.capture({ amount: eur(1000), transaction })).toMatchObject({ kind: 'unknown', reason: 'unclear' });
});

test('a lost cancel and a lost full refund are told by STATUS, a lost refund of a part is not', async () => {
  const simulator = await startSimulator();
  const client = clientOf((await proxy(simulator, isType('00005', '00014'))).url);
  const first = expectKind(await client.pay(order('L-16')), 'approved');
  expect(await client.cancel({ amount: eur(1000), transaction: first.transaction })).toMatchObject({ kind: 'approved', recovered: true });
  const second = expectKind(await client.pay(order('L-17')), 'approved');
  expect(await client.refund({ amount: eur(300), transaction: second.transaction })).toMatchObject({ kind: 'unknown', reason: 'unclear' });
  expect(await client.refund({ amount: eur(700), transaction: second.transaction })).toMatchObject({ kind: 'approved', recovered: true });
  expect((await paymentsOf(simulator, 'L-17'))[0]?.refunded).toBe(1000);
});

test('a lost registration is unknown, and 00016 tells when it is sent again', async () => {
  const simulator = await startSimulator();
  const lossy = await proxy(simulator, (_, nth) => nth === 1);
  const { subscribers } = clientOf(lossy.url);
  const registration = { amount: eur(0), subscriber: 'L-18', card: CARD };
  expect(await subscribers.register(registration)).toMatchObject({ kind: 'unknown', reason: 'not-asked' });
  expect(await subscribers.register(registration)).toMatchObject({ kind: 'refused', code: '00016' });
  expect(expectKind(await subscribers.modify(registration), 'approved').token).toMatch(/^[A-Za-z]{11}$/);
});

test('a reply to another question is thrown, and calling again asks first', async () => {
  const simulator = await startSimulator();
  const stranger = encodeReply({
    NUMTRANS: '0000000001',
    NUMAPPEL: '0000000001',
    NUMQUESTION: '0000000001',
    SITE: '1999888',
    RANG: '99',
    CODEREPONSE: '00000',
  });
  const mixing = await proxy(simulator, isType('00003'), (response) => response.end(stranger));
  const client = clientOf(mixing.url);
  const error: EchoMismatchError = await client.pay(order('L-19')).then(
    () => Promise.reject(new Error('was approved')),
    (thrown: EchoMismatchError) => thrown,
  );
  expect(error.name).toBe('EchoMismatchError');
  expect(error.received).toEqual({ SITE: '1999888', RANG: '99', NUMQUESTION: '0000000001' });
  expect(error.sent).toMatchObject({ SITE: '1999888', RANG: '32', NUMQUESTION: mixing.asked[0]?.NUMQUESTION });
  expect(expectKind(await client.pay(order('L-19')), 'approved').recovered).toBe(true);
  expect(await paymentsOf(simulator, 'L-19')).toHaveLength(1);
});

test.each(['', '0000000000'])('a success with the NUMTRANS %j is a broken reply', async (numtrans) => {
  const simulator = await startSimulator();
  const lossy = await proxy(simulator, isType('00003'), (response, reply) =>
    response.end(reply.toString('latin1').replace(/NUMTRANS=\d+/, `NUMTRANS=${numtrans}`)),
  );
  expect(expectKind(await clientOf(lossy.url).pay(order('L-20')), 'approved').recovered).toBe(true);
});

test('an inquiry that shows another transaction than was asked for is a broken reply', async () => {
  const simulator = await startSimulator();
  const mixing = await proxy(simulator, isType('00017'), (response, reply) =>
    response.end(reply.toString('latin1').replace(/NUMTRANS=\d+/, 'NUMTRANS=0000000042'), 'latin1'),
  );
  const client = clientOf(mixing.url);
  const { transaction } = expectKind(await client.pay(order('L-27')), 'approved');
  const inquired = await client.inquire({ transaction });
  expect(inquired).toMatchObject({ kind: 'unknown', reason: 'no-answer', error: { name: 'BrokenReplyError' } });
  const unpadded = { numtrans: numTrans(String(Number(transaction.numtrans))) };
  expectKind(await clientOf(simulator.url).inquire({ transaction: unpadded }), 'found');
  const lossy = await proxy(simulator, isType('00003', '00017'), (response, reply) => {
    const text = reply.toString('latin1');
    response.end(text.includes('STATUS') ? text.replace(/NUMTRANS=\d+/, 'NUMTRANS=0000000042') : '', 'latin1');
  });
  expect(await clientOf(lossy.url).pay(order('L-28'))).toMatchObject({ kind: 'unknown', reason: 'no-answer' });
});

test('an abort says whether the question may have been processed', async () => {
  const simulator = await startSimulator();
  const slow = await proxy(simulator, isType('00003'), () => {});
  const client = clientOf(slow.url);
  await expect(client.pay(order('L-21'), { signal: AbortSignal.abort() })).rejects.toMatchObject({ mayHaveBeenProcessed: false });
  expect(slow.asked).toEqual([]);
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('enough')), 100);
  const aborted = client.pay(order('L-21'), { signal: controller.signal });
  await expect(aborted).rejects.toBeInstanceOf(AbortedError);
  await expect(aborted).rejects.toMatchObject({ mayHaveBeenProcessed: true, cause: { message: 'enough' } });
  expect(expectKind(await client.pay(order('L-21')), 'approved').recovered).toBe(true);
  expect(await paymentsOf(simulator, 'L-21')).toHaveLength(1);
});

test('aborted while it asks, the payment may have been processed', async () => {
  const simulator = await startSimulator();
  const lossy = await proxy(simulator, isType('00003'));
  const controller = new AbortController();
  const log = ({ event }: ClientEvent): void => void (event === 'failure' && setTimeout(() => controller.abort(), 50));
  const paying = clientOf(lossy.url, { askAfter: [5_000], log }).pay(order('L-22'), { signal: controller.signal });
  await expect(paying).rejects.toMatchObject({ name: 'AbortedError', operation: 'pay', mayHaveBeenProcessed: true });
});
