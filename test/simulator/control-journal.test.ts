import { beforeEach, describe, expect, test } from 'vitest';
import { NOON } from '../support/question.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { PAY } from './storages.js';

let bench: TestSimulator;

beforeEach(async () => {
  bench = openTestSimulator();
  bench.simulator.clock.set(NOON, true);
  await bench.ask({ ...PAY, REFERENCE: 'a' });
  bench.simulator.clock.advance('PT1H');
  await bench.ask({ ...PAY, REFERENCE: 'b', PORTEUR: '1111222233334445' });
  await bench.ask({ TYPE: '17', NUMTRANS: '1000001' });
  bench.simulator.clock.advance('P1D');
  await bench.ask({ TYPE: '42' });
});

async function seqs(query: string): Promise<number[]> {
  const { status, body } = await bench.control('GET', `/journal?${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.entries.map(({ seq }: { seq: number }) => seq);
}

test.each<readonly [query: string, expected: readonly number[]]>([
  ['', [4, 3, 2, 1]],
  ['REFERENCE=a', [3, 1]],
  ['TYPE=00003', [2, 1]],
  ['TYPE=3', [2, 1]],
  ['TYPE=pay', [2, 1]],
  ['TYPE=inquire', [3]],
  ['TYPE=subscribers.pay', []],
  ['CODEREPONSE=00000', [3, 1]],
  ['CODEREPONSE=4', [2]],
  ['CODEREPONSE=00004&REFERENCE=b&TYPE=pay', [2]],
  ['since=2026-06-10T13:00', [4, 3, 2]],
  ['since=2026-06-10T13:00:00%2B02:00', [4, 3, 2]],
  ['since=2026-06-10T11:00:00Z&until=2026-06-11', [3, 2]],
  ['until=2026-06-10T13:00', [1]],
  ['since=2026-06-11', [4]],
  ['limit=2', [4, 3]],
  ['limit=2&before=3', [2, 1]],
  ['before=1', []],
  ['REFERENCE=&TYPE=&CODEREPONSE=&since=&limit=&before=', [4, 3, 2, 1]],
])('?%s', async (query, expected) => {
  expect(await seqs(query)).toEqual(expected);
});

test('an entry has the request, the reply, the payment and the findings', async () => {
  const { body } = await bench.control('GET', '/journal?TYPE=inquire');
  expect(body.entries[0]).toMatchObject({
    seq: 3,
    at: '2026-06-10T13:00:00.000+02:00',
    account: '1999888/032',
    TYPE: '00017',
    operation: 'inquire',
    REFERENCE: 'a',
    CODEREPONSE: '00000',
    payment: '0001000001',
    origin: 'direct',
    request: expect.arrayContaining([
      ['TYPE', '17'],
      ['NUMTRANS', '1000001'],
    ]),
    reply: { NUMTRANS: '0001000001', STATUS: 'Capturé' },
    findings: [],
  });
});

describe('a wrong parameter is answered 400 with the expected format', () => {
  test.each<readonly [query: string, error: RegExp]>([
    ['TYPE=42', /^TYPE: 42 is not an operation; `paybox-sim operations` lists them\.$/],
    ['TYPE=refnud', /^TYPE: refnud is not an operation/],
    [
      'since=yesterday',
      /^since: yesterday is not an ISO 8601 time\. Write 2026-03-28T12:00 \(Paris time\), or a time with an offset; in a URL, write \+ as %2B\.$/,
    ],
    ['until=2026-13-01', /^until: 2026-13-01 is not an ISO 8601 time/],
    ['since=2026-06-10T13:00:00+02:00', /in a URL, write \+ as %2B/],
    ['limit=0', /^limit: 0 is not a whole number from 1 to 1000\.$/],
    ['limit=1001', /^limit: 1001 is not/],
    ['limit=ten', /^limit: ten is not/],
    ['before=x', /^before: x is not the seq of a journal entry\.$/],
  ])('?%s', async (query, error) => {
    const answer = await bench.control('GET', `/journal?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatch(error);
  });
});

test('returns 100 entries by default', async () => {
  await Promise.all(Array.from({ length: 120 }, () => bench.ask(PAY)));
  expect(await seqs('')).toHaveLength(100);
  expect(await seqs('limit=1000')).toHaveLength(124);
});
