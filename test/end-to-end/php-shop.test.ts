import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeForm } from '../../contracts/index.js';
import type { RuleAuthentication } from '../../simulator/engine/rule.js';
import { type ListeningTestSimulator, openListeningTestSimulator } from '../browser/inspector-page.js';
import { actAtBank, postToMpi } from '../support/cardholder.js';
import { hasPhp, openPhpShop, type PhpShop } from '../support/php-shop.js';

const URLENCODED = { 'Content-Type': 'application/x-www-form-urlencoded' };

describe.skipIf(!hasPhp)('the safe web shop in PHP', () => {
  let simulator: ListeningTestSimulator;
  let shop: PhpShop;

  beforeAll(async () => {
    simulator = await openListeningTestSimulator({ clock: new Date().toISOString() });
    // The settings of the environment lead nowhere: each request brings its own.
    shop = await openPhpShop('safe', { PAYBOX_URL: 'http://127.0.0.1:9/PPPS.php', SHOP_PER_REQUEST: '1' });
  });
  afterAll(async () => {
    await shop?.close();
    await simulator?.simulator.close();
  });

  const headersOf = (session: string) => ({
    'X-Paybox-Environment': JSON.stringify({ PAYBOX_URL: `${simulator.url}/s/${session}/PPPS.php` }),
  });

  /** Posts the shop's form. Returns the fields of the page that leads to RemoteMPI. */
  async function checkOut(session: string, amount = '1000', card = '4000000000001091'): Promise<Record<string, string>> {
    const body = new URLSearchParams({ reference: 'ORDER-1', amount, card });
    const html = await (await fetch(`${shop.url}/checkout`, { method: 'POST', body, headers: headersOf(session) })).text();
    expect(html).toContain(`action="${simulator.url}/s/${session}/cgi/RemoteMPI.cgi"`);
    return Object.fromEntries(
      [...html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)].map(([, name, value]) => [name, value]),
    );
  }

  /** Posts a result to URLRetour as a browser does. Returns the address that the shop leads to. */
  async function bringBack(fields: Readonly<Record<string, string>> = {}): Promise<string> {
    const body = encodeForm(Object.entries(fields), 'iso-8859-1');
    const response = await fetch(`${shop.url}/back`, { method: 'POST', body, headers: URLENCODED, redirect: 'manual' });
    return response.headers.get('Location') ?? '';
  }

  const orderOf = async (session: string) => (await fetch(`${shop.url}/orders/ORDER-1`, { headers: headersOf(session) })).json();
  const gatewayOf = (session: string) => simulator.simulator.session(session);
  const capturedOf = async (session: string): Promise<number[]> =>
    (await gatewayOf(session).payments()).flatMap(({ transactions }) =>
      transactions.filter(({ CODEREPONSE }) => CODEREPONSE === '00000').map(({ MONTANT }) => MONTANT),
    );
  const mpiOf = (session: string) => ({ path: `/s/${session}/cgi/RemoteMPI.cgi` });

  test('pays once although its result arrives ten times at once, on both ways', async () => {
    const authentication: RuleAuthentication = { outcome: 'authenticated', server: { times: 5 } };
    gatewayOf('race').rules.add({ match: { TYPE: 'authenticate' }, authentication });
    gatewayOf('race').setAccount({ SITE: '1999888', RANG: '32', resultOrder: 'together', variants: { id3dReuse: 'unlimited' } });
    const { form } = await postToMpi(simulator.simulator, await checkOut('race'), mpiOf('race'));
    const pages = await Promise.all(Array.from({ length: 5 }, () => bringBack(form?.fields)));
    expect(new Set(pages).size).toBe(1);
    await expect.poll(async () => (await orderOf('race')).results).toEqual({ server: 5, browser: 5, rejected: 0 });
    expect(await orderOf('race')).toMatchObject({ state: 'paid', questions: 1 });
    expect(await capturedOf('race')).toEqual([1000]);
  });

  test('does not pay what the customer did not confirm: the amount changed after the authentication began', async () => {
    gatewayOf('amount').setAccount({ SITE: '1999888', RANG: '32', resultOrder: 'server-first' });
    const first = await checkOut('amount');
    const started = await postToMpi(simulator.simulator, first, mpiOf('amount'));
    const second = await checkOut('amount', '2000');
    const confirm = (id3d = '') => actAtBank(simulator.simulator, id3d, 'confirm', undefined, '/s/amount');
    await bringBack((await confirm(started.form?.fields.ID3D)).form?.fields);
    expect(await orderOf('amount')).toMatchObject({ state: 'waiting', questions: 0, attempts: 2 });
    const again = await postToMpi(simulator.simulator, second, mpiOf('amount'));
    await bringBack((await confirm(again.form?.fields.ID3D)).form?.fields);
    expect(await orderOf('amount')).toMatchObject({ state: 'paid', questions: 1 });
    expect(await capturedOf('amount')).toEqual([2000]);
  });

  test.each([
    ['with another outcome', (fields: Record<string, string>) => ({ ...fields, StatusPBX: 'Autorisation à faire' })],
    ['without Check', ({ Check: _, ...fields }: Record<string, string>) => fields],
    ['whose Check is not base64', (fields: Record<string, string>) => ({ ...fields, Check: '***' })],
  ])('rejects a result %s', async (name, change) => {
    const session = name.replace(/\W/g, '-');
    gatewayOf(session).rules.add({ match: { TYPE: 'authenticate' }, authentication: { outcome: 'declined', server: { lost: true } } });
    const { form } = await postToMpi(simulator.simulator, await checkOut(session), mpiOf(session));
    await bringBack(change(form?.fields ?? {}));
    expect(await orderOf(session)).toMatchObject({ state: 'waiting', questions: 0, results: { server: 0, browser: 0, rejected: 1 } });
  });

  test('keeps no card when the order has ended', async () => {
    const { form } = await postToMpi(simulator.simulator, await checkOut('card', '1000', '4000000000001000'), mpiOf('card'));
    await bringBack(form?.fields);
    expect((await orderOf('card')).state).toBe('paid');
    expect((await shop.files()).filter((text) => text.includes('4000000000001000'))).toEqual([]);
    expect((await shop.files()).length).toBeGreaterThan(0);
  });
});
