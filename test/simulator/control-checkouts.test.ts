import { describe, expect, onTestFinished, test } from 'vitest';
import type { SimulatorOptions } from '../../simulator/index.js';
import { actOnPage, checkOut, openCheckout } from '../support/customer.js';
import { openShopServer } from '../support/shop-server.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';

function openBench(options: SimulatorOptions = {}): TestSimulator {
  const accounts = [{ SITE: '1999888', RANG: '32', threeDSecure: 'off', resultOrder: 'server-first' } as const];
  const bench = openTestSimulator({ accounts, ...options });
  onTestFinished(() => bench.simulator.close());
  return bench;
}

async function openShop(status: () => number = () => 200) {
  const shop = await openShopServer(() => ({ status: status() }));
  onTestFinished(shop.close);
  return shop;
}

describe('the checkouts', () => {
  test('are listed newest first, by reference and account, in pages', async () => {
    const bench = openBench();
    const ids: string[] = [];
    for (const PBX_CMD of ['a', 'b', 'a']) ids.unshift((await openCheckout(bench, { PBX_CMD })).id);
    const list = async (query = '') =>
      (await bench.control('GET', `/checkouts${query}`)).body.checkouts.map(({ id }: { id: string }) => id);
    expect(await list()).toEqual(ids);
    expect(await list('?REFERENCE=a')).toEqual([ids[0], ids[2]]);
    expect(await list('?account=1999888/032&limit=1')).toEqual([ids[0]]);
    expect(await list(`?before=${ids[1]}`)).toEqual([ids[2]]);
    expect(await list('?account=1999888/099')).toEqual([]);
  });

  test('have their attempts, what follows, and no private data', async () => {
    const bench = openBench();
    const { id } = await checkOut(bench, {
      PBX_EFFECTUE: 'http://shop.example/done?key=wc_order_a1b2',
      PBX_2MONT1: '500',
      PBX_DATE1: '10/07/2026',
      PBX_REFABONNE: 'alice',
    });
    const { body } = await bench.control('GET', `/checkouts/${Number(id)}`);
    expect(body).toMatchObject({
      id,
      account: '1999888/032',
      REFERENCE: 'ORDER-1',
      state: 'paid',
      PBX_RETOUR: 'Mt:M;Ref:R;Auto:A;Appel:T;Trans:S;Erreur:E;Sign:K',
      PORTEUR: '111122******4444',
      attempts: [{ code: '00000', payment: expect.stringMatching(/^\d{10}$/), at: '2026-06-10T12:00:00.000+02:00' }],
      plan: { kind: 'instalments', due: [{ at: '2026-07-10T00:00:00.000+02:00', MONTANT: 500, index: 1 }], endedAt: null },
    });
    expect(JSON.stringify(body)).not.toMatch(/wc_order_a1b2|jeanne|sha1|1111222233334444/);
  });

  test('that do not exist are answered 404', async () => {
    const { status, body } = await openBench().control('GET', '/checkouts/7');
    expect(status).toBe(404);
    expect(body.error).toContain('none has the id 7');
  });
});

describe('a call that is sent again', () => {
  test('is the last one, at once and without the faults of rules', async () => {
    const shop = await openShop();
    const bench = openBench({ rules: [{ match: { TYPE: 'checkout' }, checkout: { server: { lost: true } } }] });
    const { id } = await checkOut(bench, { PBX_REPONDRE_A: `${shop.url}/ipn` });
    expect(shop.received).toEqual([]);
    expect(await bench.control('POST', `/checkouts/${id}/notify`)).toEqual({
      status: 200,
      body: { status: 200, answer: 'ok', problem: '' },
    });
    await bench.control('POST', `/checkouts/${id}/notify`);
    const [first, second] = await shop.receives(2);
    expect(first?.url).toMatch(/^\/ipn\?Mt=1000&Ref=ORDER-1&.*Erreur=00000/);
    expect(second).toEqual(first);
    expect((await bench.simulator.journal()).map(({ operation }) => operation)).toEqual([
      'notification',
      'notification',
      'attempt',
      'checkout',
    ]);
  });

  test('says what the shop answered', async () => {
    let status = 500;
    const shop = await openShop(() => status);
    const bench = openBench();
    const { id } = await checkOut(bench, { PBX_REPONDRE_A: shop.url });
    const { body } = await bench.control('POST', `/checkouts/${id}/notify`);
    expect(body).toMatchObject({ status: 500, problem: expect.stringContaining('answered with status 500') });
    status = 200;
    expect((await bench.control('POST', `/checkouts/${id}/notify`)).body).toMatchObject({ status: 200, problem: '' });
  });

  test('is not made before the first attempt, nor without an address', async () => {
    const bench = openBench();
    const { id } = await openCheckout(bench, { PBX_REPONDRE_A: 'http://127.0.0.1:1/' });
    expect((await bench.control('POST', `/checkouts/${id}/notify`)).status).toBe(400);
    await actOnPage(bench, id, { action: 'cancel' });
    expect((await bench.control('POST', `/checkouts/${id}/notify`)).status).toBe(400);
    const without = await checkOut(bench, { PBX_CMD: 'b' });
    expect((await bench.control('POST', `/checkouts/${without.id}/notify`)).status).toBe(400);
  });
});
