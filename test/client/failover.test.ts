import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { neverConnected } from '../../client/connection-failure.js';
import type { ClientEvent } from '../../client/index.js';
import {
  clientOf,
  expectKind,
  order,
  paymentsOf,
  startProxy,
  startReplyServer,
  startServer,
  startSimulator,
  unreachableUrl,
  useManualTime,
} from './support.js';

test.each(['00001', '00003', '00097', '00098'])(
  'after %s the question goes to the backup host with a new question number',
  async (code) => {
    const simulator = await startSimulator();
    const backup = await startProxy(simulator, () => false);
    const main = await startReplyServer(() => ({ CODEREPONSE: code }));
    expectKind(await clientOf(main.url, { backupUrl: backup.url }).pay(order('F-1')), 'approved');
    expect(main.received).toHaveLength(1);
    expect(backup.received).toHaveLength(1);
    expect(backup.received[0]?.NUMQUESTION).not.toBe(main.received[0]?.NUMQUESTION);
    expect(await paymentsOf(simulator, 'F-1')).toHaveLength(1);
  },
);

test.each(['00000', '00004', '00006', '00015', '00039', '00105', '00099', '04242'])(
  'after %s the question does not go to the backup host',
  async (code) => {
    const backup = await startReplyServer(() => ({ CODEREPONSE: '00000', NUMTRANS: '0000000001', NUMAPPEL: '0000000001' }));
    const main = await startReplyServer(() => ({ CODEREPONSE: code, NUMTRANS: '0000000002', NUMAPPEL: '0000000002' }));
    const outcome = await clientOf(main.url, { backupUrl: backup.url }).pay(order('F-2'));
    expect(outcome).toMatchObject({ code, kind: code === '00000' ? 'approved' : code === '00099' ? 'unavailable' : 'refused' });
    expect(backup.received).toEqual([]);
  },
);

test('if the main host refuses the connection, the question goes to the backup host', async () => {
  const simulator = await startSimulator();
  const events: ClientEvent[] = [];
  const client = clientOf(await unreachableUrl(), { backupUrl: simulator.url, log: (event) => void events.push(event) });
  expectKind(await client.pay(order('F-3')), 'approved');
  expect(events.map(({ event }) => event)).toEqual(['question', 'failure', 'failover', 'question', 'reply']);
});

test('if no host accepts the connection, nothing was processed', async () => {
  const failed = clientOf(await unreachableUrl(), { backupUrl: await unreachableUrl() }).pay(order('F-4'));
  await expect(failed).rejects.toMatchObject({ name: 'ConnectionError', mayHaveBeenProcessed: false, cause: { code: 'ECONNREFUSED' } });
});

test('if the main host does not exist, the question goes to the backup host', async () => {
  const simulator = await startSimulator();
  expectKind(await clientOf('http://no-such-host.invalid', { backupUrl: simulator.url }).pay(order('F-5')), 'approved');
});

test('if no host can process it, the payment is unavailable', async () => {
  const main = await startReplyServer(() => ({ CODEREPONSE: '00001' }));
  const backup = await startReplyServer(() => ({ CODEREPONSE: '00098' }));
  expect(await clientOf(main.url, { backupUrl: backup.url }).pay(order('F-6'))).toMatchObject({
    kind: 'unavailable',
    code: '00098',
    mayHaveBeenProcessed: false,
  });
  expect(await clientOf(main.url, { backupUrl: await unreachableUrl() }).pay(order('F-6'))).toMatchObject({
    kind: 'unavailable',
    code: '00001',
  });
});

test('a payment processed by the backup host is found after its reply is lost', async () => {
  const simulator = await startSimulator();
  const backup = await startProxy(simulator, ({ TYPE }) => TYPE === '00003');
  const client = clientOf(await unreachableUrl(), { backupUrl: backup.url });
  expect(expectKind(await client.pay(order('F-7')), 'approved').recovered).toBe(true);
  expect(await paymentsOf(simulator, 'F-7')).toHaveLength(1);
});

test('an inquiry that fails at the backup host is not repeated there', async () => {
  const backup = await startServer((_, __, response) => void response.socket?.destroy());
  const client = clientOf(await unreachableUrl(), { backupUrl: backup.url });
  expect(await client.pay(order('F-11'))).toMatchObject({ kind: 'unknown', reason: 'no-answer' });
  expect(backup.receivedTypes()).toEqual(['00003', '00011']);
});

test('after 00099 the next call inquires first', async () => {
  const simulator = await startSimulator();
  const uncertain = await startProxy(
    simulator,
    ({ TYPE }) => TYPE === '00003',
    (response, reply) => response.end(reply.toString('latin1').replace('CODEREPONSE=00000', 'CODEREPONSE=00099')),
  );
  const client = clientOf(uncertain.url);
  expect(await client.pay(order('F-8'))).toMatchObject({ kind: 'unavailable', mayHaveBeenProcessed: true });
  expect(expectKind(await client.pay(order('F-8')), 'approved').recovered).toBe(true);
  expect(await paymentsOf(simulator, 'F-8')).toHaveLength(1);
});

test.each([
  ['does not answer', (_: ServerResponse, advanceTime: (milliseconds: number) => void) => advanceTime(150)],
  ['closes the connection', (response: ServerResponse) => void response.socket?.destroy()],
  ['answers with an error page', (response: ServerResponse) => void response.writeHead(502).end('<html>')],
])('if the main host %s, the backup host answers the inquiry about a payment', async (_, fail) => {
  const simulator = await startSimulator();
  const advanceTime = useManualTime();
  const main = await startProxy(
    simulator,
    () => true,
    (response) => fail(response, advanceTime),
  );
  const backup = await startProxy(simulator, () => false);
  const events: ClientEvent[] = [];
  const client = clientOf(main.url, { backupUrl: backup.url, timeout: 150, log: (event) => void events.push(event) });
  expect(expectKind(await client.pay(order('F-9')), 'approved').recovered).toBe(true);
  expect(backup.receivedTypes()).toEqual(['00011', '00017']);
  expect(await paymentsOf(simulator, 'F-9')).toHaveLength(1);
  expect(events).toContainEqual(
    expect.objectContaining({ event: 'failover', operation: 'exists', because: expect.stringMatching(/Error$/) }),
  );
});

test('a payment that only the backup host does not find is not sent again: the silent main host may be processing it', async () => {
  const simulator = await startSimulator();
  const advanceTime = useManualTime();
  const main = await startServer(() => advanceTime(50));
  const backup = await startProxy(simulator, () => false);
  const client = clientOf(main.url, { backupUrl: backup.url, timeout: 50 });
  expect(await client.pay(order('F-10'))).toMatchObject({ kind: 'unknown', reason: 'no-answer' });
  expect(await client.pay(order('F-10'))).toMatchObject({ kind: 'unknown', reason: 'no-answer' });
  expect([...main.receivedTypes(), ...backup.receivedTypes()].filter((type) => type === '00003')).toHaveLength(1);
});

const failure = (fields: object): Error => Object.assign(new Error('failed'), fields);
const cyclic = failure({});
cyclic.cause = cyclic;

test.each([
  ['connection refused', failure({ cause: failure({ code: 'ECONNREFUSED', syscall: 'connect' }) }), true],
  [
    'both addresses refused',
    failure({ cause: failure({ errors: [failure({ code: 'ECONNREFUSED' }), failure({ code: 'ENETUNREACH' })] }) }),
    true,
  ],
  ['one address refused, one reset', failure({ errors: [failure({ code: 'ECONNREFUSED' }), failure({ code: 'ECONNRESET' })] }), false],
  ['connect timeout', failure({ cause: failure({ code: 'UND_ERR_CONNECT_TIMEOUT' }) }), true],
  ['unknown host', failure({ cause: failure({ code: 'ENOTFOUND', syscall: 'getaddrinfo' }) }), true],
  ['host unreachable while reading', failure({ cause: failure({ code: 'EHOSTUNREACH', syscall: 'read' }) }), false],
  ['certificate not trusted', failure({ cause: failure({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }) }), true],
  ['connection reset', failure({ cause: failure({ code: 'ECONNRESET', syscall: 'read' }) }), false],
  ['closed by the other side', failure({ cause: failure({ code: 'UND_ERR_SOCKET' }) }), false],
  ['a browser that hides the reason', new TypeError('Failed to fetch'), false],
  ['a cause of itself', cyclic, false],
  ['nothing', undefined, false],
])('neverConnected: %s', (_, error, expected) => {
  expect(neverConnected(error)).toBe(expected);
});
