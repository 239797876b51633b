import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Checkout } from '../../simulator/engine/checkout.js';
import type { Fact } from '../../simulator/engine/fact.js';
import type { Lookup } from '../../simulator/engine/lookup.js';
import { StoreError } from '../../simulator/index.js';
import { MEMORY_LIMITS } from '../../simulator/store/memory/limits.js';
import { MemoryStorage } from '../../simulator/store/memory/memory-store.js';
import { openStorage } from '../../simulator/store/open-storage.js';
import { dump, EMPTY_CONTENT, type Storage, type Store } from '../../simulator/store/store.js';
import { checkoutIdOf, checkoutOf, fullCheckout, subscribed, withCheckouts } from '../support/checkouts.js';
import { DAMAGEABLE } from './damageable-databases.js';
import { benchOn, PAY, SHARED_STORAGES, STORAGES, type StorageKind } from './storages.js';

const ACCOUNT = '1999888/032';
const OTHER = '1999888/099';

function closeAfterTest(storage: Storage): Storage {
  onTestFinished(() => storage.close());
  return storage;
}

const storageOf = async (kind: StorageKind): Promise<Storage> => closeAfterTest(openStorage((await kind.options()).db));

const factOf = (checkout: Checkout): Fact => ({ fact: 'checkout', checkout });

const write = (store: Store, ...checkouts: readonly Checkout[]): Promise<void> =>
  store.transact(undefined, () => ({ facts: checkouts.map(factOf), shared: '{}', result: undefined }));

function lookFor(store: Store, checkout: Lookup['checkout'], account = ACCOUNT): Promise<Checkout | undefined> {
  return store.transact({ account, day: '', checkout }, (found) => ({ facts: [], result: found.checkout }));
}

const FULL = fullCheckout(7);

const numbersOf = (checkouts: readonly Checkout[]): number[] => checkouts.map(({ id }) => Number(id) - 1_000_000);

describe.each(STORAGES)('checkouts in $storage', (kind) => {
  test('are found by their id, and the newest by account and REFERENCE, and are replaced by their id', async () => {
    const store = (await storageOf(kind)).open('main');
    const first = checkoutOf(1);
    await write(store, first, checkoutOf(2, { account: OTHER, REFERENCE: 'order-1' }), FULL, checkoutOf(8, { REFERENCE: 'order-3' }));
    expect(await store.checkout(FULL.id)).toEqual(FULL);
    expect(await lookFor(store, { id: FULL.id })).toEqual(FULL);
    expect(await lookFor(store, { REFERENCE: FULL.REFERENCE })).toEqual(FULL);
    expect(await lookFor(store, { id: first.id }, OTHER)).toEqual(first);
    expect(await lookFor(store, { REFERENCE: 'order-1' })).toEqual(first);
    expect((await lookFor(store, { REFERENCE: 'order-1' }, OTHER))?.id).toBe(checkoutIdOf(2));
    expect(await lookFor(store, { REFERENCE: 'Order-1' })).toBeUndefined();

    const changed: Checkout = { ...first, ...subscribed() };
    await write(store, changed, checkoutOf(5, { REFERENCE: 'order-3' }));
    expect(await store.checkout(first.id)).toEqual(changed);
    expect(await lookFor(store, { REFERENCE: 'order-1' })).toEqual(changed);
    // The newest is the one with the highest id, not the one that was written last.
    expect((await lookFor(store, { REFERENCE: 'order-3' }))?.id).toBe(checkoutIdOf(8));
    expect(numbersOf((await dump(store)).checkouts)).toEqual([1, 2, 5, 7, 8]);
    for (const id of [checkoutIdOf(3), '', 'x', '1000001', `0${first.id}`, ` ${first.id}`, '0000000000', `${first.id}.0`]) {
      expect(await store.checkout(id), id).toBeUndefined();
      expect(await lookFor(store, { id }), id).toBeUndefined();
    }
  });

  test('are seen by transactions that run together, in their order', async () => {
    const store = (await storageOf(kind)).open('main');
    await write(store, checkoutOf(1));
    const pay = (): Promise<number> =>
      store.transact({ account: ACCOUNT, day: '', checkout: { id: checkoutIdOf(1) } }, ({ checkout }) => {
        const MONTANT = (checkout?.MONTANT ?? 0) + 1;
        return { facts: [factOf(checkoutOf(1, { MONTANT }))], result: MONTANT };
      });
    const start = (n: number): Promise<string> =>
      store.transact({ account: ACCOUNT, day: '', checkout: { REFERENCE: 'new' } }, ({ checkout }) => {
        if (checkout) return { facts: [], result: checkout.id };
        return { facts: [factOf(checkoutOf(n, { REFERENCE: 'new' }))], result: 'started' };
      });
    const [paid, started] = await Promise.all([Promise.all([pay(), pay(), pay()]), Promise.all([start(2), start(3), start(4)])]);
    expect(paid).toEqual([1001, 1002, 1003]);
    expect(started).toEqual(['started', checkoutIdOf(2), checkoutIdOf(2)]);
    expect((await store.checkout(checkoutIdOf(1)))?.MONTANT).toBe(1003);
    expect((await dump(store)).checkouts).toHaveLength(2);
  });

  test('are listed highest id first, by REFERENCE, account and page', async () => {
    const store = (await storageOf(kind)).open('main');
    expect(await store.checkouts({ limit: 10 })).toEqual([]);
    const accountOf = (n: number): string => (n % 2 === 0 ? ACCOUNT : OTHER);
    const all = Array.from({ length: 250 }, (_, n) => checkoutOf(n + 1, { account: accountOf(n + 1), REFERENCE: `r-${n % 100}` }));
    await write(store, ...all);
    const list = async (filter: object) => numbersOf(await store.checkouts({ limit: 1000, ...filter }));

    const numbers = all.map((_, n) => 250 - n);
    expect(await list({})).toEqual(numbers);
    expect(await list({ limit: 3 })).toEqual([250, 249, 248]);
    expect(await list({ limit: 2, before: checkoutIdOf(120) })).toEqual([119, 118]);
    expect(await list({ before: checkoutIdOf(1) })).toEqual([]);
    expect(await list({ account: ACCOUNT })).toEqual(numbers.filter((n) => n % 2 === 0));
    expect(await list({ account: ACCOUNT, before: checkoutIdOf(7), limit: 2 })).toEqual([6, 4]);
    expect(await list({ REFERENCE: 'r-3' })).toEqual([204, 104, 4]);
    expect(await list({ REFERENCE: 'r-3', limit: 1, before: checkoutIdOf(204) })).toEqual([104]);
    expect(await list({ REFERENCE: 'r-3', account: ACCOUNT, before: checkoutIdOf(204), limit: 1 })).toEqual([104]);
    expect(await list({ REFERENCE: 'r-3', account: OTHER })).toEqual([]);
    expect(await list({ dueBefore: 8.64e15 })).toEqual([]);
  });

  test('are listed by when something of them is due, first due first', async () => {
    const store = (await storageOf(kind)).open('main');
    const due = (n: number, at: number | null, changes: Partial<Checkout> = {}): Checkout =>
      checkoutOf(n, { ...subscribed(at), ...changes });
    const ended = due(6, 10);
    const { plan } = ended;
    if (!plan) throw new Error('no plan');
    await write(
      store,
      ...[due(1, 300), due(2, 100), due(3, 100, { account: OTHER }), due(4, -5), checkoutOf(5), due(7, 200), due(8, null)],
      { ...ended, plan: { ...plan, endedAt: 5 } },
    );
    const list = async (dueBefore: number, filter: object = {}) => numbersOf(await store.checkouts({ limit: 99, dueBefore, ...filter }));
    expect(await list(-6)).toEqual([]);
    expect(await list(-5)).toEqual([4]);
    expect(await list(99)).toEqual([4]);
    expect(await list(100)).toEqual([4, 2, 3]);
    expect(await list(100.5)).toEqual([4, 2, 3]);
    expect(await list(1000)).toEqual([4, 2, 3, 7, 1]);
    expect(await list(1000, { limit: 2 })).toEqual([4, 2]);
    expect(await list(1000, { limit: 2, account: OTHER })).toEqual([3]);
    expect(await list(1000, { before: checkoutIdOf(3) })).toEqual([2, 1]);
    expect(await list(1000, { REFERENCE: 'order-7' })).toEqual([7]);
    // What was taken is due later, or no longer.
    await write(store, due(4, 400), due(2, null), due(9, 50));
    expect(await list(100)).toEqual([9, 3]);
    expect(await list(1000)).toEqual([9, 3, 7, 1, 4]);
    await store.load({ ...EMPTY_CONTENT, checkouts: [due(3, 7)] });
    expect(await list(1000)).toEqual([3]);
  });

  test('are written with what else is decided, or not at all, and belong to their gateway', async () => {
    const storage = await storageOf(kind);
    const [main, session] = [storage.open('main'), storage.open('a')];
    const failing = main.transact(undefined, () => {
      throw new RangeError('does not work');
    });
    await expect(Promise.all([failing, write(main, checkoutOf(1))])).rejects.toThrow('does not work');
    await write(session, checkoutOf(1, { ...subscribed(1), MONTANT: 5 }));
    expect((await main.checkout(checkoutIdOf(1)))?.MONTANT).toBe(1000);
    expect((await session.checkout(checkoutIdOf(1)))?.MONTANT).toBe(5);
    expect(await main.checkouts({ dueBefore: 1, limit: 9 })).toEqual([]);
    await storage.drop('a');
    expect(await storage.open('a').checkout(checkoutIdOf(1))).toBeUndefined();
    expect(await main.checkout(checkoutIdOf(1))).toBeDefined();
    await main.load({ ...EMPTY_CONTENT, checkouts: [FULL] });
    expect(await main.checkout(checkoutIdOf(1))).toBeUndefined();
    expect(await lookFor(main, { REFERENCE: 'order-1' })).toBeUndefined();
    expect(await lookFor(main, { REFERENCE: FULL.REFERENCE })).toEqual(FULL);
    expect((await dump(main)).checkouts).toEqual([FULL]);
  });

  test('are read as they were when the first part was read, while they change', async () => {
    const store = (await storageOf(kind)).open('main');
    const all = Array.from({ length: 120 }, (_, n) => checkoutOf(n + 1));
    await write(store, ...all);
    const read: Checkout[] = [];
    let isChanged = false;
    for await (const part of store.parts()) {
      read.push(...(part.checkouts ?? []));
      if (!isChanged) await write(store, checkoutOf(120, { state: 'cancelled' }), checkoutOf(121));
      isChanged = true;
    }
    expect(read).toEqual(all);
    expect((await store.checkouts({ limit: 2 })).map(({ state }) => state)).toEqual(['open', 'cancelled']);
  });

  test('are kept with their payments and authentications when a snapshot is restored', async () => {
    const bench = await benchOn(kind);
    await bench.ask(PAY);
    const snapshot = withCheckouts((await bench.control('GET', '/snapshot')).body);
    expect(await bench.control('PUT', '/snapshot', snapshot)).toMatchObject({ status: 204 });
    expect((await bench.control('GET', '/snapshot')).body).toEqual(snapshot);
    // The numbers of checkouts are not given again.
    expect((await bench.ask(PAY)).NUMTRANS).toBe('0001000006');
    await bench.control('POST', '/reset');
    expect((await bench.simulator.gateway.snapshot()).content.checkouts).toEqual([]);
  });
});

const change = fc.record({
  n: fc.integer({ min: 1, max: 6 }),
  account: fc.constantFrom(ACCOUNT, OTHER),
  REFERENCE: fc.constantFrom('a', 'b'),
  due: fc.option(fc.integer({ min: -2, max: 3 }), { nil: null }),
});
const looking = fc.oneof(
  fc.integer({ min: 1, max: 7 }).map((n) => ({ id: checkoutIdOf(n) })),
  fc.constantFrom('a', 'b', 'c').map((REFERENCE) => ({ REFERENCE })),
);

/** A transaction: what it looks for, and what it writes. */
interface Step {
  readonly lookup: NonNullable<Lookup['checkout']>;
  readonly account: string;
  readonly changes: readonly (Pick<Checkout, 'account' | 'REFERENCE'> & { readonly n: number; readonly due: number | null })[];
}

const step: fc.Arbitrary<Step> = fc.record({
  lookup: looking,
  account: fc.constantFrom(ACCOUNT, OTHER),
  changes: fc.array(change, { maxLength: 2 }),
});
const turns = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6, size: 'max' });

/** Runs transactions, those of one turn together. Returns what they found, what was due then, and the content. */
async function run(store: Store, all: readonly (readonly Step[])[]): Promise<unknown> {
  // The first account and REFERENCE of a checkout stay.
  const names = new Map<number, Pick<Checkout, 'account' | 'REFERENCE'>>();
  const results: unknown[] = [];
  for (const turn of all) {
    const facts = turn.map(({ changes }) =>
      changes.map(({ n, account, REFERENCE, due }) => {
        if (!names.has(n)) names.set(n, { account, REFERENCE });
        return factOf(checkoutOf(n, { ...subscribed(due), ...names.get(n) }));
      }),
    );
    const pending = turn.map(({ lookup, account }, index) =>
      store.transact({ account, day: '', checkout: lookup }, (found) => ({
        facts: facts[index] ?? [],
        shared: '{}',
        result: found.checkout ?? 'none',
      })),
    );
    results.push(await Promise.all(pending));
    for (const dueBefore of [-1, 2]) results.push(numbersOf(await store.checkouts({ dueBefore, limit: 3 })));
  }
  return { results, content: await dump(store), listed: await store.checkouts({ account: ACCOUNT, limit: 3 }) };
}

test.each(SHARED_STORAGES)('checkouts change in $storage as in memory', async ({ storage, options }) => {
  const shared = closeAfterTest(openStorage((await options()).db));
  let gateways = 0;
  await fc.assert(
    fc.asyncProperty(turns, async (all) => {
      expect(await run(shared.open(`g${++gateways}`), all)).toEqual(await run(new MemoryStorage().open('main'), all));
    }),
    { numRuns: storage === 'PostgreSQL' ? 40 : 100 },
  );
});

const replaced = (text: string, by: string): string => `data = replace(data, '${text}', '${by}')`;

/** Damages to a row, as the SET of an UPDATE, and the column that is reported. */
const DAMAGES: readonly (readonly [set: string, column: string])[] = [
  ["data = '{'", 'data'],
  ["data = 'null'", 'data'],
  ["data = '[]'", 'data'],
  [replaced('"MONTANT":1000', '"MONTANT":-1'), 'data'],
  [replaced('"DEVISE":"978"', '"DEVISE":"EUR"'), 'data'],
  [replaced('"PBX_ANNULE"', '"PBX_ANNULEE"'), 'data'],
  [replaced('"letter":"M"', '"letter":"L"'), 'data'],
  [replaced('"isCallByPost":true', '"isCallByPost":1'), 'data'],
  [replaced('"DIFFERE":0', '"DIFFERE":1000'), 'data'],
  [replaced('"DATEVAL":"1230"', '"DATEVAL":"12/30"'), 'data'],
  [replaced('"state":"paid"', '"state":"payed"'), 'data'],
  [replaced('"code":"00105"', '"code":"105"'), 'data'],
  [replaced('"payment":"0001000009"', '"payment":"1000009"'), 'data'],
  [replaced('"ID3D":"2000001000008"', '"ID3D":"1000008"'), 'data'],
  [replaced('"index":1', '"index":0'), 'data'],
  [replaced('"sha1":"', '"sha1":1,"x":"'), 'data'],
  [replaced('"kind":"subscription"', '"kind":"subscriptions"'), 'data'],
  [replaced('"FREQ":1', '"FREQ":100'), 'data'],
  [replaced('"refusedWith":""', '"refusedWith":"1"'), 'data'],
  [replaced('"amount":"other"', '"amount":"double"'), 'data'],
  [replaced('"together"', '"apart"'), 'data'],
  ['due_at = due_at + 1', 'due_at'],
  ['due_at = NULL', 'due_at'],
  ['id = 70000001000007', 'id'],
];

test.each(Object.entries(DAMAGEABLE))('a damaged checkout in %s is reported by every read, and others are found', async (_, open) => {
  const { db, sql } = await open();
  const store = closeAfterTest(openStorage(db)).open('main');
  const whole = checkoutOf(1);
  await write(store, whole, FULL);
  sql('CREATE TABLE backup AS SELECT * FROM checkouts');
  for (const [set, column] of DAMAGES) {
    sql(`UPDATE checkouts SET ${set} WHERE id = ${Number(FULL.id)}`);
    const message = new RegExp(`a row of the table checkouts has an invalid value in the column ${column}\\. .* damaged`);
    const reads: (() => Promise<unknown>)[] = [
      () => store.checkouts({ limit: 9 }),
      () => lookFor(store, { REFERENCE: FULL.REFERENCE }),
      () => dump(store),
    ];
    if (column !== 'id')
      reads.push(
        () => store.checkout(FULL.id),
        () => lookFor(store, { id: FULL.id }),
      );
    if (column === 'data') reads.push(() => store.checkouts({ limit: 9, dueBefore: 8.64e15 }));
    for (const read of reads) {
      const failure = await read().catch((error: unknown) => error);
      expect(failure, set).toBeInstanceOf(StoreError);
      expect((failure as StoreError).message, set).toMatch(message);
    }
    expect(await store.checkout(whole.id)).toEqual(whole);
    sql('DELETE FROM checkouts; INSERT INTO checkouts SELECT * FROM backup');
  }
  expect(await store.checkout(FULL.id)).toEqual(FULL);
});

test('the memory starts no more checkouts than its limit, changes those it has, and says what to do', async () => {
  const store = new MemoryStorage({ ...MEMORY_LIMITS, checkouts: 2 }).open('main');
  await write(store, checkoutOf(1));
  await write(store, checkoutOf(2));
  await expect(write(store, checkoutOf(3))).rejects.toThrow(/holds 2 checkouts, its limit\. Reset the gateway .*--db FILE/);
  await write(store, checkoutOf(2, { state: 'cancelled' }));
  expect((await store.checkouts({ limit: 9 })).map(({ state }) => state)).toEqual(['cancelled', 'open']);
  const content = { ...EMPTY_CONTENT, checkouts: [1, 2, 3].map((n) => checkoutOf(n)) };
  await expect(store.load(content)).rejects.toThrow(/holds 2 checkouts, its limit/);
  expect(await store.checkouts({ limit: 9 })).toHaveLength(2);
  await store.load(EMPTY_CONTENT);
  await write(store, checkoutOf(3));
});
