import { hmacHex, latin1Text, TEST_CARDS, TEST_HMAC_KEY } from '../../contracts/index.js';
import type { Simulator } from '../../simulator/index.js';
import { formOf } from './cardholder.js';

/** The form of a shop for the hosted page, without PBX_HMAC: 10.00 EUR for `ORDER-1`. */
export const PBX_FORM: Readonly<Record<string, string>> = {
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

type Values = Readonly<Record<string, string | undefined>>;
type Pairs = readonly (readonly [string, string])[];

/** The message that PBX_HMAC signs. One character per byte. */
export const pbxMessage = (fields: Pairs): string =>
  fields.map(([name, value]) => `${name}=${latin1Text(new TextEncoder().encode(value))}`).join('&');

/** The form with these variables, signed. A value `undefined` leaves a variable of {@link PBX_FORM} out. */
export function signedForm(variables: Values = {}): Pairs {
  const fields = Object.entries({ ...PBX_FORM, ...variables }).filter((field): field is [string, string] => field[1] !== undefined);
  const hash = { ...PBX_FORM, ...variables }.PBX_HASH ?? 'SHA512';
  return [...fields, ['PBX_HMAC', hmacHex(hash as 'SHA512', TEST_HMAC_KEY, pbxMessage(fields))]];
}

/** What a customer's browser was sent. */
export interface CustomerPage {
  readonly status: number;
  readonly html: string;
  /** The id of the checkout that the page belongs to; empty if it is none. */
  readonly id: string;
  /** Where the page leads by itself; empty: nowhere. */
  readonly refresh: string;
  readonly form: ReturnType<typeof formOf>;
}

type Bench = { readonly simulator: Pick<Simulator, 'fetch'> };

async function pageOf(response: Response): Promise<CustomerPage> {
  const html = latin1Text(new Uint8Array(await response.arrayBuffer()));
  return {
    status: response.status,
    html,
    id: /checkout\.cgi\?id=(\d{10})/.exec(html)?.[1] ?? '',
    refresh: (response.headers.get('refresh') ?? '').replace(/^\d+;url=/, ''),
    form: formOf(html),
  };
}

/** How a request to the hosted page is sent. */
export interface CheckoutRequest {
  readonly path?: string;
  readonly method?: 'POST' | 'GET';
  readonly language?: string;
}

/** Sends variables to the hosted page, as they are. */
export async function sendForm({ simulator }: Bench, fields: Pairs, options: CheckoutRequest = {}): Promise<CustomerPage> {
  const { path = '/cgi/MYchoix_pagepaiement.cgi', method = 'POST', language = 'en' } = options;
  const query = new URLSearchParams(fields as [string, string][]);
  const headers = { 'accept-language': language };
  const request =
    method === 'POST'
      ? new Request(`http://localhost${path}`, { method, body: query, headers })
      : new Request(`http://localhost${path}?${query}`, { headers });
  return pageOf(await simulator.fetch(request));
}

/** Opens the hosted page with {@link signedForm}. */
export const openCheckout = (bench: Bench, variables: Values = {}, options: CheckoutRequest = {}): Promise<CustomerPage> =>
  sendForm(bench, signedForm(variables), options);

/** Sends the form of the page of a checkout; without fields, loads the page again. @param base the path of a session: `/s/one` */
export async function actOnPage({ simulator }: Bench, id: string, fields?: Values, base = ''): Promise<CustomerPage> {
  const url = `http://localhost${base}/cgi/checkout.cgi?id=${id}`;
  if (!fields) return pageOf(await simulator.fetch(new Request(url)));
  return pageOf(await simulator.fetch(new Request(url, { method: 'POST', body: new URLSearchParams(fields as Record<string, string>) })));
}

/** Pays with a card. Default: the accepted one. */
export const payByCard = (bench: Bench, id: string, PORTEUR = TEST_CARDS[0]?.PORTEUR ?? '', more: Values = {}): Promise<CustomerPage> =>
  actOnPage(bench, id, { action: 'pay', PORTEUR, DATEVAL: '12/30', CVV: '123', ...more });

/** Opens the hosted page and pays with the accepted card. */
export async function checkOut(bench: Bench, variables: Values = {}, PORTEUR?: string): Promise<CustomerPage> {
  const { id } = await openCheckout(bench, variables);
  return { ...(await payByCard(bench, id, PORTEUR)), id };
}
