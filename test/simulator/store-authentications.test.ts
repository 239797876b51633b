import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Authentication } from '../../simulator/engine/authentication.js';
import type { Fact } from '../../simulator/engine/fact.js';
import type { Lookup } from '../../simulator/engine/lookup.js';
import { StoreError } from '../../simulator/index.js';
import { MEMORY_LIMITS } from '../../simulator/store/memory/limits.js';
import { MemoryStorage } from '../../simulator/store/memory/memory-store.js';
import { openStorage } from '../../simulator/store/open-storage.js';
import { dump, EMPTY_CONTENT, type Storage, type Store } from '../../simulator/store/store.js';
import { authenticationOf, ended, id3dOf, withAuthentications } from '../support/authentications.js';
import { databaseOf, hasPostgres, postgres } from '../support/postgres.js';
import { openSqlite } from '../support/sqlite.js';
import { tempFolder } from '../support/temp-folder.js';
import { benchOn, PAY, SHARED_STORAGES, STORAGES, type StorageKind } from './storages.js';

const ACCOUNT = '1999888/032';
const OTHER = '1999888/099';

function closeAfterTest(storage: Storage): Storage {
  onTestFinished(() => storage.close());
  return storage;
}

const storageOf = async (kind: StorageKind): Promise<Storage> => closeAfterTest(openStorage((await kind.options()).db));

const factOf = (authentication: Authentication): Fact => ({ fact: 'authentication', authentication });

const write = (store: Store, ...authentications: readonly Authentication[]): Promise<void> =>
  store.transact(undefined, () => ({ facts: authentications.map(factOf), shared: '{}', result: undefined }));

function lookFor(store: Store, authentication: Lookup['authentication'], account = ACCOUNT): Promise<Authentication | undefined> {
  return store.transact({ account, day: '', authentication }, (found) => ({ facts: [], result: found.authentication }));
}

/** An authentication with something in every property. */
const FULL = authenticationOf(7, {
  ...ended('rejected'),
  IdSession: 'été\n"1"\u0000\\',
  wrongCodes: 3,
  order: 'together',
  faults: { server: { lost: true }, browser: { late: 'PT2M', times: 2, check: 'wrong', session: 'other', charset: 'utf-8' } },
  usedBy: [{ payment: '0001000009', at: 5 }],
});

describe.each(STORAGES)('authentications in $storage', (kind) => {
  test('are found by their ID3D, and by account and IdSession, and are replaced by their ID3D', async () => {
    const store = (await storageOf(kind)).open('main');
    const first = authenticationOf(1);
    await write(store, first, authenticationOf(2, { account: OTHER, IdSession: 'session-1' }), FULL);
    expect(await store.authentication(FULL.ID3D)).toEqual(FULL);
    expect(await lookFor(store, { ID3D: FULL.ID3D })).toEqual(FULL);
    expect(await lookFor(store, { IdSession: FULL.IdSession })).toEqual(FULL);
    expect(await lookFor(store, { ID3D: first.ID3D }, OTHER)).toEqual(first);
    expect(await lookFor(store, { IdSession: 'session-1' })).toEqual(first);
    expect((await lookFor(store, { IdSession: 'session-1' }, OTHER))?.ID3D).toBe(id3dOf(2));
    expect(await lookFor(store, { IdSession: 'Session-1' })).toBeUndefined();

    const changed = { ...first, ...ended(), usedBy: [{ payment: '0001000003', at: 1 }] };
    await write(store, changed);
    expect(await store.authentication(first.ID3D)).toEqual(changed);
    expect(await lookFor(store, { IdSession: 'session-1' })).toEqual(changed);
    expect((await dump(store)).authentications.map(({ ID3D }) => ID3D)).toEqual([1, 2, 7].map(id3dOf));
    for (const ID3D of [id3dOf(3), '', 'x', '1000001', `0${first.ID3D}`, ` ${first.ID3D}`, `${first.ID3D}.0`]) {
      expect(await store.authentication(ID3D), ID3D).toBeUndefined();
      expect(await lookFor(store, { ID3D }), ID3D).toBeUndefined();
    }
  });

  test('are seen by transactions that run together, in their order', async () => {
    const store = (await storageOf(kind)).open('main');
    await write(store, authenticationOf(1));
    const confirm = (): Promise<number> =>
      store.transact({ account: ACCOUNT, day: '', authentication: { ID3D: id3dOf(1) } }, ({ authentication }) => {
        const wrongCodes = (authentication?.wrongCodes ?? 9) + 1;
        return { facts: [factOf(authenticationOf(1, { wrongCodes }))], result: wrongCodes };
      });
    const start = (n: number): Promise<string> =>
      store.transact({ account: ACCOUNT, day: '', authentication: { IdSession: 'new' } }, ({ authentication }) => {
        const ID3D = authentication?.ID3D;
        return ID3D ? { facts: [], result: ID3D } : { facts: [factOf(authenticationOf(n, { IdSession: 'new' }))], result: 'started' };
      });
    const [confirmed, started] = await Promise.all([
      Promise.all([confirm(), confirm(), confirm()]),
      Promise.all([start(2), start(3), start(4)]),
    ]);
    expect(confirmed).toEqual([1, 2, 3]);
    expect(started).toEqual(['started', id3dOf(2), id3dOf(2)]);
    expect((await store.authentication(id3dOf(1)))?.wrongCodes).toBe(3);
    expect((await dump(store)).authentications).toHaveLength(2);
  });

  test('are listed highest ID3D first, by IdSession, account and page', async () => {
    const store = (await storageOf(kind)).open('main');
    expect(await store.authentications({ limit: 10 })).toEqual([]);
    const accountOf = (n: number): string => (n % 2 === 0 ? ACCOUNT : OTHER);
    const all = Array.from({ length: 250 }, (_, n) => authenticationOf(n + 1, { account: accountOf(n + 1), IdSession: `s-${n % 100}` }));
    await write(store, ...all);
    const list = async (filter: object) =>
      (await store.authentications({ limit: 1000, ...filter })).map(({ ID3D }) => Number(ID3D.slice(-6)));

    const numbers = all.map((_, n) => 250 - n);
    expect(await list({})).toEqual(numbers);
    expect(await list({ limit: 3 })).toEqual([250, 249, 248]);
    expect(await list({ limit: 2, before: id3dOf(120) })).toEqual([119, 118]);
    expect(await list({ before: id3dOf(1) })).toEqual([]);
    expect(await list({ before: '99999999999999999999', limit: 2 })).toEqual([250, 249]);
    expect(await list({ account: ACCOUNT })).toEqual(numbers.filter((n) => n % 2 === 0));
    expect(await list({ account: ACCOUNT, before: id3dOf(7), limit: 2 })).toEqual([6, 4]);
    expect(await list({ IdSession: 's-3' })).toEqual([204, 104, 4]);
    expect(await list({ IdSession: 's-3', limit: 1, before: id3dOf(204) })).toEqual([104]);
    expect(await list({ IdSession: 's-3', account: ACCOUNT })).toEqual([204, 104, 4]);
    expect(await list({ IdSession: 's-3', account: ACCOUNT, before: id3dOf(204), limit: 1 })).toEqual([104]);
    expect(await list({ IdSession: 's-3', account: OTHER })).toEqual([]);
    expect(await lookFor(store, { IdSession: 's-3' })).toEqual(all[203]);
  });

  test('are written with what else is decided, or not at all, and belong to their gateway', async () => {
    const storage = await storageOf(kind);
    const [main, session] = [storage.open('main'), storage.open('a')];
    const failing = main.transact(undefined, () => {
      throw new RangeError('does not work');
    });
    await expect(Promise.all([failing, write(main, authenticationOf(1))])).rejects.toThrow('does not work');
    await write(session, authenticationOf(1, { MONTANT: 5 }));
    expect((await main.authentication(id3dOf(1)))?.MONTANT).toBe(1000);
    expect((await session.authentication(id3dOf(1)))?.MONTANT).toBe(5);
    await storage.drop('a');
    expect(await storage.open('a').authentication(id3dOf(1))).toBeUndefined();
    expect(await main.authentication(id3dOf(1))).toBeDefined();
    await main.load({ ...EMPTY_CONTENT, authentications: [FULL] });
    expect(await main.authentication(id3dOf(1))).toBeUndefined();
    expect(await lookFor(main, { IdSession: 'session-1' })).toBeUndefined();
    expect(await lookFor(main, { IdSession: FULL.IdSession })).toEqual(FULL);
    expect((await dump(main)).authentications).toEqual([FULL]);
  });

  test('are read as they were when the first part was read, while they change', async () => {
    const store = (await storageOf(kind)).open('main');
    const all = Array.from({ length: 120 }, (_, n) => authenticationOf(n + 1));
    await write(store, ...all);
    const read: Authentication[] = [];
    let isChanged = false;
    for await (const part of store.parts()) {
      read.push(...(part.authentications ?? []));
      if (!isChanged) await write(store, authenticationOf(120, ended()), authenticationOf(121));
      isChanged = true;
    }
    expect(read).toEqual(all);
    expect((await store.authentications({ limit: 2 })).map(({ outcome }) => outcome)).toEqual(['', 'authenticated']);
  });

  test('are kept with the payment that used them when a snapshot is restored', async () => {
    const bench = await benchOn(kind);
    await bench.ask(PAY);
    await bench.ask({ ...PAY, TYPE: '00001', MONTANT: '900' });
    const snapshot = withAuthentications((await bench.control('GET', '/snapshot')).body);
    expect((await bench.control('PUT', '/snapshot', snapshot)).status).toBe(204);
    expect((await bench.control('GET', '/snapshot')).body).toEqual(snapshot);
    const [second, first] = await bench.simulator.gateway.payments({ limit: 9 });
    expect([first?.ID3D, second?.ID3D]).toEqual([id3dOf(3), undefined]);
    // The numbers of ID3Ds are not given again.
    expect((await bench.ask(PAY)).NUMTRANS).toBe('0001000006');
    await bench.control('POST', '/reset');
    expect((await bench.simulator.gateway.snapshot()).content.authentications).toEqual([]);
  });
});

const change = fc.record({
  n: fc.integer({ min: 1, max: 6 }),
  account: fc.constantFrom(ACCOUNT, OTHER),
  IdSession: fc.constantFrom('a', 'b'),
  wrongCodes: fc.integer({ min: 0, max: 3 }),
});
const looking = fc.oneof(
  fc.integer({ min: 1, max: 7 }).map((n) => ({ ID3D: id3dOf(n) })),
  fc.constantFrom('a', 'b', 'c').map((IdSession) => ({ IdSession })),
);

/** A transaction: what it looks for, and what it writes. */
interface Step {
  readonly lookup: NonNullable<Lookup['authentication']>;
  readonly account: string;
  readonly changes: readonly (Pick<Authentication, 'account' | 'IdSession' | 'wrongCodes'> & { readonly n: number })[];
}

const step: fc.Arbitrary<Step> = fc.record({
  lookup: looking,
  account: fc.constantFrom(ACCOUNT, OTHER),
  changes: fc.array(change, { maxLength: 2 }),
});
const turns = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6, size: 'max' });

/** Runs transactions, those of one turn together. Returns what they found, and the content. The first account and IdSession of an ID3D stay. */
async function run(store: Store, all: readonly (readonly Step[])[]): Promise<unknown> {
  const names = new Map<number, Pick<Authentication, 'account' | 'IdSession'>>();
  const results: unknown[] = [];
  for (const turn of all) {
    const facts = turn.map(({ changes }) =>
      changes.map(({ n, account, IdSession, wrongCodes }) => {
        if (!names.has(n)) names.set(n, { account, IdSession });
        return factOf(authenticationOf(n, { ...names.get(n), wrongCodes }));
      }),
    );
    const pending = turn.map(({ lookup, account }, index) =>
      store.transact({ account, day: '', authentication: lookup }, (found) => ({
        facts: facts[index] ?? [],
        shared: '{}',
        result: found.authentication ?? 'none',
      })),
    );
    results.push(await Promise.all(pending));
  }
  return { results, content: await dump(store), listed: await store.authentications({ account: ACCOUNT, limit: 3 }) };
}

test.each(SHARED_STORAGES)('authentications change in $storage as in memory', async ({ storage, options }) => {
  const shared = openStorage((await options()).db);
  onTestFinished(() => shared.close());
  let gateways = 0;
  await fc.assert(
    fc.asyncProperty(turns, async (all) => {
      expect(await run(shared.open(`g${++gateways}`), all)).toEqual(await run(new MemoryStorage().open('main'), all));
    }),
    { numRuns: storage === 'PostgreSQL' ? 40 : 100 },
  );
});

/** Damages to a row, as the SET of an UPDATE, and the column that is reported. */
const DAMAGES: readonly (readonly [set: string, column: string])[] = [
  ["data = '{'", 'data'],
  ["data = 'null'", 'data'],
  ["data = '[]'", 'data'],
  ['data = replace(data, \'"MONTANT":1000\', \'"MONTANT":-1\')', 'data'],
  ['data = replace(data, \'"MONTANT":\', \'"MONTANU":\')', 'data'],
  ['data = replace(data, \'"sha1":"\', \'"sha1":1,"x":"\')', 'data'],
  ['data = replace(data, \'"version":2\', \'"version":3\')', 'data'],
  ['data = replace(data, \'"rejected"\', \'"rejectee"\')', 'data'],
  ['data = replace(data, \'"authenticated"\', \'""\')', 'data'],
  ['data = replace(data, \'"wrongCodes":3\', \'"wrongCodes":4\')', 'data'],
  ['data = replace(data, \'"together"\', \'"apart"\')', 'data'],
  ['data = replace(data, \'"PT2M"\', \'"2M"\')', 'data'],
  ['data = replace(data, \'"PT2M"\', \'"P999999Y"\')', 'data'],
  ['data = replace(data, \'"times":2\', \'"times":0\')', 'data'],
  ['data = replace(data, \'"lost"\', \'"last"\')', 'data'],
  ['data = replace(data, \'"at":5\', \'"at":9e15\')', 'data'],
  ['data = replace(data, \'"usedBy":[\', \'"usedBy":[7,\')', 'data'],
  ['ID3D = 2000001000007000', 'ID3D'],
];

/** A database that the test changes with SQL. */
interface DamageableDatabase {
  readonly db: string;
  readonly sql: (statement: string) => void;
}

const DATABASES: Readonly<Record<string, () => Promise<DamageableDatabase>>> = {
  SQLite: async () => {
    const db = join(await tempFolder(), 'state.db');
    writeFileSync(db, '');
    const file = openSqlite(db);
    onTestFinished(() => void file.close());
    return { db, sql: (statement) => void file.exec(statement) };
  },
  ...(hasPostgres && {
    PostgreSQL: async () => {
      const server = await postgres();
      const db = server.makeDatabase();
      return { db, sql: (statement) => void server.sql(databaseOf(db), statement) };
    },
  }),
};

test.each(Object.entries(DATABASES))('a damaged authentication in %s is reported by every read, and others are found', async (_, open) => {
  const { db, sql } = await open();
  const storage = closeAfterTest(openStorage(db));
  const store = storage.open('main');
  const whole = authenticationOf(1);
  await write(store, whole, FULL);
  sql('CREATE TABLE backup AS SELECT * FROM authentications');
  for (const [set, column] of DAMAGES) {
    sql(`UPDATE authentications SET ${set} WHERE ID3D = ${FULL.ID3D}`);
    const message = new RegExp(`a row of the table authentications has an invalid value in the column ${column}\\. .* damaged`);
    const reads = [() => store.authentications({ limit: 9 }), () => lookFor(store, { IdSession: FULL.IdSession }), () => dump(store)];
    if (column === 'data')
      reads.push(
        () => store.authentication(FULL.ID3D) as never,
        () => lookFor(store, { ID3D: FULL.ID3D }),
      );
    for (const read of reads) {
      const failure = await read().catch((error: unknown) => error);
      expect(failure, set).toBeInstanceOf(StoreError);
      expect((failure as StoreError).message, set).toMatch(message);
    }
    expect(await store.authentication(whole.ID3D)).toEqual(whole);
    sql('DELETE FROM authentications; INSERT INTO authentications SELECT * FROM backup');
  }
  expect(await store.authentication(FULL.ID3D)).toEqual(FULL);
});

test.each(Object.entries(DATABASES))('a payment in %s with a damaged ID3D is reported', async (_, open) => {
  const { db, sql } = await open();
  const bench = await benchOn({ storage: '', options: async () => ({ db }) });
  await bench.ask(PAY);
  for (const ID3D of ['1000001', '2000000000001x', '']) {
    sql(`UPDATE transactions SET ID3D = '${ID3D}'`);
    await expect(bench.simulator.gateway.payments({ limit: 9 })).rejects.toThrow(/transactions has an invalid value in the column ID3D/);
  }
  sql(`UPDATE transactions SET ID3D = '${id3dOf(5)}'`);
  expect((await bench.simulator.gateway.payments({ limit: 9 }))[0]?.ID3D).toBe(id3dOf(5));
});

test('the memory starts no more authentications than its limit, changes those it has, and says what to do', async () => {
  const store = new MemoryStorage({ ...MEMORY_LIMITS, authentications: 2 }).open('main');
  await write(store, authenticationOf(1));
  await write(store, authenticationOf(2));
  await expect(write(store, authenticationOf(3))).rejects.toThrow(/holds 2 authentications, its limit\. Reset the gateway .*--db FILE/);
  await write(store, authenticationOf(2, ended()));
  expect((await store.authentications({ limit: 9 })).map(({ outcome }) => outcome)).toEqual(['authenticated', '']);
  const content = { ...EMPTY_CONTENT, authentications: [1, 2, 3].map((n) => authenticationOf(n)) };
  await expect(store.load(content)).rejects.toThrow(/holds 2 authentications, its limit/);
  expect(await store.authentications({ limit: 9 })).toHaveLength(2);
  await store.load(EMPTY_CONTENT);
  await write(store, authenticationOf(3));
});

test('the memory lists authentications that were not written in the order of their ID3Ds', async () => {
  const store = new MemoryStorage().open('main');
  for (const n of [3, 1, 2]) await write(store, authenticationOf(n, { IdSession: 'same' }));
  expect((await store.authentications({ limit: 9 })).map(({ ID3D }) => ID3D)).toEqual([3, 2, 1].map(id3dOf));
  expect((await lookFor(store, { IdSession: 'same' }))?.ID3D).toBe(id3dOf(3));
});
