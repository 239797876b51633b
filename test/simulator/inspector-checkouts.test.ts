import { describe, expect, onTestFinished, test } from 'vitest';
import { magicCard } from '../../contracts/index.js';
import type { AccountInput, SimulatorOptions } from '../../simulator/index.js';
import { actAtBank } from '../support/cardholder.js';
import { actOnPage, checkOut, openCheckout, payByCard } from '../support/customer.js';
import { openShopServer } from '../support/shop-server.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';

function openBench(account: Partial<AccountInput> = {}, options: SimulatorOptions = {}): TestSimulator {
  const accounts = [{ SITE: '1999888', RANG: '32', threeDSecure: 'off', resultOrder: 'server-first', ...account } as const];
  const bench = openTestSimulator({ accounts, ...options });
  onTestFinished(() => bench.simulator.close());
  return bench;
}

async function openShop(status: () => number) {
  const shop = await openShopServer(() => ({ status: status(), body: 'THANKS' }));
  onTestFinished(shop.close);
  return { PBX_REPONDRE_A: `${shop.url}/ipn`, shop };
}

const get = ({ simulator }: TestSimulator, path: string, language = 'en'): Promise<Response> =>
  simulator.fetch(new Request(`http://localhost/_sim/${path}`, { headers: { 'accept-language': language } }));

const submit = ({ simulator }: TestSimulator, path: string, fields: Record<string, string>): Promise<Response> =>
  simulator.fetch(new Request(`http://localhost/_sim/${path}`, { method: 'POST', body: new URLSearchParams(fields) }));

/** The text of a page, without its tags. */
async function textOf(bench: TestSimulator, path: string, language = 'en'): Promise<string> {
  const html = await (await get(bench, path, language)).text();
  return html.replace(/<[^>]+>/g, ' ').replace(/[\s\u00a0\u202f]+/g, ' ');
}

function expectInOrder(text: string, parts: readonly string[]): void {
  const places = parts.map((part) => text.indexOf(part));
  expect(places, text).toEqual([...places].sort((a, b) => a - b));
  expect(places, text).not.toContain(-1);
}

describe('the page of the checkouts', () => {
  test('says that there are none', async () => {
    expect(await textOf(openBench(), 'ui/checkouts')).toContain('No checkouts yet.');
    expect(await textOf(openBench(), 'ui/checkouts', 'fr')).toContain('Aucun passage pour l’instant.');
  });

  test('lists them with state, amount, card and attempts, newest first', async () => {
    const bench = openBench();
    const { id } = await openCheckout(bench);
    await payByCard(bench, id, magicCard('00151'));
    await payByCard(bench, id);
    const cancelled = await openCheckout(bench, { PBX_CMD: 'ORDER-2' });
    await actOnPage(bench, cancelled.id, { action: 'cancel' });
    await openCheckout(bench, { PBX_CMD: 'ORDER-3' });
    const text = await textOf(bench, 'ui/checkouts');
    expectInOrder(text, ['ORDER-3 ◔ open €10.00', 'ORDER-2 ✕ cancelled', 'ORDER-1 ✓ paid €10.00 111122******4444 1999888/032 00151 00000']);
    expect(await textOf(bench, 'ui/checkouts', 'fr')).toContain('ORDER-1 ✓ payé 10,00 €');
    bench.simulator.clock.advance('PT15M');
    expect(await textOf(bench, 'ui/checkouts')).toContain('ORDER-3 ✕ time over');
  });

  test('has pages of 50', async () => {
    const bench = openBench();
    for (let n = 1; n <= 51; n++) await openCheckout(bench, { PBX_CMD: `order-${n}` });
    const html = await (await get(bench, 'ui/checkouts')).text();
    expect(html.match(/id="checkout-/g)).toHaveLength(50);
    const next = /href="\/_sim\/(ui\/checkouts\?before=\d+)"/.exec(html)?.[1] ?? '';
    expect(await textOf(bench, next)).toContain('order-1 ');
  });
});

describe('the page of a checkout', () => {
  test('has the visit, the bank, the attempts and the calls with what the shop answered', async () => {
    const bench = openBench({ threeDSecure: 'optional' });
    const { PBX_REPONDRE_A } = await openShop(() => 200);
    const { id } = await openCheckout(bench, {
      PBX_REPONDRE_A,
      PBX_EFFECTUE: 'http://shop.example/done?key=wc_order_1',
      PBX_REFABONNE: 'alice',
    });
    const { form } = await payByCard(bench, id, '4000000000001091');
    await actAtBank(bench.simulator, form?.fields.ID3D ?? '', 'decline');
    await actOnPage(bench, id);
    await payByCard(bench, id);
    const text = await textOf(bench, `ui/checkouts/${id}`);
    expectInOrder(text, [
      '✓ paid',
      'Call the shop again',
      'Subscriber alice',
      'Hosted page PBX €10.00 ◔ card the customer enters a card',
      'Page of the bank 3DS ✕ declined',
      'Attempt on the hosted page PBX ✕ 00040',
      'Call to the shop PBX ✓ HTTP 200 the shop answered: THANKS',
      'Attempt on the hosted page PBX ✓ 00000',
    ]);
    expect(text).toContain('PBX_TOTAL 1000 €10.00 · amount in minor units');
    expect(text).not.toMatch(/wc_order_1|jeanne/);
    expect(await textOf(bench, `ui/checkouts/${id}`, 'fr')).toContain('Appel à la boutique PBX ✓ HTTP 200 la boutique a répondu : THANKS');
    const other = await openCheckout(bench);
    expect(await textOf(bench, `ui/checkouts/${id}`)).not.toContain(other.id);
  });

  test('shows a failure as an e-mail, and calls the shop again', async () => {
    let status = 500;
    const bench = openBench();
    const { PBX_REPONDRE_A, shop } = await openShop(() => status);
    const { id } = await checkOut(bench, { PBX_REPONDRE_A });
    const text = await textOf(bench, `ui/checkouts/${id}`);
    expect(text).toContain('E-mail that Paybox would send to the merchant Subject: call for order ORDER-1 failed');
    expect(text).toContain(`The call to ${PBX_REPONDRE_A} was not delivered (HTTP 500).`);
    expect(await textOf(bench, `ui/checkouts/${id}`, 'fr')).toContain('Objet : échec de l’appel pour la commande ORDER-1');
    status = 200;
    const response = await submit(bench, `ui/checkouts/${id}`, { action: 'resend' });
    expect([response.status, response.headers.get('location')]).toEqual([303, `/_sim/ui/checkouts/${id}`]);
    expect(shop.received).toHaveLength(2);
    expectInOrder(await textOf(bench, `ui/checkouts/${id}`), ['✕ HTTP 500', '✓ HTTP 200']);
  });

  test('has no button before the first attempt, and refuses to call', async () => {
    const bench = openBench();
    const { id } = await openCheckout(bench);
    const html = await (await get(bench, `ui/checkouts/${id}`)).text();
    expect(html).toContain(`href="/cgi/checkout.cgi?id=${id}"`);
    expect(html).not.toContain('Call the shop again');
    expect((await submit(bench, `ui/checkouts/${id}`, { action: 'resend' })).status).toBe(400);
    expect((await submit(bench, `ui/checkouts/${id}`, { action: 'other' })).status).toBe(400);
    expect((await submit(bench, 'ui/checkouts/7', { action: 'resend' })).status).toBe(404);
  });

  test('shows what follows, and the faults of rules', async () => {
    const checkout = { server: { amount: 'other' }, browser: { lost: true } } as const;
    const bench = openBench({}, { rules: [{ match: { TYPE: 'checkout' }, checkout }] });
    const { id } = await checkOut(bench, { PBX_2MONT1: '500', PBX_DATE1: '10/07/2026', PBX_AUTOSEULE: 'O' });
    const text = await textOf(bench, `ui/checkouts/${id}`);
    expect(text).toContain('€10.00 (authorization only)');
    expect(text).toMatch(/Later payments €5\.00 on .*2026/);
    expect(text).toContain('Result to the server with another amount');
    expect(text).toContain('Result by the browser lost');
    const snapshot = await bench.simulator.gateway.snapshot();
    await bench.simulator.gateway.restore({ ...snapshot, content: { ...snapshot.content, journal: [] } });
    expect(await textOf(bench, `ui/checkouts/${id}`)).toContain('Its steps are not in the journal.');
  });
});

describe('a payment of the hosted page', () => {
  test('is marked in the list, and its timeline has the page and the calls', async () => {
    const bench = openBench();
    const { PBX_REPONDRE_A } = await openShop(() => 200);
    const { id } = await checkOut(bench, { PBX_REPONDRE_A });
    expect(await textOf(bench, 'ui/payments')).toMatch(/ORDER-1 hosted page/);
    expect(await textOf(bench, 'ui/payments', 'fr')).toMatch(/ORDER-1 page de paiement/);
    const [payment] = await bench.simulator.gateway.payments();
    const numbers = payment?.transactions[0];
    await bench.ask({ TYPE: '00014', MONTANT: '400', DEVISE: '978', NUMTRANS: numbers?.NUMTRANS ?? '', NUMAPPEL: numbers?.NUMAPPEL ?? '' });
    const path = `ui/payments/${payment?.id}`;
    expect(await (await get(bench, path)).text()).toContain(`href="/_sim/ui/checkouts/${id}"`);
    const text = await textOf(bench, path);
    expectInOrder(text, ['Hosted page PBX', 'Attempt on the hosted page PBX', 'After this step', 'Call to the shop PBX', '00014']);
    expect(text).not.toContain('Its exchange is not in the journal');
  });

  test('that a renewal took has its own steps only', async () => {
    const bench = openBench();
    const { PBX_REPONDRE_A, shop } = await openShop(() => 200);
    await checkOut(bench, { PBX_REPONDRE_A, PBX_2MONT1: '500', PBX_DATE1: '10/07/2026' });
    bench.simulator.clock.set('2026-07-11');
    await shop.receives(2);
    await bench.simulator.gateway.idle();
    const [later] = await bench.simulator.gateway.payments();
    const text = await textOf(bench, `ui/payments/${later?.id}`);
    expect(text.match(/Attempt on the hosted page PBX/g)).toHaveLength(1);
    expect(text).not.toContain('Its exchange is not in the journal');
  });
});

test('the exchanges of the hosted page are listed and explained', async () => {
  const bench = openBench();
  const { PBX_REPONDRE_A } = await openShop(() => 200);
  const { id } = await checkOut(bench, { PBX_REPONDRE_A });
  await openCheckout(bench, { PBX_TOTAL: '10.00' });
  const text = await textOf(bench, '');
  expect(text).toMatch(/PBX Hosted page ORDER-1 10\.00 ✕ Erreur PAYBOX 4 refused/);
  expect(text).toMatch(/PBX Attempt on the hosted page ORDER-1 111122\*{6}4444 ✓ 00000/);
  expect(text).toMatch(/PBX Hosted page ORDER-1 €10\.00 ◔ card/);
  const html = await (await get(bench, 'ui/exchanges/2')).text();
  expect(html).toContain(`href="/_sim/ui/checkouts/${id}"`);
  expect(await textOf(bench, 'ui/exchanges/2')).not.toMatch(/not a variable of the gateway/);
});

test('the form of the rules makes a rule for the hosted page', async () => {
  const bench = openBench();
  const fields = { type: 'checkout', pending: 'yes', server: 'amount', browser: 'lost', variable: 'PBX_CMD', value: 'ORDER-1' };
  expect((await submit(bench, 'ui/rules', fields)).status).toBe(303);
  expect(bench.simulator.gateway.rules.list()[0]).toMatchObject({
    match: { TYPE: 'checkout', PBX_CMD: 'ORDER-1' },
    checkout: { pending: true, server: { amount: 'other' }, browser: { lost: true } },
  });
  const text = await textOf(bench, 'ui/rules');
  expect(text).toContain('TYPE = checkout Hosted page');
  expect(text).toContain('Accepted payments: stay pending for five minutes');
  expect(text).toContain('Result to the server: with another amount');
  expect((await submit(bench, 'ui/rules', { ...fields, type: 'pay' })).status).toBe(400);
});
