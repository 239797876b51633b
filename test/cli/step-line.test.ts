import { expect, onTestFinished, test } from 'vitest';
import { exchangeJson, exchangeLine } from '../../cli/exchange-line.js';
import { findingsText } from '../../cli/findings-report.js';
import { AUTHENTICATION_CARDS } from '../../contracts/index.js';
import type { NewJournalEntry, SimulatorOptions } from '../../simulator/index.js';
import { actAtBank, postToMpi } from '../support/cardholder.js';
import { openShopServer } from '../support/shop-server.js';
import { openTestSimulator } from '../support/test-simulator.js';

const withoutColours = (text: string): string => text.replace(/\x1b\[\d+m/g, '');

/** Opens a simulator whose entries are collected, and a shop that answers the first call and fails the second. */
async function openBench(options: SimulatorOptions = {}) {
  const entries: NewJournalEntry[] = [];
  const accounts = [{ SITE: '1999888', RANG: '32', resultOrder: 'server-first' as const }];
  const bench = openTestSimulator({ accounts, onExchange: (entry) => entries.push(entry), ...options });
  const shop = await openShopServer((_, n) => (n === 1 ? { body: 'OK\n  then' } : { status: 500, body: '' }));
  onTestFinished(async () => {
    await bench.simulator.close();
    await shop.close();
  });
  const lines = () => entries.map((entry) => withoutColours(exchangeLine(entry, 'main', undefined)).slice('12:00:00  '.length));
  return {
    simulator: bench.simulator,
    entries,
    lines,
    addresses: { URLHttpDirect: `${shop.url}/direct?shop=1`, URLRetour: `${shop.url}/back` },
  };
}

test('the steps of an authentication are printed with what was sent and answered', async () => {
  const { simulator, lines, entries, addresses } = await openBench();
  const id3d = (await postToMpi(simulator, addresses)).form?.fields.ID3D ?? '';
  await actAtBank(simulator, id3d, 'confirm');
  expect(lines()).toEqual([
    `3DS   authenticate  session-1  10.00 EUR  400000******1091  → challenge ${id3d}`,
    `3DS   challenge  session-1  confirm  → authenticated ${id3d}`,
    expect.stringMatching(/^3DS {3}result {2}session-1 {2}GET http:\/\/127\.0\.0\.1:\d+\/direct {2}→ HTTP 200 OK then$/),
  ]);
  expect(JSON.parse(exchangeJson(entries[1] as NewJournalEntry, 'main', undefined))).toMatchObject({
    event: 'exchange',
    operation: 'challenge',
    reply: { '(page)': 'authenticated' },
  });
});

test('a wrong code at the bank is printed as one', async () => {
  const { simulator, lines, addresses } = await openBench();
  const id3d = (await postToMpi(simulator, addresses)).form?.fields.ID3D ?? '';
  await actAtBank(simulator, id3d, 'confirm', '000000');
  expect(lines().at(-1)).toBe(`3DS   challenge  session-1  confirm  → wrong code ${id3d}`);
});

test('a refusal of RemoteMPI, an outcome that refuses payments and a result that is not delivered are printed', async () => {
  const { simulator, lines, addresses } = await openBench();
  await postToMpi(simulator, { Amount: '10.00' });
  await postToMpi(simulator, { ...addresses, CCNumber: AUTHENTICATION_CARDS[1]?.PORTEUR });
  await postToMpi(simulator, { ...addresses, CCNumber: AUTHENTICATION_CARDS[2]?.PORTEUR, IdSession: 'session-2' });
  const [refused = '', , , declined, undelivered = ''] = lines();
  expect(refused).toMatch(/^3DS {3}authenticate {2}session-1 {2}10\.00 {2}400000\*{6}1091 {2}→ Erreur\n {9}warning +Amount is "10\.00"\./);
  expect(declined).toMatch(/→ declined 200\d{10}$/);
  expect(undelivered).toMatch(/→ HTTP 500\n {9}\w+ +/);
});

test('the reply that a rule drops is marked', async () => {
  const { simulator, lines } = await openBench({ rules: [{ match: { TYPE: 'authenticate' }, fault: { reply: 'drop' } }] });
  await postToMpi(simulator).catch(() => {});
  expect(lines()[0]).toMatch(/→ challenge 200\d{10} \(reply dropped\)/);
});

test('the report of findings names the step', async () => {
  const { simulator } = await openBench();
  await postToMpi(simulator, { Amount: '10.00' });
  const [{ findings, ...request } = { findings: [] }] = (await (await simulator.fetch(new Request('http://localhost/_sim/journal'))).json())
    .entries;
  const text = withoutColours(findingsText(findings.map((found: object) => ({ gateway: 'main', request, ...found }))));
  expect(text).toContain('\n  request 1, 3DS   authenticate session-1 → Erreur\n');
});
