import { describe, expect, onTestFinished, test } from 'vitest';
import { AUTHENTICATION_CARDS, HOSTED_PAGE_PATHS, hmacHex, magicCard, TEST_CARDS, TEST_HMAC_KEY } from '../../contracts/index.js';
import type { AccountInput, SimulatorOptions } from '../../simulator/index.js';
import { actAtBank } from '../support/cardholder.js';
import {
  actOnPage,
  type CustomerPage,
  checkOut,
  openCheckout,
  PBX_FORM,
  payByCard,
  pbxMessage,
  sendForm,
  signedForm,
} from '../support/customer.js';
import { openShopServer } from '../support/shop-server.js';
import { tempFolder } from '../support/temp-folder.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { lastEntry } from './orders.js';
import { benchOnFile } from './storages.js';

const ACCOUNT = { SITE: '1999888', RANG: '32', resultOrder: 'server-first' } as const satisfies AccountInput;
const CARD = TEST_CARDS[0]?.PORTEUR ?? '';
const CHALLENGE = '4000000000001091';

function openBench(account: Partial<AccountInput> = {}, options: SimulatorOptions = {}): TestSimulator {
  const bench = openTestSimulator({ accounts: [{ ...ACCOUNT, threeDSecure: 'off', ...account }], ...options });
  onTestFinished(() => bench.simulator.close());
  return bench;
}

/** The messages of the findings of the last entry of an operation. */
async function messages({ simulator }: TestSimulator, operation = 'checkout'): Promise<string[]> {
  const entry = (await simulator.journal()).find((one) => one.operation === operation);
  return entry?.findings.map(({ message }) => message) ?? [];
}

const codeOn = (bench: TestSimulator, id: string) =>
  bench.simulator.gateway.checkout(id).then((checkout) => checkout?.attempts.map(({ code }) => code));

const addresses = { PBX_EFFECTUE: 'http://shop.example/done', PBX_REFUSE: 'http://shop.example/no', PBX_ANNULE: 'http://shop.example/bye' };
const errorIn = (url: string): string | null => new URL(url).searchParams.get('Erreur');

describe('the page', () => {
  test.each(HOSTED_PAGE_PATHS.flatMap((path) => (['POST', 'GET'] as const).map((method) => [method, path] as const)))(
    'takes a %s at %s, also of a session',
    async (method, path) => {
      const bench = openBench();
      for (const base of ['', '/s/one']) {
        const { status, html, id, form } = await openCheckout(bench, addresses, { path: base + path, method });
        expect(status).toBe(200);
        expect(html).toContain('10.00');
        expect(form?.action).toBe(`${path === '/php/' ? '../cgi/' : ''}checkout.cgi?id=${id}`);
        const paid = await actOnPage(bench, id, { action: 'pay', PORTEUR: CARD, DATEVAL: '1230', CVV: '123' }, base);
        expect(errorIn(paid.refresh)).toBe('00000');
      }
      expect(await bench.simulator.session('one').checkouts()).toHaveLength(1);
    },
  );

  test('has nothing to report of a right form', async () => {
    const bench = openBench();
    await checkOut(bench, addresses);
    const entries = await bench.simulator.journal();
    expect(entries.map(({ operation, findings }) => [operation, findings])).toEqual([
      ['attempt', []],
      ['checkout', []],
    ]);
  });

  test('stores neither the card, the CVV nor the address of the customer', async () => {
    const bench = openBench();
    const { id } = await openCheckout(bench, { ...addresses, PBX_REFABONNE: 'alice' });
    await payByCard(bench, id, CARD, { CVV: '987' });
    const everything = JSON.stringify([await bench.simulator.journal(), await bench.simulator.gateway.snapshot()]);
    expect(everything).not.toMatch(/1111222233334444|"987"|jeanne|75001/);
    expect(everything).toContain('111122******4444');
    expect((await lastEntry(bench)).request).toContainEqual(['(checkout)', id]);
  });

  test.each([
    ['FRA', 'Paiement par carte'],
    ['GBR', 'Pay by card'],
    ['DEU', 'Pay by card'],
    [undefined, 'Paiement par carte'],
  ])('in the language %s says %s', async (PBX_LANGUE, text) => {
    expect((await openCheckout(openBench(), { PBX_LANGUE }, { language: 'fr' })).html).toContain(text);
  });

  test('of an unknown checkout says so', async () => {
    expect((await actOnPage(openBench(), '0000000007', {})).html).toContain('Erreur');
  });
});

describe('the error pages', () => {
  const NO_VARIABLES = 'Erreur PAYBOX 3 – Accès refusé';
  const MISSING = 'Erreur PAYBOX 4 – variable manquante';
  const IDENTIFICATION = "Problème d'identification du commerce. Accès refusé !";

  async function expectRefusal(bench: TestSimulator, page: CustomerPage, title: string, reason: string) {
    expect(page.status).toBe(200);
    expect(page.html.replace(/\x96/g, '–').replace(/&#8211;/g, '–')).toContain(title);
    expect(await messages(bench)).toEqual([reason]);
    expect(await bench.simulator.gateway.checkouts()).toEqual([]);
  }

  test('without any variable', async () => {
    const bench = openBench();
    await expectRefusal(bench, await sendForm(bench, []), NO_VARIABLES, 'The request to the hosted page has no PBX_ variable.');
  });

  test.each([
    [{ PBX_TOTAL: undefined }, 'PBX_TOTAL is missing.'],
    [{ PBX_CMD: '' }, 'PBX_CMD is missing.'],
    [{ PBX_SITE: undefined, pbx_site: '1999888' }, 'PBX_SITE is missing. pbx_site was sent: names are upper case.'],
    [{ PBX_TOTAL: '10.00' }, 'PBX_TOTAL is "10.00". It is in minor units, without a separator: 1000 for 10.00 EUR.'],
    [{ PBX_TOTAL: '10' }, 'PBX_TOTAL has 2 characters, at least 3 are needed.'],
    [{ PBX_DEVISE: '999' }, 'PBX_DEVISE is "999", which is not the numeric code of an ISO 4217 currency (978 for the euro).'],
    [{ PBX_RETOUR: 'Mt:M;Ref' }, 'PBX_RETOUR has "Ref", which is not name:letter.'],
    [{ PBX_2MONT1: '500', PBX_DATE1: '2026-07-10' }, 'PBX_DATE1 is "2026-07-10", which is not a date dd/mm/yyyy.'],
    [{ PBX_DATE1: '10/07/2026' }, 'PBX_2MONT1 is missing or 0, but PBX_DATE1 has a date.'],
    [{ PBX_TOKEN: 'SLDLrcsLMPC', PBX_DATEVAL: '1230' }, 'The account has no subscriber with this PBX_TOKEN.'],
    [
      { PBX_TOKEN: 'SLDLrcsLMPC  3012  ---', PBX_DATEVAL: '1230' },
      'PBX_TOKEN has all of the value that came back as U. Its first part is the token. The second is PBX_DATEVAL, with month and year exchanged.',
    ],
  ])('of a wrong variable: %j', async (variables, reason) => {
    const bench = openBench();
    await expectRefusal(bench, await openCheckout(bench, variables), MISSING, reason);
  });

  test.each([
    [{ PBX_RANG: '7' }, 'There is no account with PBX_SITE "1999888" and PBX_RANG "7".'],
    [{ PBX_IDENTIFIANT: '1' }, 'PBX_IDENTIFIANT is "1", but account 1999888/032 has IDENTIFIANT 107904482.'],
  ])('of another account: %j', async (variables, reason) => {
    const bench = openBench();
    await expectRefusal(bench, await openCheckout(bench, variables), IDENTIFICATION, reason);
  });

  const FIELDS = Object.entries(PBX_FORM);
  const hmacOf = (fields: readonly (readonly [string, string])[]) => hmacHex('SHA512', TEST_HMAC_KEY, pbxMessage(fields));
  test.each([
    ['values encoded', () => hmacOf(FIELDS.map(([name, value]) => [name, encodeURIComponent(value)])), /percent-encoded/],
    ['in alphabetical order', () => hmacOf([...FIELDS].sort(([a], [b]) => (a < b ? -1 : 1))), /alphabetical/],
    ['the key as text', () => '0'.repeat(128), /differs|not the HMAC|HMAC/],
  ])('of a wrong HMAC: %s', async (_, hmac, reason) => {
    const bench = openBench();
    const page = await sendForm(bench, [...FIELDS, ['PBX_HMAC', hmac()]]);
    expect(page.html).toContain(IDENTIFICATION);
    expect((await messages(bench))[0]).toMatch(reason);
  });

  test('of a variable that was added after the signature', async () => {
    const bench = openBench();
    const page = await sendForm(bench, [...signedForm(), ['PBX_LANGUE', 'FRA']]);
    expect(page.html).toContain(IDENTIFICATION);
    expect((await messages(bench))[0]).toMatch(/after/);
  });
});

describe('a form that is accepted', () => {
  test.each(['SHA512', 'SHA384', 'SHA256', 'SHA224', 'RIPEMD160'])('may be signed with %s', async (PBX_HASH) => {
    expect((await openCheckout(openBench(), { PBX_HASH })).id).not.toBe('');
  });

  test.each([
    [{ PBX_TIME: '2026-06-10T10:00:00+02:00' }, /^PBX_TIME is .*, 120 minutes away from the clock of the gateway\.$/],
    [{ PBX_TIME: 'yesterday!!' }, /which is not an ISO 8601 time/],
    [{ PBX_RETOUR: 'Mt:M;Erreur:E' }, /asks for no signature/],
    [{ PBX_RETOUR: 'Sign:K;Erreur:E' }, /K is not the last field/],
    [{ PBX_SHOPPINGCART: '<cart/>' }, /PBX_SHOPPINGCART is not/],
    [{ PBX_SHOPPINGCART: undefined }, /PBX_SHOPPINGCART is missing/],
    [{ PBX_BILLING: PBX_FORM.PBX_BILLING?.replace('250', 'FRA') }, /PBX_BILLING has no CountryCode that is valid/],
    [{ PBX_EFFECTUE: '/done' }, /PBX_EFFECTUE is not an address/],
    [{ PBX_PORTEUR: 'nobody' }, /PBX_PORTEUR is not an e-mail address/],
    [{ PBX_AUTOSEULE: 'X' }, /^PBX_AUTOSEULE is "X", which has no effect: it can be O, N\.$/],
    [{ PBX_RUF1: 'post' }, /^PBX_RUF1 is "post", which has no effect/],
    [{ PBX_TOTAL: '000' }, /^PBX_TOTAL is 0\.$/],
    [{ PBX_DISPLAY: '0' }, /^PBX_DISPLAY is 0: the page is over/],
    [{ PBX_2MONT1: '300', PBX_DATE1: '09/06/2026' }, /^PBX_DATE1 is "09\/06\/2026", which is over/],
    [{ PBX_RETOUR: 'Mt:M;Ref:R;Mt:T;Sign:K' }, /^PBX_RETOUR uses the name "Mt" more than once/],
    [{ PBX_EFECTUE: 'http://shop.example/' }, /^PBX_EFECTUE is not a variable of the hosted page\. PBX_EFFECTUE is\.$/],
    [{ PBX_VERSION: 'plugin-1' }, /^Variables that the hosted page does not know were sent: PBX_VERSION\./],
    [{ PBX_CMD: '4000000000001000' }, /^PBX_CMD has a number like that of a card\. It is masked/],
    [{ PBX_CMD: 'APBX_2MONT1000' }, /^PBX_CMD has a subscription that cannot be read/],
    [{ PBX_CMD: 'APBX_2MONT0000000700PBX_NBPAIE02PBX_FREQ00PBX_QUAND01' }, /^PBX_CMD has a subscription that cannot be read/],
    [{ PBX_CMD: 'APBX_2MONT0000000700PBX_NBPAIE02PBX_FREQ01PBX_QUAND32' }, /^PBX_CMD has a subscription that cannot be read/],
  ])('has findings: %j', async (variables, message) => {
    const bench = openBench();
    expect((await openCheckout(bench, variables)).id).not.toBe('');
    expect(await messages(bench)).toEqual([expect.stringMatching(message)]);
  });

  test('has no finding for an instalment that is due today', async () => {
    const bench = openBench();
    await openCheckout(bench, { PBX_2MONT1: '300', PBX_DATE1: '10/06/2026' });
    expect(await messages(bench)).toEqual([]);
  });

  test('names what follows PBX_HMAC, and what is not signed', async () => {
    const bench = openBench();
    const fields = [...signedForm({ PBX_LANGUE: 'FRA' })];
    const [language] = fields.splice(
      fields.findIndex(([name]) => name === 'PBX_LANGUE'),
      1,
    );
    await sendForm(bench, [...fields, language ?? ['', ''], ['submit', 'Pay']]);
    expect(await messages(bench)).toEqual([
      'Variables follow PBX_HMAC: PBX_LANGUE. They must be signed, and PBX_HMAC must be the last one.',
      'Variables without PBX_ were sent: submit.',
    ]);
  });

  test('names a PBX_CMD that was paid, and its payment is refused', async () => {
    const bench = openBench();
    const first = await checkOut(bench);
    const cancelled = await openCheckout(bench);
    await actOnPage(bench, cancelled.id, { action: 'cancel' });
    const { id } = await openCheckout(bench);
    const [paid] = (await bench.simulator.gateway.checkout(first.id))?.attempts ?? [];
    expect(await messages(bench)).toEqual([`PBX_CMD "ORDER-1" was already used for a payment: ${paid?.payment}.`]);
    const { html } = await payByCard(bench, id);
    expect(await codeOn(bench, id)).toEqual(['00015']);
    expect(html).toContain('Payment refused: This order is already paid (00015).');
    expect(html).not.toContain('another card');
    const [payment] = await bench.simulator.gateway.payments();
    expect(await messages(bench, 'attempt')).toEqual([`The order "ORDER-1" was already paid on the hosted page: ${payment?.id}.`]);
    expect(await bench.simulator.gateway.payments()).toHaveLength(1);
  });
});

describe('the customer', () => {
  test.each([
    [CARD.replace(/4$/, '5'), {}, '00004'],
    [CARD, { DATEVAL: '05/20' }, '00008'],
    [magicCard('00105'), {}, '00105'],
    [magicCard('00151'), {}, '00151'],
    [CARD, { CVV: '1234' }, '00004'],
  ])('is refused with %s %j: %s', async (PORTEUR, more, code) => {
    const bench = openBench();
    const { id } = await openCheckout(bench, addresses);
    const page = await payByCard(bench, id, PORTEUR, more);
    expect(page.html).toContain(`(${code})`);
    expect(page.id).toBe(id);
    expect(page.html).toContain('href="http://shop.example/no?Mt=1000&amp;Ref=ORDER-1&amp;');
    expect(await codeOn(bench, id)).toEqual([code]);
  });

  test('pays with a second card after a refusal', async () => {
    const bench = openBench();
    const { id } = await openCheckout(bench, addresses);
    await payByCard(bench, id, magicCard('00151'));
    expect(errorIn((await payByCard(bench, id)).refresh)).toBe('00000');
    expect(await codeOn(bench, id)).toEqual(['00151', '00000']);
    expect((await bench.simulator.gateway.payments()).map(({ origin }) => origin)).toEqual(['system', 'system']);
  });

  test('is asked again for what is wrong in the form, and the gateway is not asked', async () => {
    const bench = openBench();
    const { id } = await openCheckout(bench);
    expect((await payByCard(bench, id, '12', { DATEVAL: '13/30', CVV: 'x' })).html.match(/aria-invalid="true"/g)).toHaveLength(3);
    expect(await codeOn(bench, id)).toEqual([]);
  });

  test('does not enter the expiry and the card type again', async () => {
    const bench = openBench();
    const { id } = await openCheckout(bench);
    const { html } = await payByCard(bench, id, '12', { DATEVAL: '12/30', TYPECARTE: 'VISA' });
    expect(html).toMatch(/name="DATEVAL"[^>]* value="12\/30"/);
    expect(html).toContain('value="VISA" checked');
    expect(html).not.toContain('value="12"');
  });

  test('does not pay another order that has the number of the page since a reset', async () => {
    const bench = openBench();
    const { id, form } = await openCheckout(bench);
    await bench.simulator.reset();
    bench.simulator.clock.advance('PT1S');
    expect((await openCheckout(bench, { PBX_CMD: 'another' })).id).toBe(id);
    expect((await payByCard(bench, id, CARD, form?.fields)).html).toContain('There is no payment page with this number');
    expect(await codeOn(bench, id)).toEqual([]);
  });

  test('gets the code of a magic amount, of a rule on pay, and of PBX_ERRORCODETEST', async () => {
    const rules = [{ match: { TYPE: 'pay', REFERENCE: 'ruled' }, answer: '00157' }];
    const bench = openBench({}, { rules });
    const code = async (variables: Record<string, string>) => codeOn(bench, (await checkOut(bench, variables)).id);
    expect(await code({ PBX_CMD: 'ruled' })).toEqual(['00157']);
    expect(await code({ PBX_CMD: 'test', PBX_ERRORCODETEST: '00021' })).toEqual(['00021']);
    expect(await code({ PBX_CMD: 'plain' })).toEqual(['00000']);
    expect(await bench.simulator.gateway.payments({ REFERENCE: 'test' })).toEqual([]);
  });

  test('meets the fault of a rule on pay', async () => {
    const rules = [{ id: 'down', match: { TYPE: 'pay' }, fault: { processed: 'no', http: 503 }, times: 1 } as const];
    const bench = openBench({}, { rules });
    const { id } = await openCheckout(bench);
    expect((await payByCard(bench, id)).status).toBe(503);
    expect(await codeOn(bench, id)).toEqual([]);
    expect((await payByCard(bench, id)).status).toBe(200);
    expect(await codeOn(bench, id)).toEqual(['00000']);
  });

  test('cancels', async () => {
    const bench = openBench();
    const { id } = await openCheckout(bench, addresses);
    const { refresh, html } = await actOnPage(bench, id, { action: 'cancel' });
    expect(html).toContain('Payment cancelled');
    expect(refresh).toMatch(/^http:\/\/shop\.example\/bye\?Mt=1000&Ref=ORDER-1&Appel=0&Trans=0&Erreur=00001&Sign=/);
    expect((await payByCard(bench, id)).refresh).toBe(refresh);
    expect(await bench.simulator.gateway.payments()).toEqual([]);
  });

  test.each([
    [undefined, 'PT15M'],
    ['60', 'PT1M'],
  ])('has %s seconds', async (PBX_DISPLAY, time) => {
    const bench = openBench();
    const { id } = await openCheckout(bench, { ...addresses, PBX_DISPLAY });
    bench.simulator.clock.advance('PT59S');
    expect((await actOnPage(bench, id)).html).toContain('Pay by card');
    bench.simulator.clock.advance(time);
    const { refresh, html } = await payByCard(bench, id);
    expect(html).toContain('The time to pay is over');
    expect(refresh).toMatch(/^http:\/\/shop\.example\/no\?.*Erreur=00030/);
    expect(await bench.simulator.gateway.payments()).toEqual([]);
  });

  test('cannot pay a reference twice, however often its page was opened in between', async () => {
    const bench = openBench();
    await checkOut(bench);
    for (let opened = 0; opened < 100; opened++) await openCheckout(bench);
    const { id } = await openCheckout(bench);
    await payByCard(bench, id);
    expect(await codeOn(bench, id)).toEqual(['00015']);
  });

  test('pays one of two pages of an order that are sent at the same time', async () => {
    const bench = openBench();
    const pages = await Promise.all(Array.from({ length: 8 }, () => openCheckout(bench)));
    await Promise.all(pages.map(({ id }) => payByCard(bench, id)));
    const codes = await Promise.all(pages.map(({ id }) => codeOn(bench, id)));
    expect(codes.flat().sort()).toEqual(['00000', ...Array.from({ length: 7 }, () => '00015')]);
  });

  test.each([
    ['paid', /done.*Erreur=00000/],
    ['cancelled', /bye.*Erreur=00001/],
    ['late', /no\?.*Erreur=00030/],
  ])('gets no form for a wrong card on a page that is %s', async (state, result) => {
    const bench = openBench();
    const { id } = await openCheckout(bench, addresses);
    if (state === 'paid') await payByCard(bench, id);
    if (state === 'cancelled') await actOnPage(bench, id, { action: 'cancel' });
    if (state === 'late') bench.simulator.clock.advance('PT1H');
    const { html, refresh } = await payByCard(bench, id, '12');
    expect(refresh).toMatch(result);
    expect(html).not.toContain('Pay by card');
  });

  test.each(['32', '99'])('subscribes with the day %s of the month: a snapshot of it can be restored', async (day) => {
    const bench = openBench();
    await checkOut(bench, { PBX_CMD: `SUBPBX_2MONT0000000700PBX_NBPAIE02PBX_FREQ01PBX_QUAND${day}` });
    const snapshot = await bench.simulator.gateway.snapshot();
    await bench.simulator.gateway.restore(JSON.parse(JSON.stringify(snapshot)));
    expect(await bench.simulator.gateway.checkouts()).toHaveLength(1);
  });

  test.each([
    [
      'instalments in another order than their dates',
      { PBX_2MONT1: '500', PBX_DATE1: '01/03/2028', PBX_2MONT2: '600', PBX_DATE2: '01/02/2028' },
    ],
    ['a subscription', { PBX_CMD: 'SUBPBX_2MONT0000000700PBX_NBPAIE02PBX_FREQ01PBX_QUAND28' }],
  ])('pays with %s: a snapshot of it can be restored', async (_, variables) => {
    const bench = openBench();
    await checkOut(bench, variables);
    const snapshot = JSON.parse(JSON.stringify(await bench.simulator.gateway.snapshot()));
    await bench.simulator.gateway.restore(snapshot);
    expect((await bench.simulator.gateway.checkouts())[0]?.plan?.due.map(({ index }) => index)[0]).toBe(1);
  });

  test('pays with a clock that was set back while the page was open: a snapshot of it can be restored', async () => {
    const bench = openBench({}, { rules: [{ match: { TYPE: 'checkout' }, checkout: { pending: true } }] });
    const { id } = await openCheckout(bench);
    bench.simulator.clock.advance('-P1D');
    await payByCard(bench, id);
    await bench.simulator.gateway.restore(JSON.parse(JSON.stringify(await bench.simulator.gateway.snapshot())));
    expect(await bench.simulator.gateway.checkout(id)).toMatchObject({ state: 'pending' });
  });

  test.each(['01/03/0000', '31/12/9999', '30/02/2028'])('cannot pay an instalment on %s', async (PBX_DATE1) => {
    const bench = openBench();
    expect((await openCheckout(bench, { PBX_2MONT1: '500', PBX_DATE1 })).id).toBe('');
    expect(await messages(bench)).toEqual([expect.stringMatching(/^PBX_DATE1 is .*, which is not a date/)]);
  });

  test('opens a page with a subscription whose renewals no clock can show', async () => {
    const bench = openBench();
    bench.simulator.clock.set('9999-12-20T12:00');
    const { id, status } = await openCheckout(bench, { PBX_CMD: 'SUBPBX_2MONT0000000700PBX_NBPAIE12PBX_FREQ01PBX_QUAND28PBX_DELAIS999' });
    expect(status).toBe(200);
    expect(id).not.toBe('');
  });

  test('cannot be led to the control API by an address of a form', async () => {
    const bench = openBench();
    const url = await bench.simulator.listen({ port: 0 });
    const reset = new URL('/_sim/reset', url).href;
    await checkOut(bench, { PBX_RUF1: 'POST', PBX_REPONDRE_A: reset });
    expect(await messages(bench, 'notification')).toEqual([expect.stringContaining('answered with status 403')]);
    expect(await bench.simulator.gateway.payments()).toHaveLength(1);
  });

  test.each(['off', 'optional'] as const)('clicks twice and pays once (3-D Secure %s)', async (threeDSecure) => {
    const shop = await openShopServer();
    onTestFinished(shop.close);
    const bench = openBench({ threeDSecure });
    const { id } = await openCheckout(bench, { ...addresses, PBX_REPONDRE_A: shop.url });
    await Promise.all([payByCard(bench, id), payByCard(bench, id)]);
    expect(await codeOn(bench, id)).toEqual(['00000']);
    expect(await bench.simulator.gateway.payments()).toHaveLength(1);
    expect(shop.received).toHaveLength(1);
    expect(errorIn((await actOnPage(bench, id)).refresh)).toBe('00000');
  });
});

describe('3-D Secure', () => {
  const optional = { threeDSecure: 'optional' } as const;
  const cardOf = (n: number): string => AUTHENTICATION_CARDS[n]?.PORTEUR ?? '';
  const RETURNED = { ...addresses, PBX_RETOUR: 'F:F;G:G;O:O;Erreur:E;Sign:K' };

  async function challenge(bench: TestSimulator, variables = {}) {
    const { id } = await openCheckout(bench, { ...RETURNED, ...variables });
    const { form } = await payByCard(bench, id, CHALLENGE);
    return { id, form, ID3D: form?.fields.ID3D ?? '' };
  }

  test('leads to the bank and back, and pays', async () => {
    const bench = openBench(optional);
    const { id, form, ID3D } = await challenge(bench);
    expect(form).toMatchObject({ action: 'ACS.cgi', method: 'GET' });
    expect((await actOnPage(bench, id)).form).toEqual(form);
    const back = await actAtBank(bench.simulator, ID3D, 'confirm');
    expect(back.form).toMatchObject({ action: 'checkout.cgi', method: 'GET', fields: { id } });
    const { refresh } = await actOnPage(bench, id);
    expect(refresh).toContain('/done?F=Y&G=O&O=Y&Erreur=00000&');
    const [payment] = await bench.simulator.gateway.payments();
    expect(payment?.ID3D).toBe(ID3D);
  });

  test.each(['decline', 'cancel'] as const)('refuses with 00040 after %s, and another card pays', async (action) => {
    const bench = openBench(optional);
    const { id, ID3D } = await challenge(bench);
    await actAtBank(bench.simulator, ID3D, action);
    const page = await actOnPage(bench, id);
    expect(page.html).toContain('(00040)');
    expect(page.html).toContain('href="http://shop.example/no?F=N&amp;G=N&amp;O=Y&amp;Erreur=00040&amp;');
    await payByCard(bench, id);
    expect(await codeOn(bench, id)).toEqual(['00040', '00000']);
  });

  test.each([
    ['the one with a challenge', [CHALLENGE, cardOf(1)]],
    ['the one without', [cardOf(1), CHALLENGE]],
  ])('authenticates and pays with the same card when two are sent at the same time, %s first', async (_, cards) => {
    const bench = openBench(optional);
    const { id } = await openCheckout(bench, RETURNED);
    const sent = await Promise.all(cards.map((card) => payByCard(bench, id, card)));
    for (const { form } of sent) if (form?.fields.ID3D) await actAtBank(bench.simulator, form.fields.ID3D, 'confirm');
    await actOnPage(bench, id);
    const [payment] = await bench.simulator.gateway.payments();
    const authentication = await bench.simulator.gateway.authentication(payment?.ID3D ?? '');
    expect(payment?.card.sha1).toBe(authentication?.card.sha1);
    expect(await codeOn(bench, id)).toEqual(['00000']);
  });

  test('is not started on a page that was cancelled at the same time', async () => {
    const bench = openBench(optional);
    const { id } = await openCheckout(bench, RETURNED);
    await Promise.all([payByCard(bench, id, CHALLENGE), actOnPage(bench, id, { action: 'cancel' })]);
    expect(await bench.simulator.gateway.checkout(id)).toMatchObject({ state: 'cancelled', ID3D: '' });
  });

  test('refuses with 00040 when the cardholder does not answer the bank', async () => {
    const bench = openBench(optional);
    const { id } = await challenge(bench);
    bench.simulator.clock.advance('PT6M');
    expect((await actOnPage(bench, id)).html).toContain('(00040)');
  });

  test.each([
    [1, '00000', 'F=Y&G=O&O=Y'],
    [2, '00040', 'F=N&G=N&O=Y'],
    [3, '00000', 'F=A&G=O&O=Y'],
    [5, '00040', 'F=N&G=N&O=Y'],
    [8, '00000', 'F=N&G=N&O=N'],
  ])('of card %i answers %s %s', async (n, code, values) => {
    const bench = openBench(optional);
    const { id } = await openCheckout(bench, RETURNED);
    const { refresh, html } = await payByCard(bench, id, cardOf(n));
    expect(await codeOn(bench, id)).toEqual([code]);
    expect(refresh + html.replaceAll('&amp;', '&')).toContain(`${values}&Erreur=${code}`);
  });

  test.each([
    ['01', CHALLENGE, true],
    ['02', CHALLENGE, false],
    ['03', CHALLENGE, true],
    [undefined, CARD, false],
    ['01', CARD, false],
    ['03', CARD, true],
    ['04', CARD, true],
  ])('with PBX_SOUHAITAUTHENT %s and card %s asks: %s', async (PBX_SOUHAITAUTHENT, card, asks) => {
    const bench = openBench(optional);
    const { id } = await openCheckout(bench, { PBX_SOUHAITAUTHENT });
    expect((await payByCard(bench, id, card)).form?.action === 'ACS.cgi').toBe(asks);
  });

  test('goes on after a restart: the form is shown again', async () => {
    const db = `${await tempFolder()}/state.db`;
    const accounts = [{ ...ACCOUNT, ...optional }];
    const before = openTestSimulator({ db, accounts });
    const { id, ID3D } = await challenge(before);
    await before.simulator.close();
    const after = benchOnFile(db, { accounts });
    await actAtBank(after.simulator, ID3D, 'confirm');
    const { html } = await actOnPage(after, id);
    expect(html).toContain('Pay by card');
    expect(html).toContain('The simulator was started again, and cards are not stored.');
    const { form } = await payByCard(after, id, CHALLENGE);
    await actAtBank(after.simulator, form?.fields.ID3D ?? '', 'confirm');
    expect((await actOnPage(after, id)).refresh).toContain('Erreur=00000');
    expect(await codeOn(after, id)).toEqual(['00000']);
  });
});
