import { describe, expect, test } from 'vitest';
import { readSearch } from '../../simulator/journal/search.js';
import { CARD, numbersOf } from '../support/question.js';
import type { TestSimulator } from '../support/test-simulator.js';
import { benchOn, HOSTED, PAY, STORAGES, type StorageKind } from './storages.js';

const REFUSED = { ...CARD, PORTEUR: '1111220000001055' };

async function makeShop(kind: StorageKind): Promise<TestSimulator> {
  const bench = await benchOn(kind);
  const { ask, simulator } = bench;
  const authorized = await ask({ ...PAY, TYPE: '00001', REFERENCE: 'WEB-1', MONTANT: '0000001250' });
  await ask({ TYPE: '00002', MONTANT: '1250', DEVISE: '978', ...numbersOf(authorized) });
  await ask({ ...PAY, REFERENCE: '100%_off\\', PORTEUR: '5555555555554444', MONTANT: '990' });
  await ask({ ...PAY, ...REFUSED, REFERENCE: 'web-2' });
  await ask({ ...PAY, REFERENCE: "o'brien", CLE: 'wrong' });
  await simulator.gateway.importPayment(HOSTED);
  return bench;
}

const found = async ({ simulator }: TestSimulator, search: string) => ({
  exchanges: (await simulator.gateway.journal({ words: readSearch(search) })).map(({ seq }) => seq),
  payments: (await simulator.gateway.payments({ words: readSearch(search), limit: 9 })).map(({ id }) => Number(id)),
});

describe.each(STORAGES)('a gateway in $storage', (kind) => {
  test.each([
    ['WEB-', [4, 2, 1], [1000003, 1000001]],
    ['web-1', [2, 1], [1000001]],
    ['hosted', [], [42]],
    ['5555554444', [3], [1000002]],
    ['5555554444x', [], []],
    ['%', [3], [1000002]],
    ['_', [3], [1000002]],
    ['\\', [3], [1000002]],
    ["o'brien", [5], []],
    ["' OR 1=1 --", [], []],
    ['12.50', [2, 1], [1000001]],
    ['12,50 €', [2, 1], [1000001]],
    ['€9.90', [3], [1000002]],
    ['1250', [2, 1], [1000001]],
    ['10', [5, 4, 3], [1000003, 1000002, 42]],
    ['00105', [4], [1000003]],
    ['4444', [5, 3, 1], [1000002, 1000001]],
    ['555555', [3], [1000002]],
    ['555555******4444', [3], [1000002]],
    ['…1055', [4], [1000003]],
    ['5555 5555 5555 4444', [3], [1000002]],
    ['1000001', [2, 1], [1000001]],
    ['1000002', [3], [1000002]],
    ['4444 12.50', [1], [1000001]],
    ['4444 00105', [], []],
    ['web-2 00105', [4], [1000003]],
    ['', [5, 4, 3, 2, 1], [1000003, 1000002, 1000001, 42]],
  ])('finds %j', async (search, exchanges, payments) => {
    expect(await found(await makeShop(kind), search)).toEqual({ exchanges, payments });
  });

  test('finds a payment by the number of its refund', async () => {
    const bench = await makeShop(kind);
    const refund = { TYPE: '00014', MONTANT: '400', DEVISE: '978', NUMTRANS: '1000001', NUMAPPEL: '50000001' };
    expect((await bench.ask(refund)).NUMTRANS).toBe('0001000004');
    expect(await found(bench, '1000004')).toEqual({ exchanges: [], payments: [1000001] });
  });

  test('finds text after characters at which a database may stop', async () => {
    const bench = await benchOn(kind);
    await bench.ask({ ORDER_ID: 'a\u0000b', ...PAY, MONTANT: '1250' });
    expect(await found(bench, '12.50 4444')).toEqual({ exchanges: [1], payments: [1000001] });
    expect((await bench.simulator.journal())[0]?.request).toContainEqual(['ORDER_ID', 'a\u0000b']);
  });

  test('lists exchanges by payment, number, refusal and findings', async () => {
    const bench = await makeShop(kind);
    const list = async (filter: object) => (await bench.simulator.gateway.journal(filter)).map(({ seq }) => seq);
    expect(await list({ payment: '0001000001' })).toEqual([2, 1]);
    expect(await list({ after: 3 })).toEqual([5, 4]);
    expect(await list({ after: 1, before: 4 })).toEqual([3, 2]);
    expect(await list({ after: 99 })).toEqual([]);
    expect(await list({ before: 1 })).toEqual([]);
    expect(await list({ isRefused: true })).toEqual([5, 4]);
    expect(await list({ isRefused: false, TYPE: '00002' })).toEqual([2]);
    expect(await list({ hasFindings: true })).toEqual([5, 4]);
    expect(await list({ severity: 'info' })).toEqual([4]);
    expect(await list({ severity: 'warning' })).toEqual([5]);
    expect(await list({ severity: 'error' })).toEqual([]);
    expect(await list({ isForced: true })).toEqual([4]);
    expect(await list({ isForced: false, isRefused: true })).toEqual([5]);
  });

  test('searches only the given number of payments, starting with the newest', async () => {
    const bench = await makeShop(kind);
    const list = async (filter: object) => (await bench.simulator.gateway.payments({ limit: 9, ...filter })).map(({ id }) => Number(id));
    expect(await list({ words: readSearch('WEB-1'), scanLimit: 3 })).toEqual([1000001]);
    expect(await list({ words: readSearch('WEB-1'), scanLimit: 2 })).toEqual([]);
    expect(await list({ words: readSearch('WEB-1'), scanLimit: 1, before: '0001000002' })).toEqual([1000001]);
    expect(await list({ scanLimit: 1, before: '0001000002' })).toEqual([1000001]);
  });
});
