import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { encodeForm } from '../../contracts/index.js';
import { Gateways } from '../../simulator/gateway/gateways.js';
import type { MemoryLimits } from '../../simulator/store/memory/limits.js';
import { MemoryStorage } from '../../simulator/store/memory/memory-store.js';
import { openStorage } from '../../simulator/store/open-storage.js';
import { CARD, HEAD } from '../support/question.js';
import { openSqlite } from '../support/sqlite.js';
import { tempFolder } from '../support/temp-folder.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { copied } from './many-payments.js';
import { askSession, benchOn, benchOnFile, PAY, STORAGES } from './storages.js';

async function fill({ simulator, ask }: TestSimulator, count: number): Promise<void> {
  await ask(PAY);
  await simulator.gateway.restore(copied(await simulator.gateway.snapshot(), count));
}

async function open({ simulator }: TestSimulator, path: string): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  const response = await simulator.fetch(new Request(`http://localhost/_sim${path}`));
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  onTestFinished(() => reader.cancel().catch(() => {}));
  return reader;
}

const decoder = new TextDecoder();

async function rest(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return text;
    text += decoder.decode(value, { stream: true });
  }
}

/** Makes all slices of time end after a few steps, so that long work is cut whatever the speed of the machine. */
function shortenSlices(): void {
  let now = 0;
  const spy = vi.spyOn(performance, 'now').mockImplementation(() => ++now);
  onTestFinished(() => spy.mockRestore());
}

describe.each(STORAGES)('a snapshot of many payments in $storage', (kind) => {
  test('is sent in pieces, between which questions are answered, and shows one instant', { timeout: 60_000 }, async () => {
    const bench = await benchOn(kind);
    await fill(bench, 300);
    const subscriber = { ...CARD, TYPE: '00056', MONTANT: '0', DEVISE: '978' };
    await bench.ask({ ...subscriber, REFABONNE: 'alice', NUMQUESTION: '2000001' });
    await bench.ask({ ...PAY, TYPE: '00001', REFERENCE: 'authorized', NUMQUESTION: '2000002' });
    const [authorized] = await bench.simulator.gateway.payments({ REFERENCE: 'authorized' });
    const before = await bench.simulator.gateway.snapshot();

    const reader = await open(bench, '/snapshot');
    const first = decoder.decode((await reader.read()).value);
    const numbers = { NUMTRANS: authorized?.id ?? '', NUMAPPEL: authorized?.transactions[0].NUMAPPEL ?? '' };
    const replies = [
      await bench.ask({ ...PAY, REFERENCE: 'between', NUMQUESTION: '2000003' }),
      await bench.ask({ TYPE: '00002', MONTANT: '500', DEVISE: '978', ...numbers, NUMQUESTION: '2000004' }),
      await bench.ask({ ...subscriber, REFABONNE: 'bob', PORTEUR: '5555555555554444', NUMQUESTION: '2000005' }),
      await bench.ask({ TYPE: '00058', REFABONNE: 'alice', NUMQUESTION: '2000006' }),
      // An earlier question number, for another TYPE.
      await bench.ask({ ...PAY, TYPE: '00001', NUMQUESTION: '1000001' }),
    ];
    expect(replies.map(({ CODEREPONSE }) => CODEREPONSE)).toEqual(['00000', '00000', '00000', '00000', expect.any(String)]);
    const text = first + (await rest(reader));

    expect(first.length).toBeLessThan(text.length);
    expect(JSON.parse(text)).toEqual(before);
    expect(text).toBe(JSON.stringify(before));
    expect((await bench.simulator.gateway.snapshot()).content.payments.length).toBeGreaterThan(before.content.payments.length);
  });

  test('can be left unread', async () => {
    const bench = await benchOn(kind);
    await fill(bench, 300);
    const reader = await open(bench, '/snapshot');
    await reader.read();
    await reader.cancel();
    expect((await bench.ask({ ...PAY, NUMQUESTION: '2000001' })).CODEREPONSE).toBe('00000');
    expect((await bench.simulator.gateway.snapshot()).content.payments).toHaveLength(301);
  });
});

test('a snapshot of a simulator that is closed meanwhile fails', async () => {
  const bench = benchOnFile(join(await tempFolder(), 'state.db'));
  await fill(bench, 1000);
  const reader = await open(bench, '/snapshot');
  await reader.read();
  await bench.simulator.close();
  await expect(rest(reader)).rejects.toThrow('state.db');
});

// In PostgreSQL, searches run in the server.
describe.each(STORAGES.filter(({ storage }) => storage !== 'PostgreSQL'))('with many payments in $storage', (kind) => {
  test.each(['/payments?REFERENCE=none', '/journal?REFERENCE=none', '/ui/payments?q=none', '/?q=none', '/payments?limit=1000'])(
    'a payment is answered while GET /_sim%s is in progress',
    async (path) => {
      const bench = await benchOn(kind);
      await fill(bench, 3000);
      shortenSlices();
      let isEnded = false;
      const search = bench.simulator.fetch(new Request(`http://localhost/_sim${path}`)).finally(() => {
        isEnded = true;
      });
      expect((await bench.ask({ ...PAY, NUMQUESTION: '2000001' })).CODEREPONSE).toBe('00000');
      expect(isEnded).toBe(false);
      expect((await search).status).toBe(200);
    },
  );
});

test('payments are answered while PUT /_sim/snapshot checks and masks many payments', async () => {
  const bench = openTestSimulator();
  await bench.ask(PAY);
  const snapshot = copied(await bench.simulator.gateway.snapshot(), 500);
  const { journal } = snapshot.content;
  const damaged = { ...snapshot, content: { ...snapshot.content, journal: [...journal, journal[0]] } };
  // Loads what is loaded once.
  await bench.simulator.gateway.restore(await bench.simulator.gateway.snapshot());
  shortenSlices();
  let question = 2_000_000;
  const countAnswered = async (work: Promise<unknown>): Promise<number> => {
    let isEnded = false;
    void work.finally(() => {
      isEnded = true;
    });
    let count = 0;
    for (; !isEnded; count++) expect((await bench.ask({ ...PAY, NUMQUESTION: String(++question) })).CODEREPONSE).toBe('00000');
    return count;
  };
  const whileChecked = await countAnswered(bench.control('PUT', '/snapshot', damaged));
  expect(whileChecked).toBeGreaterThan(100);
  expect(await countAnswered(bench.control('PUT', '/snapshot', snapshot))).toBeGreaterThan(1.5 * whileChecked);
});

describe('a gateway in a file with more rows than can be deleted at once', () => {
  function read(file: string, sql: string): number {
    const database = openSqlite(file, { readonly: true });
    try {
      return database.prepare(sql).pluck().get() as number;
    } finally {
      database.close();
    }
  }

  const rowsIn = (file: string): number => read(file, 'SELECT count(*) FROM journal');

  /** Resolves when only gateways that are in use are left. */
  async function deleted(file: string): Promise<void> {
    while (read(file, "SELECT count(*) FROM gateways WHERE name < '0'") > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  test('is empty at once after a reset, and its rows are deleted beside the next payments', async () => {
    const file = join(await tempFolder(), 'state.db');
    const bench = benchOnFile(file);
    await fill(bench, 4000);
    await bench.simulator.reset();

    expect((await bench.ask({ ...PAY, NUMQUESTION: '1000001' })).NUMTRANS).toBe('0001000001');
    expect((await bench.simulator.gateway.snapshot()).content.payments).toHaveLength(1);
    expect((await bench.control('GET', '/sessions')).body).toEqual({ sessions: [] });
    await deleted(file);
    expect(rowsIn(file)).toBe(1);
    expect(await bench.simulator.journal()).toHaveLength(1);
  });

  test('is deleted with its session, also if the file is closed before the last row', async () => {
    const file = join(await tempFolder(), 'state.db');
    const bench = benchOnFile(file);
    await bench.ask(PAY);
    await askSession(bench, 'large', PAY);
    const session = bench.simulator.session('large');
    await session.restore(copied(await session.snapshot(), 6000));
    shortenSlices();
    expect((await bench.control('DELETE', '/sessions/large')).status).toBe(204);
    expect((await bench.control('GET', '/sessions')).body).toEqual({ sessions: [] });
    expect((await askSession(bench, 'large', PAY)).NUMTRANS).toBe('0001000001');
    await bench.simulator.close();
    expect(rowsIn(file)).toBeGreaterThan(2);

    const reopened = benchOnFile(file);
    await deleted(file);
    expect(rowsIn(file)).toBe(2);
    expect((await reopened.ask({ ...PAY, NUMQUESTION: '2' })).NUMTRANS).toBe('0001000002');
    expect((await askSession(reopened, 'large', { ...PAY, NUMQUESTION: '2' })).NUMTRANS).toBe('0001000002');
  });
});

describe('the event stream', () => {
  // A body has at most 64 KiB, and 4 MiB may wait for a reader.
  const LONG = Object.fromEntries(Array.from({ length: 58 }, (_, n) => [`X${n}`, 'x'.repeat(1000)]));

  test('drops a reader that takes nothing, with a message, and keeps the others', async () => {
    const bench = openTestSimulator({ journal: { showUnknown: true } });
    onTestFinished(() => bench.simulator.close());
    const [slow, fast] = [await open(bench, '/events?after=0'), await open(bench, '/events?after=0')];
    const count = 80;
    let text = '';
    for (let n = 1; n <= count; n++) {
      await bench.ask({ ...PAY, ...LONG, REFERENCE: `order-${n}` });
      while (!text.includes(`\nid: ${n}\n`)) text += decoder.decode((await fast.read()).value, { stream: true });
    }
    const received = await rest(slow);

    expect(received).toMatch(/event: dropped\ndata: \{"message":"This reader took the exchanges too slowly/);
    expect(received).not.toContain(`id: ${count}\n`);
    expect(received.length).toBeLessThan(1000);
    expect(text).not.toContain('event: dropped');
    const again = await open(bench, `/events?after=${count - 1}`);
    let missed = '';
    while (!missed.includes(`id: ${count}\n`)) missed += decoder.decode((await again.read()).value, { stream: true });
    expect(missed).not.toContain(`id: ${count - 1}\n`);
  });

  test('encodes an exchange once for all readers', async () => {
    const bench = openTestSimulator();
    onTestFinished(() => bench.simulator.close());
    const readers = await Promise.all(Array.from({ length: 20 }, () => open(bench, '/events')));
    for (const reader of readers) await reader.read();
    const journal = vi.spyOn(bench.simulator.gateway, 'journal');
    await bench.ask(PAY);
    const chunks = await Promise.all(readers.map(async (reader) => decoder.decode((await reader.read()).value)));

    expect(new Set(chunks).size).toBe(1);
    expect(chunks[0]).toContain('"REFERENCE":"order-1"');
    expect(journal.mock.calls.length).toBeLessThan(readers.length);
  });
});

describe('the state in memory', () => {
  const question = (n: number) => ({
    body: encodeForm(Object.entries({ ...HEAD, ...PAY, NUMQUESTION: String(n), REFERENCE: `order-${n}` })),
  });

  function gatewaysWithin(limits: Omit<MemoryLimits, 'authentications'>): Gateways {
    return new Gateways(new MemoryStorage({ authentications: 1, ...limits }));
  }

  test('holds no more transactions than its limit, and says so', async () => {
    const { main } = gatewaysWithin({ journal: 100, transactions: 3, sessions: 1 });
    for (let n = 1; n <= 3; n++) expect((await main.answer(question(n))).reply.CODEREPONSE).toBe('00000');
    const { reply, failure } = await main.answer(question(4));

    expect(reply.CODEREPONSE).toBe('00003');
    expect(failure).toMatch(/holds 3 transactions, its limit\. Reset the gateway .*--db FILE/);
    expect(await main.payments()).toHaveLength(3);
    await main.reset();
    expect((await main.answer(question(5))).reply.CODEREPONSE).toBe('00000');
  });

  test('holds no more sessions than its limit until one is deleted, and says so', async () => {
    const gateways = gatewaysWithin({ journal: 100, transactions: 10, sessions: 2 });
    await gateways.main.answer(question(1));
    for (const name of ['a', 'b']) expect((await gateways.get(name).answer(question(1))).reply.CODEREPONSE).toBe('00000');
    const { reply, failure } = await gateways.get('c').answer(question(1));

    expect(reply.CODEREPONSE).toBe('00003');
    expect(failure).toMatch(/holds 2 sessions, its limit\. Delete sessions/);
    expect(await gateways.sessions()).toEqual(['a', 'b']);
    expect(await gateways.drop('a')).toBe(true);
    expect((await gateways.get('c').answer(question(2))).reply.CODEREPONSE).toBe('00000');
    expect(await gateways.sessions()).toEqual(['b', 'c']);
  });

  test('is replaced all at once, after questions were answered while the new one was loaded', async () => {
    const storage = new MemoryStorage();
    const { main } = new Gateways(storage);
    await main.answer(question(1));
    const { content } = copied(await main.snapshot(), 300);
    const store = storage.open('main');
    const shared = await store.shared();
    shortenSlices();
    let isLoaded = false;
    const loading = store.load({ ...content, shared }).then(() => {
      isLoaded = true;
    });
    let answered = 0;
    while (!isLoaded) {
      await main.answer(question(++answered + 1));
    }
    await loading;

    expect(answered).toBeGreaterThan(100);
    const references = (await main.payments({ limit: 1000 })).map(({ REFERENCE }) => REFERENCE);
    expect(references.slice(-300)).toEqual(content.payments.map(({ REFERENCE }) => REFERENCE).reverse());
    // The last question may be answered after the load.
    expect(references.length).toBeLessThanOrEqual(301);
  });

  test('keeps the newest journal entries up to its limit, and a tenth more', async () => {
    const { main } = gatewaysWithin({ journal: 10, transactions: 100, sessions: 1 });
    for (let n = 1; n <= 25; n++) await main.answer(question(n));
    const entries = await main.journal();
    expect(entries[0]?.seq).toBe(25);
    expect(entries.length).toBeGreaterThanOrEqual(10);
    expect(entries.length).toBeLessThanOrEqual(11);
  });
});

test('a database that is opened in memory has snapshots too', async () => {
  const storage = openStorage(':memory:');
  const gateways = new Gateways(storage);
  await gateways.main.answer({ body: encodeForm(Object.entries({ ...HEAD, ...PAY, NUMQUESTION: '1' })) });
  expect((await gateways.main.snapshot()).content.payments).toHaveLength(1);
  await storage.close();
});
