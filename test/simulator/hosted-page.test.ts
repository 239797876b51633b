import { describe, expect, onTestFinished, test } from 'vitest';
import { hmacHex, latin1Text, readReturn, TEST_CARDS, TEST_HMAC_KEY, TEST_PUBLIC_KEY, verifySignature } from '../../contracts/index.js';
import type { AccountInput, SimulatorOptions } from '../../simulator/index.js';
import { openShopServer, type ShopAnswer, type ShopRequest } from '../support/shop-server.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';

const ACCOUNT = { SITE: '1999888', RANG: '32', threeDSecure: 'off', resultOrder: 'server-first' } as const satisfies AccountInput;

async function openShop(answer?: (request: ShopRequest, n: number) => ShopAnswer) {
  const shop = await openShopServer(answer);
  onTestFinished(shop.close);
  return shop;
}

function openBench(account: Partial<AccountInput> = {}, options: SimulatorOptions = {}): TestSimulator {
  const bench = openTestSimulator({ accounts: [{ ...ACCOUNT, ...account }], ...options });
  onTestFinished(() => bench.simulator.close());
  return bench;
}

const FORM: Readonly<Record<string, string>> = {
  PBX_SITE: '1999888',
  PBX_RANG: '32',
  PBX_IDENTIFIANT: '107904482',
  PBX_TOTAL: '1000',
  PBX_DEVISE: '978',
  PBX_CMD: 'ORDER-1',
  PBX_PORTEUR: 'jeanne@example.fr',
  PBX_RETOUR: 'Mt:M;Ref:R;Auto:A;Appel:T;Trans:S;Erreur:E;Sign:K',
  PBX_HASH: 'SHA512',
  PBX_TIME: '2026-06-10T12:00:00+02:00',
  PBX_SHOPPINGCART: '<shoppingcart><total><totalQuantity>1</totalQuantity></total></shoppingcart>',
  PBX_BILLING:
    '<Billing><Address><FirstName>A</FirstName><LastName>B</LastName><Address1>C</Address1><ZipCode>75001</ZipCode><City>Paris</City><CountryCode>250</CountryCode></Address></Billing>',
};

function signed(variables: Readonly<Record<string, string | undefined>> = {}): [string, string][] {
  const fields = Object.entries({ ...FORM, ...variables }).filter((field): field is [string, string] => field[1] !== undefined);
  const message = fields.map(([name, value]) => `${name}=${latin1Text(new TextEncoder().encode(value))}`).join('&');
  return [...fields, ['PBX_HMAC', hmacHex('SHA512', TEST_HMAC_KEY, message)]];
}

async function open(
  bench: TestSimulator,
  variables: Readonly<Record<string, string | undefined>> = {},
  path = '/cgi/MYchoix_pagepaiement.cgi',
) {
  const request = new Request(`http://localhost${path}`, { method: 'POST', body: new URLSearchParams(signed(variables)) });
  const response = await bench.simulator.fetch(request);
  const html = latin1Text(new Uint8Array(await response.arrayBuffer()));
  return { status: response.status, html, id: /checkout\.cgi\?id=(\d{10})/.exec(html)?.[1] ?? '' };
}

async function act(bench: TestSimulator, id: string, fields: Readonly<Record<string, string>>) {
  const request = new Request(`http://localhost/cgi/checkout.cgi?id=${id}`, { method: 'POST', body: new URLSearchParams(fields) });
  const response = await bench.simulator.fetch(request);
  const html = latin1Text(new Uint8Array(await response.arrayBuffer()));
  return { html, refresh: response.headers.get('refresh') ?? '' };
}

const pay = (bench: TestSimulator, id: string, PORTEUR = TEST_CARDS[0]?.PORTEUR ?? '') =>
  act(bench, id, { action: 'pay', PORTEUR, DATEVAL: '12/30', CVV: '123' });

const addressIn = (refresh: string): string => refresh.replace(/^\d+;url=/, '');

describe('the hosted page', () => {
  test('takes a payment, calls the shop and leads back, both signed; Direct carries it on', async () => {
    const shop = await openShop();
    const bench = openBench();
    const { status, html, id } = await open(bench, { PBX_REPONDRE_A: `${shop.url}/ipn?shop=7`, PBX_EFFECTUE: `${shop.url}/done?shop=7` });
    expect(status).toBe(200);
    expect(html).toContain('10.00');
    const { refresh } = await pay(bench, id);
    const [call] = await shop.receives(1);
    expect(call).toMatchObject({ method: 'GET' });
    expect(call?.url).toMatch(/^\/ipn\?shop=7&Mt=1000&Ref=ORDER-1&Auto=XXXXXX&Appel=\d+&Trans=\d+&Erreur=00000&Sign=[\w%]+$/);
    const ipn = (call?.url ?? '').replace('/ipn?shop=7&', '?');
    const read = readReturn(ipn, 'Sign');
    expect(await verifySignature(read?.signedText ?? '', read?.signature ?? '', TEST_PUBLIC_KEY)).toBe(true);
    const back = readReturn(addressIn(refresh), 'Sign');
    expect(back?.signedText).toMatch(/^shop=7&Mt=1000/);
    expect(await verifySignature(back?.signedText ?? '', back?.signature ?? '', TEST_PUBLIC_KEY)).toBe(true);
    const { Appel = '', Trans = '' } = read?.values ?? {};
    const refund = await bench.ask({ TYPE: '00014', MONTANT: '1000', DEVISE: '978', NUMAPPEL: Appel, NUMTRANS: Trans });
    expect(refund.CODEREPONSE).toBe('00000');
  });
});
