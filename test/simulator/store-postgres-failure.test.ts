import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createSimulator } from '../../simulator/index.js';
import { cuttingProxy } from '../support/cutting-proxy.js';
import { databaseOf, hasPostgres, PASSWORD, postgres } from '../support/postgres.js';
import { NOON, numbersOf, type Variables } from '../support/question.js';
import type { TestSimulator } from '../support/test-simulator.js';
import { sendQuestion } from './deployment.js';
import { askSession, benchOnFile, HOSTED, PAY } from './storages.js';

const isPaid = ({ CODEREPONSE }: Variables): boolean => CODEREPONSE === '00000';

/** Starts clients that send payments, each client one after the other. Returns a function that stops them and returns all replies. */
function startPaying({ ask }: TestSimulator, clients: number) {
  let isStopped = false;
  const client = async (): Promise<Variables[]> => {
    const replies: Variables[] = [];
    while (!isStopped) replies.push(await ask(PAY));
    return replies;
  };
  const running = Promise.all(Array.from({ length: clients }, client));
  return async (): Promise<Variables[]> => {
    isStopped = true;
    return (await running).flat();
  };
}

/** Checks that the gateway has each payment that was answered with success exactly once, and no other payment. */
async function expectPayments({ simulator }: TestSimulator, replies: readonly Variables[]): Promise<void> {
  const paid = replies.filter(isPaid).map(({ NUMTRANS }) => NUMTRANS);
  expect(new Set(paid).size).toBe(paid.length);
  const payments = await simulator.gateway.payments({ limit: 1e6 });
  expect(payments.map(({ id }) => id).sort()).toEqual([...paid].sort());
  expect(new Set(replies.map(({ CODEREPONSE }) => CODEREPONSE))).not.toContain('');
}

/** Locks the row of a gateway, like a program that stopped in the middle of a transaction. Returns a function that releases the lock. */
async function lockGateway(db: string, name: string): Promise<() => Promise<void>> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: db });
  await client.connect();
  await client.query('BEGIN');
  await client.query('SELECT 1 FROM gateways WHERE name = $1 FOR UPDATE', [name]);
  return () => client.end();
}

/** Stops the time that the store measures, until the end of the test: it then waits for the server without a limit. */
function stopTime(): void {
  const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now());
  onTestFinished(() => now.mockRestore());
}

describe.skipIf(!hasPostgres)('a PostgreSQL server', () => {
  test('that terminates connections under load loses and duplicates no payment', { timeout: 60_000 }, async () => {
    const server = await postgres();
    const db = server.makeDatabase();
    let answered = 0;
    const bench = benchOnFile(db, { onExchange: () => answered++ });
    await bench.ask(PAY);
    const stop = startPaying(bench, 16);
    for (let n = 1; n <= 25; n++) {
      await vi.waitUntil(() => answered > 5 * n, { timeout: 30_000, interval: 5 });
      server.sql('postgres', `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${databaseOf(db)}'`);
    }
    const replies = await stop();
    expect(replies.every(isPaid)).toBe(true);
    expect(replies.length).toBeGreaterThan(100);
    await expectPayments(bench, [{ CODEREPONSE: '00000', NUMTRANS: '0001000001' }, ...replies]);
  });

  test.each(['INT', 'QUIT'] as const)('that restarts (%s) is waited for', { timeout: 60_000 }, async (signal) => {
    const server = await postgres();
    let answered = 0;
    const bench = benchOnFile(server.makeDatabase(), { onExchange: () => answered++ });
    const isAnswering = async (): Promise<void> => {
      const before = answered;
      await vi.waitUntil(() => answered > before + 32, { timeout: 30_000, interval: 5 });
    };
    await bench.ask(PAY);
    stopTime();
    const stop = startPaying(bench, 16);
    await isAnswering();
    await server.stop(signal);
    await server.start();
    await isAnswering();
    const replies = await stop();
    expect(replies.every(isPaid)).toBe(true);
    await expectPayments(bench, [{ CODEREPONSE: '00000', NUMTRANS: '0001000001' }, ...replies]);
  });

  test('that is down for long: requests are answered 00003 or 503, and succeed again when the server is back', {
    timeout: 60_000,
  }, async () => {
    const server = await postgres();
    const failures: string[] = [];
    const onExchange = (_: unknown, __: unknown, failure: string | undefined) => void (failure && failures.push(failure));
    const bench = benchOnFile(server.makeDatabase(), { onExchange });
    const authorization = await bench.ask({ ...PAY, TYPE: '00001' });
    await server.stop();

    expect((await bench.ask(PAY)).CODEREPONSE).toBe('00003');
    // The first question waited for the server; later ones fail at once: those that wait would never end while time stands still.
    stopTime();
    const refused = await Promise.all(Array.from({ length: 8 }, () => bench.ask(PAY)));
    expect(new Set(refused.map(({ CODEREPONSE }) => CODEREPONSE))).toEqual(new Set(['00003']));
    const { status, body } = await bench.control('GET', '/payments');
    expect(status).toBe(503);
    for (const message of [...failures, body.error]) {
      expect(message).toMatch(/^Database postgres:\/\/paybox@127\.0\.0\.1:\d+\/test_\d+: .*Check that the server runs/);
      expect(message).not.toContain(PASSWORD);
    }

    await server.start();
    const capture = { TYPE: '00002', MONTANT: '1000', DEVISE: '978', ...numbersOf(authorization) };
    expect(await bench.ask(capture)).toMatchObject({ CODEREPONSE: '00000', ...numbersOf(authorization) });
    expect((await bench.control('GET', '/payments')).body.payments).toHaveLength(1);
    expect((await bench.ask(PAY)).NUMTRANS).toBe('0001000002');
  });

  test.each(['before', 'after'] as const)(
    'whose connection is cut %s a COMMIT executes the work once',
    { timeout: 60_000 },
    async (moment) => {
      const server = await postgres();
      const proxy = await cuttingProxy(server.port);
      const db = server.makeDatabase().replace(`:${server.port}/`, `:${proxy.port}/`);
      const bench = benchOnFile(db);
      const authorization = await bench.ask({ ...PAY, TYPE: '00001' });
      const capture = { TYPE: '00002', MONTANT: '1000', DEVISE: '978', ...numbersOf(authorization) };
      await bench.simulator.gateway.addRule({ id: 'once', times: 1, match: { REFERENCE: 'refused' }, answer: '00105' });

      // The NUL excludes READ COMMITTED in a BEGIN.
      proxy.cutAt('COMMIT\0', moment);
      const replies = await Promise.all([bench.ask(capture), bench.ask({ ...PAY, REFERENCE: 'refused' }), bench.ask(PAY)]);
      expect(proxy.cuts()).toBe(1);
      expect(replies.map(({ CODEREPONSE }) => CODEREPONSE)).toEqual(['00000', '00105', '00000']);
      expect((await bench.control('GET', '/rules/once')).body.calls).toBe(1);
      const { journal, sequence, payments } = (await bench.simulator.gateway.snapshot()).content;
      expect([journal.length, sequence]).toEqual([4, 3]);
      expect(payments.map(({ transactions }) => transactions.length)).toEqual([2, 1, 1]);
      expect((await bench.ask({ ...PAY, REFERENCE: 'refused' })).CODEREPONSE).toBe('00000');
    },
  );

  test('that stops at once during a COMMIT, and gives the id of that transaction to another one: the question is executed once', {
    timeout: 60_000,
  }, async () => {
    const server = await postgres();
    const proxy = await cuttingProxy(server.port);
    const db = server.makeDatabase();
    const [left, right] = [benchOnFile(db.replace(`:${server.port}/`, `:${proxy.port}/`)), benchOnFile(db)];
    for (const { ask } of [left, right]) await ask(PAY);
    stopTime();
    const ended = proxy.endAt('COMMIT\0', 'before');
    const asked = left.ask({ ...PAY, REFERENCE: 'left', NUMQUESTION: '900' });
    await ended;
    await server.stop('QUIT');
    await server.start();
    const others = await Promise.all(
      Array.from({ length: 8 }, (_, n) => right.ask({ ...PAY, REFERENCE: `right-${n}`, NUMQUESTION: String(901 + n) })),
    );
    proxy.accept();
    const replies = [await asked, ...others];
    expect(replies.every(isPaid)).toBe(true);
    const payments = await left.simulator.gateway.payments();
    for (const { NUMTRANS } of replies) expect(payments.filter(({ id }) => id === NUMTRANS)).toHaveLength(1);
    expect(new Set(replies.map(({ NUMTRANS }) => NUMTRANS)).size).toBe(replies.length);
    expect(payments.find(({ id }) => id === replies[0]?.NUMTRANS)?.REFERENCE).toBe('left');
  });

  test.each(['before', 'after'] as const)(
    'that is away for long from just %s a COMMIT: the connection is closed without a reply, and later questions are answered 00003',
    { timeout: 60_000 },
    async (moment) => {
      const server = await postgres();
      const proxy = await cuttingProxy(server.port);
      const failures: (string | undefined)[] = [];
      const db = server.makeDatabase().replace(`:${server.port}/`, `:${proxy.port}/`);
      const bench = benchOnFile(db, { onExchange: (_, __, failure) => failures.push(failure) });
      await bench.ask(PAY);
      const ended = proxy.endAt('COMMIT\0', moment);
      await Promise.all([ended, expect(bench.ask({ ...PAY, REFERENCE: 'unknown' })).rejects.toThrow('fetch failed')]);
      expect(failures.at(-1)).toMatch(/It is not known whether the last transaction was written\. Check that the server runs/);
      expect((await bench.ask(PAY)).CODEREPONSE).toBe('00003');
      proxy.accept();
      expect(await bench.simulator.gateway.payments({ REFERENCE: 'unknown' })).toHaveLength(moment === 'before' ? 0 : 1);
    },
  );

  test('that was set up to confirm a commit before it is on the disk writes it first', async () => {
    const server = await postgres();
    const db = server.makeDatabase();
    server.sql('postgres', `ALTER DATABASE ${databaseOf(db)} SET synchronous_commit = off`);
    const bench = benchOnFile(db);
    const replies = await Promise.all(Array.from({ length: 4 }, () => bench.ask(PAY)));
    await server.stop('QUIT');
    await server.start();
    await expectPayments(bench, replies);
  });

  test('keeps one mark for each process and gateway, and deletes the marks of earlier days', async () => {
    const server = await postgres();
    const db = server.makeDatabase();
    const count = (): string => server.sql(databaseOf(db), 'SELECT count(*) FROM commits');
    const before = benchOnFile(db);
    for (let n = 0; n < 5; n++) await before.ask(PAY);
    await askSession(before, 'a', PAY);
    expect(count()).toBe('2');
    server.sql(databaseOf(db), 'UPDATE commits SET at = at - 90000000');
    await benchOnFile(db).simulator.gateway.ready();
    expect(count()).toBe('1');
  });

  test('that is started after the simulator is used', { timeout: 60_000 }, async () => {
    const server = await postgres();
    const db = server.makeDatabase();
    await server.stop();
    const simulator = createSimulator({ db, clock: NOON, payments: [HOSTED] });
    onTestFinished(() => simulator.close());
    expect((await sendQuestion(simulator, PAY)).CODEREPONSE).toBe('00003');
    await server.start();
    expect((await sendQuestion(simulator, PAY)).CODEREPONSE).toBe('00000');
    expect((await sendQuestion(simulator, { TYPE: '00017', NUMTRANS: '42' })).CODEREPONSE).toBe('00000');
    await expect(simulator.listen()).resolves.toContain('http');
  });

  test('on which another program has locked a gateway: this gateway answers 00003 until the lock is released, the others succeed', {
    timeout: 60_000,
  }, async () => {
    const server = await postgres();
    const db = server.makeDatabase();
    const failures: (string | undefined)[] = [];
    const bench = benchOnFile(db, { onExchange: (_, __, failure) => failures.push(failure) });
    await bench.ask(PAY);
    await askSession(bench, 'other', PAY);
    const unlock = await lockGateway(db, 'main');
    const blocked = bench.ask(PAY);
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) => askSession(bench, `session-${n % 10}`, { ...PAY, NUMQUESTION: String(n + 1) })),
    );
    expect(replies.every(isPaid)).toBe(true);
    expect(await Promise.race([blocked, wait(50)])).toBeUndefined();
    expect((await blocked).CODEREPONSE).toBe('00003');
    expect(failures.at(-1)).toMatch(/lock timeout\. Another program has locked it/);
    await unlock();
    expect((await bench.ask(PAY)).NUMTRANS).toBe('0001000002');
  });
});
