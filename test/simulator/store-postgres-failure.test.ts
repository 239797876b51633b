import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createSimulator } from '../../simulator/index.js';
import { cuttingProxy } from '../support/cutting-proxy.js';
import { databaseOf, hasPostgres, PASSWORD, postgres } from '../support/postgres.js';
import { NOON, numbersOf, type Variables } from '../support/question.js';
import type { TestSimulator } from '../support/test-simulator.js';
import { put } from './deployment.js';
import { askSession, benchOnFile, HOSTED, PAY } from './storages.js';

const isPaid = ({ CODEREPONSE }: Variables): boolean => CODEREPONSE === '00000';

/** Pays over and over, each call after the one before, until it is told to end; answers all replies. */
function payOn({ ask }: TestSimulator, clients: number) {
  let isOver = false;
  const client = async (): Promise<Variables[]> => {
    const replies: Variables[] = [];
    while (!isOver) replies.push(await ask(PAY));
    return replies;
  };
  const clientsAtWork = Promise.all(Array.from({ length: clients }, client));
  return async (): Promise<Variables[]> => {
    isOver = true;
    return (await clientsAtWork).flat();
  };
}

/** What was answered as paid is there, once, and nothing else is. */
async function expectSame({ simulator }: TestSimulator, replies: readonly Variables[]): Promise<void> {
  const paid = replies.filter(isPaid).map(({ NUMTRANS }) => NUMTRANS);
  expect(new Set(paid).size).toBe(paid.length);
  const kept = await simulator.gateway.payments({ limit: 1e6 });
  expect(kept.map(({ id }) => id).sort()).toEqual([...paid].sort());
  expect(new Set(replies.map(({ CODEREPONSE }) => CODEREPONSE))).not.toContain('');
}

/** Holds a gateway's row as a program would that stopped in the middle of its work; answers what lets go of it. */
async function hold(db: string, name: string): Promise<() => Promise<void>> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: db });
  await client.connect();
  await client.query('BEGIN');
  await client.query('SELECT 1 FROM gateways WHERE name = $1 FOR UPDATE', [name]);
  return () => client.end();
}

describe.skipIf(!hasPostgres)('a PostgreSQL server', () => {
  test('that ends connections under load takes no payment twice, and none is lost', { timeout: 60_000 }, async () => {
    const server = await postgres();
    const db = server.makeDatabase();
    let answered = 0;
    const bench = benchOnFile(db, { onExchange: () => answered++ });
    await bench.ask(PAY);
    const end = payOn(bench, 16);
    for (let n = 1; n <= 25; n++) {
      await vi.waitUntil(() => answered > 5 * n, { timeout: 30_000, interval: 5 });
      server.sql('postgres', `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${databaseOf(db)}'`);
    }
    const replies = await end();
    expect(replies.every(isPaid)).toBe(true);
    expect(replies.length).toBeGreaterThan(100);
    await expectSame(bench, [{ CODEREPONSE: '00000', NUMTRANS: '0001000001' }, ...replies]);
  });

  test.each(['INT', 'QUIT'] as const)('that is away for a moment (%s) is waited for', { timeout: 60_000 }, async (signal) => {
    const server = await postgres();
    const bench = benchOnFile(server.makeDatabase());
    await bench.ask(PAY);
    const end = payOn(bench, 16);
    await wait(300);
    await server.stop(signal);
    await server.start();
    await wait(300);
    const replies = await end();
    expect(replies.every(isPaid)).toBe(true);
    await expectSame(bench, [{ CODEREPONSE: '00000', NUMTRANS: '0001000001' }, ...replies]);
  });

  test('that is away for long is answered 00003 or 503, and used again by itself when it is back', { timeout: 60_000 }, async () => {
    const server = await postgres();
    const failures: string[] = [];
    const onExchange = (_: unknown, __: unknown, failure: string | undefined) => void (failure && failures.push(failure));
    const bench = benchOnFile(server.makeDatabase(), { onExchange });
    const authorization = await bench.ask({ ...PAY, TYPE: '00001' });
    await server.stop();

    expect((await bench.ask(PAY)).CODEREPONSE).toBe('00003');
    // It was waited for once; who comes now is told at once.
    const start = performance.now();
    const refused = await Promise.all(Array.from({ length: 8 }, () => bench.ask(PAY)));
    expect(new Set(refused.map(({ CODEREPONSE }) => CODEREPONSE))).toEqual(new Set(['00003']));
    expect(performance.now() - start).toBeLessThan(3000);
    const { status, body } = await bench.control('GET', '/payments');
    expect(status).toBe(503);
    for (const said of [...failures, body.error]) {
      expect(said).toMatch(/^Database postgres:\/\/paybox@127\.0\.0\.1:\d+\/test_\d+: .*Check that the server runs/);
      expect(said).not.toContain(PASSWORD);
    }

    await server.start();
    const capture = { TYPE: '00002', MONTANT: '1000', DEVISE: '978', ...numbersOf(authorization) };
    expect(await bench.ask(capture)).toMatchObject({ CODEREPONSE: '00000', NUMTRANS: '0001000002' });
    expect((await bench.control('GET', '/payments')).body.payments).toHaveLength(1);
  });

  test.each(['before', 'after'] as const)(
    'whose connection is cut %s a commit has taken the work once',
    { timeout: 60_000 },
    async (moment) => {
      const server = await postgres();
      const proxy = await cuttingProxy(server.port);
      const db = server.makeDatabase().replace(`:${server.port}/`, `:${proxy.port}/`);
      const bench = benchOnFile(db);
      const authorization = await bench.ask({ ...PAY, TYPE: '00001' });
      const capture = { TYPE: '00002', MONTANT: '1000', DEVISE: '978', ...numbersOf(authorization) };
      await bench.simulator.gateway.addRule({ id: 'once', times: 1, match: { REFERENCE: 'refused' }, answer: '00105' });

      // Not the READ COMMITTED of a beginning.
      proxy.cutAt('COMMIT\0', moment);
      const replies = await Promise.all([bench.ask(capture), bench.ask({ ...PAY, REFERENCE: 'refused' }), bench.ask(PAY)]);
      expect(proxy.cuts()).toBe(1);
      expect(replies.map(({ CODEREPONSE }) => CODEREPONSE)).toEqual(['00000', '00105', '00000']);
      expect((await bench.control('GET', '/rules/once')).body.calls).toBe(1);
      const { journal, sequence } = (await bench.simulator.gateway.snapshot()).content;
      expect([journal.length, sequence]).toEqual([4, 4]);
      expect((await bench.ask({ ...PAY, REFERENCE: 'refused' })).CODEREPONSE).toBe('00000');
    },
  );

  test('that was not there at the start serves once it is', { timeout: 60_000 }, async () => {
    const server = await postgres();
    const db = server.makeDatabase();
    await server.stop();
    const simulator = createSimulator({ db, clock: NOON, payments: [HOSTED] });
    onTestFinished(() => simulator.close());
    expect((await put(simulator, PAY)).CODEREPONSE).toBe('00003');
    await server.start();
    expect((await put(simulator, PAY)).CODEREPONSE).toBe('00000');
    expect((await put(simulator, { TYPE: '00017', NUMTRANS: '42' })).CODEREPONSE).toBe('00000');
    await expect(simulator.listen()).resolves.toContain('http');
  });

  test('on which another program holds a gateway answers the others, and this one 00003 until it lets go', {
    timeout: 60_000,
  }, async () => {
    const server = await postgres();
    const db = server.makeDatabase();
    const failures: (string | undefined)[] = [];
    const bench = benchOnFile(db, { onExchange: (_, __, failure) => failures.push(failure) });
    await bench.ask(PAY);
    await askSession(bench, 'other', PAY);
    const letGo = await hold(db, 'main');
    const held = bench.ask(PAY);
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) => askSession(bench, `session-${n % 10}`, { ...PAY, NUMQUESTION: String(n) })),
    );
    expect(replies.every(isPaid)).toBe(true);
    expect(await Promise.race([held, wait(50)])).toBeUndefined();
    expect((await held).CODEREPONSE).toBe('00003');
    expect(failures.at(-1)).toMatch(/lock timeout\. Another program holds it locked/);
    await letGo();
    expect((await bench.ask(PAY)).NUMTRANS).toBe('0001000002');
  });
});
