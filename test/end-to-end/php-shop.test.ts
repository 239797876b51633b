import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeForm } from '../../contracts/index.js';
import type { RuleAuthentication } from '../../simulator/engine/rule.js';
import { type ListeningTestSimulator, openListeningTestSimulator } from '../browser/inspector-page.js';
import { actAtBank, postToMpi } from '../support/cardholder.js';
import { hasPhp, openPhpShop, type PhpShop } from '../support/php-shop.js';

const URLENCODED = { 'Content-Type': 'application/x-www-form-urlencoded' };
const ACCOUNT = { SITE: '1999888', RANG: '32' };
const WITHOUT_CHALLENGE = '4000000000001000';

/** Starts a simulator, and a shop that uses a session of it for each test. */
function useShop(which: 'safe' | 'careless') {
  let simulator: ListeningTestSimulator;
  let shop: PhpShop;

  beforeAll(async () => {
    simulator = await openListeningTestSimulator({ clock: new Date().toISOString() });
    // The settings of the environment lead nowhere: each request brings its own.
    shop = await openPhpShop(which, { PAYBOX_URL: 'http://127.0.0.1:9/PPPS.php', PAYBOX_TIMEOUT: '2', SHOP_PER_REQUEST: '1' });
  });
  afterAll(async () => {
    await shop?.close();
    await simulator?.simulator.close();
  });

  const headersOf = (session: string) => ({
    'X-Paybox-Environment': JSON.stringify({ PAYBOX_URL: `${simulator.url}/s/${session}/PPPS.php` }),
  });
  const gatewayOf = (session: string) => simulator.simulator.session(session);

  return {
    gatewayOf,
    files: () => shop.files(),

    /** Posts the shop's form. Returns the fields of the page that leads to RemoteMPI; none if the shop leads elsewhere. */
    checkOut: async (session: string, more: Readonly<Record<string, string>> = {}): Promise<Record<string, string>> => {
      const body = new URLSearchParams({ reference: 'ORDER-1', amount: '1000', card: '4000000000001091', ...more });
      const html = await (await fetch(`${shop.url}/checkout`, { method: 'POST', body, headers: headersOf(session) })).text();
      const inputs = [...html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)];
      return Object.fromEntries(inputs.map(([, name, value = '']) => [name, value.replaceAll('&amp;', '&')]));
    },

    /** Posts the form to RemoteMPI. Returns the fields of the form that its page has, or `Erreur` with what it says. */
    authenticate: async (session: string, fields: Readonly<Record<string, string>>): Promise<Record<string, string>> => {
      const { form, html } = await postToMpi(simulator.simulator, fields, { path: `/s/${session}/cgi/RemoteMPI.cgi` });
      return form?.fields ?? { Erreur: html.slice(html.indexOf('<main>')) };
    },

    /** Confirms at the bank. Returns the fields of the form that leads back. */
    confirm: async (session: string, { ID3D = '' }: Readonly<Record<string, string>>): Promise<Record<string, string>> =>
      (await actAtBank(simulator.simulator, ID3D, 'confirm', undefined, `/s/${session}`)).form?.fields ?? {},

    /** Posts a result to URLRetour as a browser does. Returns the address that the shop leads to. */
    bringBack: async (fields: Readonly<Record<string, string>>, query = ''): Promise<string> => {
      const body = encodeForm(Object.entries(fields), 'iso-8859-1');
      const response = await fetch(`${shop.url}/back${query}`, { method: 'POST', body, headers: URLENCODED, redirect: 'manual' });
      return response.headers.get('Location') ?? '';
    },

    orderOf: async (session: string) => (await fetch(`${shop.url}/orders/ORDER-1`, { headers: headersOf(session) })).json(),

    /** The amounts that the gateway took. */
    captured: async (session: string): Promise<number[]> =>
      (await gatewayOf(session).payments()).flatMap(({ transactions }) =>
        transactions.filter(({ CODEREPONSE }) => CODEREPONSE === '00000').map(({ MONTANT }) => MONTANT),
      ),
  };
}

describe.skipIf(!hasPhp)('the safe web shop in PHP', () => {
  const { gatewayOf, files, checkOut, authenticate, confirm, bringBack, orderOf, captured } = useShop('safe');

  test('pays once although its result arrives ten times at once, on both ways', async () => {
    const authentication: RuleAuthentication = { outcome: 'authenticated', server: { times: 5 } };
    gatewayOf('race').rules.add({ match: { TYPE: 'authenticate' }, authentication });
    gatewayOf('race').setAccount({ ...ACCOUNT, resultOrder: 'together', variants: { id3dReuse: 'unlimited' } });
    const result = await authenticate('race', await checkOut('race'));
    const pages = await Promise.all(Array.from({ length: 5 }, () => bringBack(result)));
    expect(new Set(pages).size).toBe(1);
    await expect.poll(async () => (await orderOf('race')).results).toEqual({ server: 5, browser: 5, rejected: 0 });
    expect(await orderOf('race')).toMatchObject({ state: 'paid', questions: 1 });
    expect(await captured('race')).toEqual([1000]);
  });

  test('does not pay what the customer did not confirm: the amount changed after the authentication began', async () => {
    const first = await authenticate('amount', await checkOut('amount'));
    const second = await authenticate('amount', await checkOut('amount', { amount: '2000' }));
    await bringBack(await confirm('amount', first));
    expect(await orderOf('amount')).toMatchObject({ state: 'waiting', questions: 0, attempts: 2 });
    await bringBack(await confirm('amount', second));
    expect(await orderOf('amount')).toMatchObject({ state: 'paid', questions: 1 });
    expect(await captured('amount')).toEqual([2000]);
  });

  test.each([
    ['with another outcome', (fields: Record<string, string>) => ({ ...fields, StatusPBX: 'Autorisation à faire' })],
    ['without Check', ({ Check: _, ...fields }: Record<string, string>) => fields],
    ['whose Check is not base64', (fields: Record<string, string>) => ({ ...fields, Check: '***' })],
    [
      // Signed as if it were two variables.
      'with an encoded separator',
      ({ IdSession, StatusPBX, '3DSTATUS': status, ...fields }: Record<string, string>) => ({
        IdSession: `${IdSession}`,
        StatusPBX: `${StatusPBX}&3DSTATUS=${status}`,
        ...fields,
      }),
    ],
  ])('rejects a result %s', async (name, change) => {
    const session = name.replace(/\W/g, '-');
    gatewayOf(session).rules.add({ match: { TYPE: 'authenticate' }, authentication: { outcome: 'declined', server: { lost: true } } });
    await bringBack(change(await authenticate(session, await checkOut(session))));
    expect(await orderOf(session)).toMatchObject({ state: 'waiting', questions: 0, results: { server: 0, browser: 0, rejected: 1 } });
  });

  test('does not send an order again that is paid', async () => {
    await bringBack(await authenticate('again', await checkOut('again', { card: WITHOUT_CHALLENGE })));
    expect(await checkOut('again')).toEqual({});
    expect(await orderOf('again')).toMatchObject({ state: 'paid', questions: 1, attempts: 1 });
  });

  test('keeps no card when the order has ended', async () => {
    const result = await authenticate('card', await checkOut('card', { card: WITHOUT_CHALLENGE }));
    expect(result).toMatchObject({ '3DSTATUS': 'Y' });
    expect(await bringBack(result)).toMatch(/^\/order\?/);
    expect(await orderOf('card')).toMatchObject({ state: 'paid', questions: 1, results: { browser: 1, rejected: 0 } });
    expect((await files()).filter((text) => text.includes(WITHOUT_CHALLENGE))).toEqual([]);
    expect((await files()).length).toBeGreaterThan(0);
  });
});

describe.skipIf(!hasPhp)('the careless web shop in PHP', () => {
  const { gatewayOf, files, checkOut, authenticate, bringBack, orderOf, captured } = useShop('careless');
  const queryOf = ({ URLRetour = '' }: Readonly<Record<string, string>>): string => new URL(URLRetour).search;
  const loseServerCalls = (session: string): void =>
    void gatewayOf(session).rules.add({ match: { TYPE: 'authenticate' }, authentication: { server: { lost: true } } });

  test('pays the amount that the customer writes into its address', async () => {
    gatewayOf('query').setAccount({ ...ACCOUNT, variants: { id3dMismatch: 'accepted' } });
    loseServerCalls('query');
    const form = await checkOut('query', { card: WITHOUT_CHALLENGE });
    await bringBack(await authenticate('query', form), queryOf(form).replace('amount=1000', 'amount=1'));
    expect(await captured('query')).toEqual([1]);
    expect(await orderOf('query')).toMatchObject({ state: 'paid' });
  });

  test('pays an order with the result of another one', async () => {
    loseServerCalls('swap');
    const form = await checkOut('swap', { card: WITHOUT_CHALLENGE });
    const other = await authenticate('swap', await checkOut('swap', { reference: 'ORDER-2', card: WITHOUT_CHALLENGE }));
    await bringBack(other, queryOf(form));
    expect(await orderOf('swap')).toMatchObject({ state: 'paid', id3d: other.ID3D });
  });

  test('sends the payment after a refusal of the bank, and again after a time-out', async () => {
    loseServerCalls('blind');
    const refused = await checkOut('blind', { card: '1111223200000000' });
    await bringBack(await authenticate('blind', refused), queryOf(refused));
    expect(await orderOf('blind')).toMatchObject({ state: 'refused', code: '00040', questions: 1 });

    loseServerCalls('late');
    gatewayOf('late').setAccount({ ...ACCOUNT, variants: { id3dReuse: 'unlimited' } });
    gatewayOf('late').rules.add({ match: { TYPE: 'pay' }, times: 1, fault: { reply: 'never' } });
    const form = await checkOut('late', { card: WITHOUT_CHALLENGE });
    await bringBack(await authenticate('late', form), queryOf(form));
    expect(await captured('late')).toEqual([1000, 1000]);
  });

  test('takes 001A1 for a refusal, cannot try again, and keeps the card', async () => {
    expect(await checkOut('final', { card: '1111223900000003', authentication: 'on-demand' })).toEqual({});
    expect(await orderOf('final')).toMatchObject({ state: 'refused', code: '001A1', attempts: 1 });

    loseServerCalls('second');
    await authenticate('second', await checkOut('second', { card: WITHOUT_CHALLENGE }));
    expect(await authenticate('second', await checkOut('second', { card: WITHOUT_CHALLENGE }))).toEqual({ Erreur: expect.any(String) });
    expect((await files()).some((text) => text.includes(WITHOUT_CHALLENGE))).toBe(true);
  });
});
