import { describe, expect, onTestFinished, test } from 'vitest';
import { AUTHENTICATION_CARDS } from '../../contracts/index.js';
import { readSearch } from '../../simulator/journal/search.js';
import { readStep } from '../../simulator/journal/step.js';
import { actAtBank, postToMpi } from '../support/cardholder.js';
import { openShopServer } from '../support/shop-server.js';
import type { TestSimulator } from '../support/test-simulator.js';
import { benchOn, PAY, STORAGES, type StorageKind } from './storages.js';

const DECLINED = AUTHENTICATION_CARDS[2]?.PORTEUR ?? '';

/**
 * Makes entries 1 to 9: an accepted and a refused payment; a challenge with a wrong code and the right one, and its result; a refused request;
 * an authentication that is declined at once, whose result the shop answers with an error.
 */
async function makeShop(kind: StorageKind): Promise<TestSimulator> {
  const bench = await benchOn(kind, { accounts: [{ SITE: '1999888', RANG: '32', resultOrder: 'server-first' }] });
  const shop = await openShopServer((_, n) => (n === 1 ? { body: 'OK' } : { status: 500 }));
  onTestFinished(shop.close);
  await bench.ask(PAY);
  await bench.ask({ ...PAY, MONTANT: '10.00' });
  const URLHttpDirect = `${shop.url}/direct?shop=7`;
  const id3d = (await postToMpi(bench.simulator, { URLHttpDirect })).form?.fields.ID3D ?? '';
  await actAtBank(bench.simulator, id3d, 'confirm', '000000');
  await actAtBank(bench.simulator, id3d, 'confirm');
  await postToMpi(bench.simulator, { IdSession: 'session-2', Amount: '10.00' });
  await postToMpi(bench.simulator, { IdSession: 'session-3', Amount: '4990', CCNumber: DECLINED, URLHttpDirect });
  return bench;
}

describe.each(STORAGES)('the steps of authentications in $storage', (kind) => {
  test('are read from their entries', async () => {
    const { simulator } = await makeShop(kind);
    const steps = (await simulator.journal()).reverse().map((entry) => [entry.seq, readStep(entry)] as const);
    expect(steps.map(([seq, step]) => [seq, step?.operation, step?.state, step?.answer])).toEqual([
      [1, undefined, undefined, undefined],
      [2, undefined, undefined, undefined],
      [3, 'authenticate', 'pending', 'challenge'],
      [4, 'challenge', 'pending', 'challenge'],
      [5, 'challenge', 'may-pay', 'authenticated'],
      [6, 'result', 'delivered', 'HTTP 200'],
      [7, 'authenticate', 'refused', 'Erreur'],
      [8, 'authenticate', 'may-not-pay', 'declined'],
      [9, 'result', 'undelivered', 'HTTP 500'],
    ]);
    expect(steps[5]?.[1]).toMatchObject({ ID3D: steps[2]?.[1]?.ID3D, body: 'OK', isByBrowser: false });
    expect(steps[5]?.[1]?.address).toMatch(/^GET http:\/\/127\.0\.0\.1:\d+\/direct$/);
  });

  test('are refused only if RemoteMPI says Erreur', async () => {
    const { simulator } = await makeShop(kind);
    const list = async (filter: object) => (await simulator.gateway.journal(filter)).map(({ seq }) => seq);
    expect(await list({ isRefused: true })).toEqual([7, 2]);
    expect(await list({ isRefused: true, isForced: false })).toEqual([7, 2]);
    expect(await list({ isRefused: false })).toEqual([9, 8, 6, 5, 4, 3, 1]);
    expect(await list({ hasFindings: true })).toEqual(expect.arrayContaining([9, 7]));
  });

  test('are found by operation, amount and card', async () => {
    const { simulator } = await makeShop(kind);
    const list = async (filter: object) => (await simulator.gateway.journal(filter)).map(({ seq }) => seq);
    expect(await list({ operation: 'authenticate' })).toEqual([8, 7, 3]);
    expect(await list({ operation: 'pay' })).toEqual([2, 1]);
    expect(await list({ words: readSearch('49,90') })).toEqual([8]);
    expect(await list({ words: readSearch(`…${DECLINED.slice(-4)}`) })).toEqual([8]);
    expect(await list({ words: readSearch('session-1') })).toEqual([6, 5, 4, 3]);
  });
});

test('the control API lists the steps of one operation', async () => {
  const bench = await makeShop(STORAGES[0] as StorageKind);
  const seqs = async (TYPE: string) =>
    (await bench.control('GET', `/journal?TYPE=${TYPE}`)).body.entries.map(({ seq }: { seq: number }) => seq);
  expect(await seqs('result')).toEqual([9, 6]);
  expect(await seqs('pay')).toEqual([2, 1]);
});
