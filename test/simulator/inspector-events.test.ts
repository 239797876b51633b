import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '../support/temp-folder.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { askSession, benchOn, benchOnFile, PAY, STORAGES } from './storages.js';

interface Listener {
  /** Resolves with the next exchange of the stream. */
  next(): Promise<{ id: string; data: { seq: number; REFERENCE: string } }>;
  close(): Promise<void>;
}

async function listenTo({ simulator }: TestSimulator, path = '/_sim/events', headers: Record<string, string> = {}): Promise<Listener> {
  const abort = new AbortController();
  const response = await simulator.fetch(new Request(`http://localhost${path}`, { headers, signal: abort.signal }));
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = '';
  const close = async (): Promise<void> => {
    abort.abort();
    await reader.cancel();
  };
  onTestFinished(close);
  const event = /event: exchange\ndata: (.*)\nid: (\d+)\n\n/;
  return {
    close,
    next: async () => {
      for (;;) {
        const found = event.exec(text);
        if (found) {
          text = text.slice(found.index + found[0].length);
          return { id: found[2] ?? '', data: JSON.parse(found[1] ?? '') };
        }
        const { value, done } = await reader.read();
        if (done) throw new Error('The stream has ended.');
        text += decoder.decode(value);
      }
    },
  };
}

describe.each(STORAGES)('the stream of exchanges of a gateway stored in $storage', (kind) => {
  test('sends each new exchange as the JSON of the journal', async () => {
    const bench = await benchOn(kind);
    const stream = await listenTo(bench, '/_sim/events?after=0');
    await bench.ask({ ...PAY, REFERENCE: 'a' });
    await bench.ask({ ...PAY, REFERENCE: 'b' });
    expect(await stream.next()).toMatchObject({ id: '1', data: { seq: 1, REFERENCE: 'a', CODEREPONSE: '00000' } });
    const { data } = await stream.next();
    expect(data).toEqual((await bench.control('GET', '/journal?limit=1')).body.entries[0]);
  });

  test('sends the missed exchanges in order after a reconnection', async () => {
    const bench = await benchOn(kind);
    const first = await listenTo(bench, '/_sim/events?after=0');
    await bench.ask({ ...PAY, REFERENCE: 'r1' });
    const { id } = await first.next();
    await first.close();
    for (let n = 2; n <= 6; n++) await bench.ask({ ...PAY, REFERENCE: `r${n}` });
    const second = await listenTo(bench, '/_sim/events?after=0', { 'Last-Event-ID': id });
    const seen: string[] = [];
    while (seen.length < 5) seen.push((await second.next()).data.REFERENCE);
    expect(seen).toEqual(['r2', 'r3', 'r4', 'r5', 'r6']);
  });
});

test('sends hundreds of earlier exchanges from the requested seq on', async () => {
  const bench = openTestSimulator();
  await Promise.all(Array.from({ length: 450 }, (_, n) => bench.ask({ ...PAY, REFERENCE: `r${n}` })));
  const stream = await listenTo(bench, '/_sim/events?after=0');
  const seen: number[] = [];
  while (seen.length < 450) seen.push((await stream.next()).data.seq);
  expect(seen).toEqual(Array.from({ length: 450 }, (_, n) => n + 1));
});

test('sends exchanges that another process writes to the same file', async () => {
  const db = join(await tempFolder(), 'shared.db');
  const [mine, other] = [benchOnFile(db), benchOnFile(db)];
  await mine.simulator.gateway.ready();
  const stream = await listenTo(mine, '/_sim/events?after=0');
  await other.ask({ ...PAY, REFERENCE: 'from-there' });
  expect((await stream.next()).data.REFERENCE).toBe('from-there');
});

test('starts at the first exchange after a reset', async () => {
  const bench = openTestSimulator();
  for (let n = 0; n < 3; n++) await bench.ask(PAY);
  const stream = await listenTo(bench, '/_sim/events?after=3');
  await bench.simulator.reset();
  await bench.ask({ ...PAY, REFERENCE: 'after-reset' });
  expect((await stream.next()).data).toMatchObject({ seq: 1, REFERENCE: 'after-reset' });
});

test('a separate gateway has a separate stream', async () => {
  const bench = openTestSimulator();
  const stream = await listenTo(bench, '/s/a/_sim/events?after=0');
  await bench.ask({ ...PAY, REFERENCE: 'main' });
  await askSession(bench, 'a', { ...PAY, REFERENCE: 'mine' });
  expect((await stream.next()).data.REFERENCE).toBe('mine');
});

test('close() ends open streams', async () => {
  const bench = openTestSimulator();
  const url = await bench.simulator.listen();
  const response = await fetch(`${url}/_sim/events`);
  const ended = response.text();
  await bench.simulator.close();
  expect(await ended).toContain('retry: 1000');
});
