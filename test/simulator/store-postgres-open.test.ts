import { describe, expect, test } from 'vitest';
import { createSimulator, type SimulatorOptions, StoreError } from '../../simulator/index.js';
import { shownStorage } from '../../simulator/store/open-storage.js';
import { POSTGRES_MIGRATIONS } from '../../simulator/store/postgres/prepare-database.js';
import { withAuthentications } from '../support/authentications.js';
import { withCheckouts } from '../support/checkouts.js';
import { databaseOf, hasPostgres, PASSWORD, postgres, USER } from '../support/postgres.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { EXCHANGES, insertExchanges } from './json-journal.js';
import { insertSubscribers, MIGRATED_TOKENS } from './old-subscribers.js';
import { benchOn, benchOnFile, PAY } from './storages.js';

/** Returns the message with which a simulator fails to start. Checks that it contains no part of the password. */
async function refusal(db: string): Promise<string> {
  try {
    const simulator = createSimulator({ db });
    try {
      await simulator.listen();
    } finally {
      await simulator.close();
    }
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError);
    const { message } = error as StoreError;
    expect(message).not.toContain('shown@4711');
    expect(message).not.toContain(encodeURIComponent(PASSWORD));
    return message;
  }
  throw new Error('The database was opened.');
}

async function usedDatabase(options: SimulatorOptions = {}): Promise<string> {
  const db = (await postgres()).makeDatabase();
  const { ask, simulator } = openTestSimulator({ db, ...options });
  await ask(PAY);
  await simulator.close();
  return db;
}

describe('a PostgreSQL URL', () => {
  test.each([
    ['postgres://user:pa/ss@host/db'],
    ['postgres://user:12/ss@host/db'],
    ['postgres://user:12#ss@host/db'],
    ['postgres://user:12?ss@host/db'],
    ['postgres://user:ss@[host/db'],
  ])('that is invalid (%s) is rejected, and no part of it is shown', (db) => {
    expect(() => createSimulator({ db })).toThrow(
      /^The database URL is invalid\. Write postgres:\/\/user:password@host:5432\/database\. In the password, write %2F for \/, .* or ~\/\.pgpass\.$/,
    );
  });

  test.each([
    ['postgres://user:secret@host:5433/db', 'postgres://user@host:5433/db'],
    ['postgresql://user@host/db?password=secret&sslmode=require', 'postgresql://user@host/db?sslmode=require'],
    ['postgres:///db?host=/tmp/socket', 'postgres:///db?host=/tmp/socket'],
    ['postgres://us%20er:a%40b%23c@host/db', 'postgres://us er@host/db'],
  ])('%s is shown without its password', (db, shown) => {
    expect(shownStorage(db)).toBe(shown);
  });
});

test('a server that does not run is reported at the first use', async () => {
  const db = 'postgres://user:secret@127.0.0.1:1/db';
  const failures: (string | undefined)[] = [];
  const { ask, simulator } = openTestSimulator({ db, onExchange: (_, __, failure) => failures.push(failure) });
  const message = /^Database postgres:\/\/user@127\.0\.0\.1:1\/db: connect ECONNREFUSED 127\.0\.0\.1:1\. Check that the server runs/;
  await expect(simulator.gateway.ready()).rejects.toThrow(message);
  await expect(simulator.listen()).rejects.toThrow(message);
  expect((await ask(PAY)).CODEREPONSE).toBe('00003');
  expect(failures).toEqual([expect.stringMatching(message)]);
  await simulator.close();
});

describe.skipIf(!hasPostgres)('a PostgreSQL database', () => {
  test('that is empty gets the tables from one of several simulators that open it at once', async () => {
    const server = await postgres();
    const db = server.makeDatabase();
    const benches = Array.from({ length: 4 }, () => benchOnFile(db));
    const replies = await Promise.all(benches.map(({ ask }, n) => ask({ ...PAY, NUMQUESTION: String(n + 1) })));
    expect(new Set(replies.map(({ CODEREPONSE }) => CODEREPONSE))).toEqual(new Set(['00000']));
    expect(new Set(replies.map(({ NUMTRANS }) => NUMTRANS)).size).toBe(4);
    expect(server.sql(databaseOf(db), 'SELECT version FROM paybox_direct_simulator')).toBe(String(POSTGRES_MIGRATIONS.length));
  });

  test('has all its content after it is reopened', async () => {
    const db = await usedDatabase({ accounts: [{ SITE: '1999888', RANG: '77', CLE: 'x' }] });
    const after = benchOnFile(db);
    await after.simulator.gateway.ready();
    expect(after.simulator.gateway.account('1999888', '77')?.CLE).toBe('x');
    expect(await after.simulator.gateway.payments({ limit: 9 })).toHaveLength(1);
    expect((await after.ask({ ...PAY, NUMQUESTION: '2' })).NUMTRANS).toBe('0001000002');
  });

  test('of another program is rejected and not changed', async () => {
    const server = await postgres();
    const db = server.makeDatabase();
    server.sql(databaseOf(db), 'CREATE TABLE orders (id integer); INSERT INTO orders VALUES (1)');
    const before = server.contentOf(databaseOf(db));
    const message = await refusal(db);
    expect(message).toContain(shownStorage(db));
    expect(message).toMatch(/has tables of another program\. It was not changed\. Create a separate database for the simulator/);
    expect(server.contentOf(databaseOf(db))).toBe(before);
  });

  test('with a newer schema is rejected and not changed', async () => {
    const server = await postgres();
    const db = await usedDatabase();
    server.sql(databaseOf(db), 'UPDATE paybox_direct_simulator SET version = 99');
    const before = server.contentOf(databaseOf(db));
    expect(await refusal(db)).toMatch(
      /schema version 99; this version of the simulator supports versions up to \d+\. .*Use a newer simulator/,
    );
    expect(server.contentOf(databaseOf(db))).toBe(before);
  });

  test('with the first schema is migrated and keeps its content', async () => {
    const server = await postgres();
    const db = server.makeDatabase();
    const [first = ''] = POSTGRES_MIGRATIONS;
    const clock = '{"kind":"frozen","value":1800000000000}';
    server.sql(
      databaseOf(db),
      `CREATE TABLE paybox_direct_simulator (version integer NOT NULL); INSERT INTO paybox_direct_simulator VALUES (1); ${first}
       INSERT INTO gateways (name, sequence, entries, clock) VALUES ('main', 41, 7, '${clock}'), ('bare', 0, 0, NULL);
       ${insertExchanges()} ${insertSubscribers()}`,
    );
    const simulator = createSimulator({ db });
    await simulator.gateway.ready();
    const [shared] = server.sql(databaseOf(db), "SELECT shared FROM gateways WHERE name = 'main'").split('\n');
    expect(JSON.parse(shared ?? '').clock).toEqual(JSON.parse(clock));
    const { sequence, tokens, subscribers } = (await simulator.gateway.snapshot()).content;
    expect(sequence).toBe(41);
    expect(tokens).toEqual(MIGRATED_TOKENS);
    expect(subscribers.map(({ PORTEUR }) => PORTEUR)).toEqual(['NoCardToken', 'FirstTokenA', 'SecondToken']);
    expect((await simulator.journal()).map(({ request, reply }) => ({ request, reply })).reverse()).toEqual(EXCHANGES);
    await simulator.close();
  });

  test('of version 6 gets the table of authentications, and its payments have no ID3D', async () => {
    const server = await postgres();
    const db = await usedDatabase();
    server.sql(
      databaseOf(db),
      `DROP TABLE checkouts; DROP TABLE authentications; ALTER TABLE transactions DROP COLUMN ID3D;
        UPDATE paybox_direct_simulator SET version = 6`,
    );
    const { simulator } = benchOnFile(db);
    const snapshot = await simulator.gateway.snapshot();
    const { payments, authentications } = snapshot.content;
    expect(authentications).toEqual([]);
    expect(payments.map((payment) => 'ID3D' in payment)).toEqual([false]);
    const more = withAuthentications(snapshot);
    await simulator.gateway.restore(more);
    expect((await simulator.gateway.snapshot()).content).toEqual(more.content);
  });

  test('of version 7 gets the table of checkouts', async () => {
    const server = await postgres();
    const db = await usedDatabase();
    server.sql(databaseOf(db), 'DROP TABLE checkouts; UPDATE paybox_direct_simulator SET version = 7');
    const { simulator } = benchOnFile(db);
    const snapshot = await simulator.gateway.snapshot();
    expect(snapshot.content.checkouts).toEqual([]);
    const more = withCheckouts(snapshot);
    await simulator.gateway.restore(more);
    expect((await simulator.gateway.snapshot()).content).toEqual(more.content);
  });

  test('with damaged tables is rejected with advice', async () => {
    const server = await postgres();
    const db = await usedDatabase();
    server.sql(databaseOf(db), 'ALTER TABLE gateways DROP COLUMN shared');
    expect(await refusal(db)).toMatch(/column "shared" does not exist\. The database is damaged\. Restore a backup/);
  });

  test.each([
    [
      'a wrong password',
      async () => (await postgres()).url('postgres', USER, 'wrong'),
      /password authentication failed .*Check user and password/,
    ],
    [
      'a user that does not exist',
      async () => (await postgres()).url('postgres', 'nobody'),
      /authentication failed .*Check user and password/,
    ],
    [
      'a database that does not exist',
      async () => (await postgres()).url('nowhere'),
      /"nowhere" does not exist\. Create the database first \(createdb\)/,
    ],
    [
      'another encoding',
      async () => (await postgres()).makeDatabase('LATIN1'),
      /has the encoding LATIN1, not UTF8\. Create one with createdb/,
    ],
  ])('%s is reported', async (_, db, message) => {
    expect(await refusal(await db())).toMatch(message);
  });

  test('in which the user cannot create tables is reported', async () => {
    const server = await postgres();
    const db = server.makeDatabase();
    server.sql('postgres', `CREATE ROLE guest LOGIN PASSWORD '${PASSWORD}'`);
    server.sql(databaseOf(db), 'REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO guest');
    expect(await refusal(server.url(databaseOf(db), 'guest'))).toMatch(
      /permission denied for schema public\. .*Use a database that belongs to the user/,
    );
  });

  test('stores texts with characters that PostgreSQL does not allow', async () => {
    const db = (await postgres()).makeDatabase();
    const { ask, simulator } = benchOnFile(db);
    const { gateway } = simulator;
    const REFERENCE = 'a\u0000b\u001a0\u001ac';
    await gateway.importPayment({
      SITE: '1999888',
      RANG: '32',
      NUMTRANS: '7',
      NUMAPPEL: '8',
      MONTANT: 1,
      DEVISE: '978',
      REFERENCE,
      status: 'captured',
    });
    await ask({ ...PAY, REFERENCE });
    expect((await gateway.payment('0000000007'))?.REFERENCE).toBe(REFERENCE);
    expect((await gateway.payments({ REFERENCE, limit: 9 })).length).toBe(
      (await gateway.journal({ REFERENCE, CODEREPONSE: '00000' })).length + 1,
    );
    const snapshot = await gateway.snapshot();
    await gateway.restore(snapshot);
    expect(await gateway.snapshot()).toEqual(snapshot);
  });

  test('with a damaged row answers 00003 or 503 to requests that need the row, and only to them', async () => {
    const server = await postgres();
    const db = server.makeDatabase();
    const bench = benchOnFile(db);
    const damaged = await bench.ask({ ...PAY, TYPE: '00001' });
    const whole = await bench.ask({ ...PAY, TYPE: '00001', REFERENCE: 'order-2' });
    server.sql(databaseOf(db), `UPDATE transactions SET kind = 'capturf' WHERE NUMTRANS = ${Number(damaged.NUMTRANS)}`);
    const capture = { TYPE: '00002', MONTANT: '1000', DEVISE: '978' };
    const both = [damaged, whole].map(({ NUMTRANS = '', NUMAPPEL = '' }) => bench.ask({ ...capture, NUMTRANS, NUMAPPEL }));
    expect((await Promise.all(both)).map(({ CODEREPONSE }) => CODEREPONSE)).toEqual(['00003', '00000']);
    const { status, body } = await bench.control('GET', '/payments');
    expect([status, body.error]).toEqual([
      503,
      expect.stringMatching(/a row of the table transactions has an invalid value in the column kind\. The database is damaged/),
    ]);
  });

  test('with an impossible counter answers 00003 or 503', async () => {
    const server = await postgres();
    const db = server.makeDatabase();
    const bench = benchOnFile(db);
    await bench.ask(PAY);
    server.sql(databaseOf(db), 'UPDATE gateways SET sequence = -5');
    expect((await bench.ask(PAY)).CODEREPONSE).toBe('00003');
    expect((await bench.control('GET', '/payments')).body.error).toMatch(
      /a row of the table gateways has an invalid value in the column sequence\. The database is damaged/,
    );
  });

  test('loads a snapshot with more rows than one statement holds', async () => {
    const kind = { storage: 'PostgreSQL', options: async () => ({ db: (await postgres()).makeDatabase() }) };
    const from = await benchOn({ storage: 'memory', options: async () => ({}) });
    await Promise.all(Array.from({ length: 4500 }, (_, n) => from.simulator.gateway.answer({ body: new TextEncoder().encode(`n=${n}`) })));
    for (let n = 0; n < 20; n++) await from.ask(PAY);
    const snapshot = await from.simulator.gateway.snapshot();
    const { gateway } = (await benchOn(kind)).simulator;
    await gateway.ready();
    await gateway.saved();
    await gateway.restore(snapshot);
    expect(await gateway.snapshot()).toEqual(snapshot);
  });
});
