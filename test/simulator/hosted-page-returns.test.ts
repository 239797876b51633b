import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { latin1Bytes, magicCard, readReturn, TEST_PUBLIC_KEY, verifySignature } from '../../contracts/index.js';
import type { AccountInput, RuleInput, SimulatorOptions } from '../../simulator/index.js';
import { actOnPage, type CustomerPage, checkOut, openCheckout, payByCard } from '../support/customer.js';
import { openShopServer, type ShopAnswer, type ShopRequest } from '../support/shop-server.js';
import { tempFolder } from '../support/temp-folder.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { lastEntry } from './orders.js';

const ACCOUNT = { SITE: '1999888', RANG: '32', threeDSecure: 'off', resultOrder: 'server-first' } as const satisfies AccountInput;

const ALL = 'M:M;R:R;T:T;S:S;A:A;B:B;C:C;P:P;D:D;E:E;F:F;G:G;H:H;I:I;J:J;N:N;O:O;Q:Q;U:U;W:W;Y:Y;Z:Z;K:K';

async function openShop(answer?: (request: ShopRequest, n: number) => ShopAnswer) {
  const shop = await openShopServer(answer);
  onTestFinished(shop.close);
  const at = (path: string): string => `${shop.url}/${path}?shop=7`;
  const addresses = {
    PBX_REPONDRE_A: at('ipn'),
    PBX_EFFECTUE: at('done'),
    PBX_REFUSE: at('refused'),
    PBX_ANNULE: at('cancelled'),
    PBX_ATTENTE: at('pending'),
  };
  return { ...shop, addresses };
}

function openBench(account: Partial<AccountInput> = {}, options: SimulatorOptions = {}): TestSimulator {
  const bench = openTestSimulator({ accounts: [{ ...ACCOUNT, ...account }], ...options });
  onTestFinished(() => bench.simulator.close());
  return bench;
}

/** What a call to the shop carries, without the own variables of the shop. */
const fieldsOf = ({ url, body }: ShopRequest): string => body || url.slice(url.indexOf('?') + 1).replace(/^shop=7&/, '');

async function isSigned(query: string, name = 'Sign'): Promise<boolean> {
  const read = readReturn(query, name);
  return verifySignature(read?.signedText ?? '', read?.signature ?? '', TEST_PUBLIC_KEY);
}

const isSignedCall = (call: ShopRequest | undefined): Promise<boolean> => isSigned(call ? `?${fieldsOf(call)}` : '');

const linkIn = ({ html }: CustomerPage): string => (/href="([^"]*\/refused[^"]*)"/.exec(html)?.[1] ?? '').replaceAll('&amp;', '&');

const checkoutRule = (checkout: RuleInput['checkout']): SimulatorOptions => ({
  rules: [{ match: { TYPE: 'checkout' }, ...(checkout && { checkout }) }],
});

describe('what comes back', () => {
  test('of an accepted payment, in the order asked', async () => {
    const shop = await openShop();
    const bench = openBench();
    const { refresh } = await checkOut(bench, { ...shop.addresses, PBX_RETOUR: ALL, PBX_CMD: 'a b/c@d:e,f;é' }, '4000000000001000');
    const [payment] = await bench.simulator.gateway.payments();
    const [{ NUMTRANS, NUMAPPEL }] = payment?.transactions ?? [{ NUMTRANS: '', NUMAPPEL: '' }];
    const [call] = await shop.receives(1);
    const expected = [
      'M=1000',
      'R=a%20b/c@d:e,f%3B%E9',
      `T=${Number(NUMAPPEL)}`,
      `S=${Number(NUMTRANS)}`,
      'A=XXXXXX',
      'B=0',
      'C=VISA',
      'P=CARTE',
      'D=3012',
      'E=00000',
      'F=N',
      'G=N',
      `H=${payment?.card.sha1}`,
      'I=FRA',
      'J=00',
      'N=400000',
      'O=U',
      'Q=12:00:00',
      'W=10062026',
      expect.stringMatching(/^Y=.+/),
      'Z=1',
      expect.stringMatching(/^K=[\w%]+$/),
    ];
    expect(fieldsOf(call as ShopRequest).split('&')).toEqual(expected);
    const returned = refresh.replace(/^.*\?shop=7&/, '').split('&');
    expect(returned.slice(0, -1)).toEqual(
      fieldsOf(call as ShopRequest)
        .split('&')
        .slice(0, -1),
    );
  });

  test('is encoded by the variant returnEncoding', async () => {
    const shop = await openShop();
    const bench = openBench({ variants: { returnEncoding: 'reserved' } });
    await checkOut(bench, { ...shop.addresses, PBX_CMD: 'a b/c@d:e,f' });
    const [call] = await shop.receives(1);
    expect(call?.url).toContain('&Ref=a%20b%2Fc%40d%3Ae%2Cf&');
    expect(await isSignedCall(call)).toBe(true);
  });

  test('of a refused payment has no A', async () => {
    const shop = await openShop();
    const page = await checkOut(openBench(), { ...shop.addresses, PBX_RETOUR: ALL }, magicCard('00151'));
    const [call] = await shop.receives(1);
    const names = fieldsOf(call as ShopRequest).replace(/=[^&]*/g, '');
    expect(names).toBe('M&R&T&S&B&C&P&D&E&F&G&H&I&J&N&O&Q&W&Y&Z&K');
    expect(fieldsOf(call as ShopRequest)).toMatch(/&D=3012&E=00151&/);
    expect(linkIn(page)).toContain('&E=00151&');
    expect(await isSigned(linkIn(page), 'K')).toBe(true);
  });

  test('of a cancelled payment has S=0, an empty N and no A, D, W, Q, and no call is made', async () => {
    const shop = await openShop();
    const bench = openBench();
    const { id } = await openCheckout(bench, { ...shop.addresses, PBX_RETOUR: ALL });
    const { refresh } = await actOnPage(bench, id, { action: 'cancel' });
    expect(refresh).toMatch(/cancelled\?shop=7&M=1000&R=ORDER-1&T=0&S=0&B=0&P=CARTE&E=00001&F=N&G=N&N=&O=U&Z=1&K=/);
    expect(await isSigned(refresh, 'K')).toBe(true);
    bench.simulator.clock.advance('PT1H');
    expect((await actOnPage(bench, id)).refresh).toBe(refresh);
    expect(shop.received).toEqual([]);
  });

  test('of a payment whose time is over goes to PBX_REFUSE with 00030', async () => {
    const shop = await openShop();
    const bench = openBench();
    const { id } = await openCheckout(bench, shop.addresses);
    bench.simulator.clock.advance('PT15M');
    const { refresh } = await actOnPage(bench, id);
    expect(refresh).toMatch(/refused\?shop=7&Mt=1000&Ref=ORDER-1&Appel=0&Trans=0&Erreur=00030&Sign=/);
    expect(await isSigned(refresh)).toBe(true);
    expect(shop.received).toEqual([]);
  });

  test('of a pending payment goes to PBX_ATTENTE with 99999, and the shop learns the end later', async () => {
    const shop = await openShop();
    const bench = openBench({}, checkoutRule({ pending: true }));
    const { refresh, id } = await checkOut(bench, shop.addresses);
    expect(refresh).toMatch(/pending\?shop=7&.*Erreur=99999/);
    expect((await shop.receives(1))[0]?.url).toContain('Erreur=99999');
    expect(await bench.simulator.gateway.checkout(id)).toMatchObject({ state: 'pending' });
    bench.simulator.clock.advance('PT5M');
    expect((await shop.receives(2))[1]?.url).toContain('Erreur=00000');
    expect((await actOnPage(bench, id)).refresh).toMatch(/done\?shop=7&.*Erreur=00000/);
    expect(await bench.simulator.gateway.payments()).toHaveLength(1);
  });

  test('of an instalment that is taken while the first payment is pending has its own code', async () => {
    const shop = await openShop();
    const bench = openBench({}, checkoutRule({ pending: true }));
    await checkOut(bench, { ...shop.addresses, PBX_2MONT1: '300', PBX_DATE1: '10/06/2026' });
    const codes = (await shop.receives(2)).map(({ url }) => /Erreur=(\d+)/.exec(url)?.[1]);
    expect(codes).toEqual(['99999', '00000']);
  });

  test('is verified by openssl: the call, and the address of the browser', async () => {
    const shop = await openShop();
    const bench = openBench();
    const { refresh } = await checkOut(bench, { ...shop.addresses, PBX_CMD: 'été à 10:30', PBX_EFFECTUE: `${shop.url}/été?a=b'c&x=é` });
    const [call] = await shop.receives(1);
    const folder = await tempFolder();
    const key = join(folder, 'key.pem');
    await writeFile(key, (await bench.control('GET', '/public-key.pem')).body.text);
    const sent = new URL(refresh).search.slice(1);
    for (const query of [fieldsOf(call as ShopRequest), sent]) {
      const [text = '', signature = ''] = query.split('&Sign=');
      const [data, sig] = [join(folder, 'data'), join(folder, 'sig')];
      await writeFile(data, latin1Bytes(text));
      await writeFile(sig, Buffer.from(decodeURIComponent(signature), 'base64'));
      expect(execFileSync('openssl', ['dgst', '-sha1', '-verify', key, '-signature', sig, data]).toString()).toContain('Verified OK');
    }
    expect(sent).toMatch(/^a=b%27c&x=%C3%A9&Mt=1000&Ref=%E9t%E9%20%E0%2010:30&/);
  });
});

describe('the call to the shop', () => {
  test('is a POST with PBX_RUF1, and signs the fields alone', async () => {
    const shop = await openShop();
    await checkOut(openBench(), { ...shop.addresses, PBX_RUF1: 'POST' });
    const [call] = await shop.receives(1);
    expect(call).toMatchObject({ method: 'POST', url: '/ipn?shop=7' });
    expect(call?.body).toMatch(/^Mt=1000&Ref=ORDER-1&/);
    expect(await isSignedCall(call)).toBe(true);
  });

  test('goes to the address of the account if the request names none', async () => {
    const shop = await openShop();
    await checkOut(openBench({ PBX_REPONDRE_A: `${shop.url}/own` }));
    expect((await shop.receives(1))[0]?.url).toMatch(/^\/own\?Mt=1000/);
  });

  test('is made for each attempt, and recorded with the answer of the shop', async () => {
    const shop = await openShop(() => ({ body: 'thanks' }));
    const bench = openBench();
    const { id } = await openCheckout(bench, shop.addresses);
    await payByCard(bench, id, magicCard('00151'));
    await payByCard(bench, id);
    expect((await shop.receives(2)).map(({ url }) => /Erreur=(\d+)/.exec(url)?.[1])).toEqual(['00151', '00000']);
    const { operation, origin, request, reply, findings, REFERENCE, payment } = await lastEntry(bench);
    expect({ operation, origin, findings, REFERENCE }).toEqual({
      operation: 'notification',
      origin: 'system',
      findings: [],
      REFERENCE: 'ORDER-1',
    });
    expect(payment).toMatch(/^\d{10}$/);
    expect(request).toEqual([
      ['(address)', `GET ${shop.url}/ipn`],
      ['(checkout)', id],
      ['Mt', '1000'],
      ['Ref', 'ORDER-1'],
      ['Auto', 'XXXXXX'],
      ['Appel', expect.stringMatching(/^\d+$/)],
      ['Trans', String(Number(payment))],
      ['Erreur', '00000'],
      ['Sign', expect.stringMatching(/^[\w+/]+=*$/)],
    ]);
    expect(reply).toEqual({ HTTP: '200', '(answer)': 'thanks' });
    const snapshot = await bench.simulator.gateway.snapshot();
    await bench.simulator.gateway.restore(snapshot);
    expect((await lastEntry(bench)).request).toEqual(request);
  });

  test.each([
    [{ status: 302, headers: { location: '/elsewhere' } }, /redirect \(status 302\)/],
    [{ status: 500 }, /status 500/],
  ])('that the shop answers with %j is reported, and a redirect is not followed', async (answer, message) => {
    const shop = await openShop(() => answer);
    const bench = openBench();
    await checkOut(bench, shop.addresses);
    const entry = await lastEntry(bench);
    expect(entry.findings).toMatchObject([{ rule: 'result-undelivered', message: expect.stringMatching(message) }]);
    expect(shop.received).toHaveLength(1);
  });

  test('is tried as often as the account says', async () => {
    const shop = await openShop((_, n) => ({ status: n < 3 ? 500 : 200 }));
    await checkOut(openBench({ notificationAttempts: 3 }), shop.addresses);
    expect(shop.received).toHaveLength(3);
  });

  test('is given up after 20 seconds', async () => {
    const limit = new AbortController();
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(limit.signal);
    onTestFinished(() => timeout.mockRestore());
    // The time is over while the shop still works on its answer.
    const shop = await openShop(() => {
      limit.abort();
      return {};
    });
    const bench = openBench();
    await checkOut(bench, shop.addresses);
    expect(timeout).toHaveBeenCalledWith(20_000);
    expect((await lastEntry(bench)).findings[0]?.message).toContain('within 20 seconds');
  });

  test('is not made to the hosts of the gateway', async () => {
    const bench = openBench();
    await checkOut(bench, { PBX_REPONDRE_A: 'https://tpeweb.paybox.com/ipn' });
    expect((await lastEntry(bench)).findings[0]?.message).toContain('is a host of the gateway');
  });

  test('is made only to the allowed hosts, if there are any', async () => {
    const shop = await openShop();
    for (const [host, calls] of [
      ['shop.example', 0],
      ['127.0.0.1', 1],
    ] as const) {
      const bench = openBench({}, { notificationHosts: [host] });
      await checkOut(bench, shop.addresses);
      expect(shop.received).toHaveLength(calls);
      if (calls === 0) expect((await lastEntry(bench)).findings[0]?.message).toContain('is not in notificationHosts');
    }
  });

  test.each([
    ['server-first', 1],
    ['browser-first', 0],
  ] as const)('is made %s', async (resultOrder, calls) => {
    const shop = await openShop();
    await checkOut(openBench({ resultOrder }), shop.addresses);
    expect(shop.received).toHaveLength(calls);
    await shop.receives(1);
  });

  test('is drawn otherwise', async () => {
    const bench = openBench({ resultOrder: 'drawn' });
    const orders = new Set<string | undefined>();
    for (let n = 1; n <= 12; n++) {
      const { id } = await openCheckout(bench, { PBX_CMD: `order-${n}` });
      orders.add((await bench.simulator.gateway.checkout(id))?.order);
    }
    expect(orders.size).toBeGreaterThan(1);
  });
});

describe('a rule', () => {
  test('loses the call', async () => {
    const shop = await openShop();
    const { refresh } = await checkOut(openBench({}, checkoutRule({ server: { lost: true } })), shop.addresses);
    expect(refresh).toContain('Erreur=00000');
    expect(shop.received).toEqual([]);
  });

  test('delays the call by the clock', async () => {
    const shop = await openShop();
    const bench = openBench({}, checkoutRule({ server: { late: 'PT10M' } }));
    await checkOut(bench, shop.addresses);
    bench.simulator.clock.advance('PT9M');
    expect(shop.received).toEqual([]);
    bench.simulator.clock.advance('PT1M');
    expect(await shop.receives(1)).toHaveLength(1);
  });

  test('delays the call of a checkout, and not of another that has its number since a reset', async () => {
    const shop = await openShop();
    const bench = openBench({}, checkoutRule({ server: { late: 'PT10M' } }));
    await checkOut(bench, shop.addresses);
    await bench.simulator.reset();
    await checkOut(bench, { ...shop.addresses, PBX_CMD: 'another' });
    bench.simulator.clock.advance('PT10M');
    await shop.receives(1);
    await bench.simulator.gateway.idle();
    expect(shop.received.map(({ url }) => /Ref=([^&]+)/.exec(url)?.[1])).toEqual(['another']);
  });

  test('repeats the call', async () => {
    const shop = await openShop();
    await checkOut(openBench({}, checkoutRule({ server: { times: 2 } })), shop.addresses);
    const [first, second] = await shop.receives(2);
    expect(second).toEqual(first);
  });

  test.each([
    ['a wrong signature', { check: 'wrong' }, /Mt=1000&Ref=ORDER-1&/, false],
    ['another amount', { amount: 'other' }, /Mt=1001&Ref=ORDER-1&/, true],
    ['another reference', { session: 'other' }, /Mt=1000&Ref=ORDER-1-0&/, true],
  ] as const)('sends %s', async (_, fault, values, isValid) => {
    const shop = await openShop();
    const { refresh } = await checkOut(openBench({}, checkoutRule({ server: fault, browser: fault })), shop.addresses);
    const [call] = await shop.receives(1);
    expect(call?.url).toMatch(values);
    expect(refresh).toMatch(values);
    expect(await isSignedCall(call)).toBe(isValid);
    expect(await isSigned(refresh)).toBe(isValid);
  });

  test('sends UTF-8', async () => {
    const shop = await openShop();
    const rules = checkoutRule({ server: { charset: 'utf-8' } });
    const { refresh } = await checkOut(openBench({}, rules), { ...shop.addresses, PBX_CMD: 'été' });
    const [call] = await shop.receives(1);
    expect(call?.url).toContain('Ref=%C3%A9t%C3%A9');
    expect(refresh).toContain('Ref=%E9t%E9');
    expect(await isSignedCall(call)).toBe(true);
  });

  test('loses the way back', async () => {
    const shop = await openShop();
    const { refresh, html } = await checkOut(openBench({}, checkoutRule({ browser: { lost: true } })), shop.addresses);
    expect(refresh).toBe('');
    expect(html).toContain('A rule of the simulator loses the way back to the shop.');
    expect(await shop.receives(1)).toHaveLength(1);
  });

  test('applies to the checkouts that it matches', async () => {
    const shop = await openShop();
    const rules = [{ match: { TYPE: 'checkout', PBX_CMD: 'lost' }, checkout: { server: { lost: true } }, times: 1 }] as const;
    const bench = openBench({}, { rules });
    for (const PBX_CMD of ['ORDER-1', 'lost']) await checkOut(bench, { ...shop.addresses, PBX_CMD });
    expect(shop.received.map(({ url }) => /Ref=([^&]+)/.exec(url)?.[1])).toEqual(['ORDER-1']);
    expect(bench.simulator.gateway.rules.list()[0]?.calls).toBe(1);
  });

  test('of the hosted page has a key and variables of its own', async () => {
    const bench = openBench();
    const reason = async (rule: unknown): Promise<string> => {
      const { status, body } = await bench.control('POST', '/rules', rule);
      return status < 300 ? 'accepted' : JSON.stringify(body);
    };
    const TYPE = 'checkout';
    expect(await reason({ match: { TYPE, PBX_CMD: { pattern: '^A' } }, checkout: { pending: true } })).toBe('accepted');
    expect(await reason({ match: { TYPE }, fault: { reply: 'drop' } })).toBe('accepted');
    expect(await reason({ match: { TYPE: 'pay' }, checkout: { pending: true } })).toContain('checkout: needs match: {TYPE: checkout}');
    expect(await reason({ match: { TYPE }, authentication: { challenge: true } })).toContain('authentication: needs match');
    expect(await reason({ match: { TYPE }, answer: '00105' })).toContain('a request to the hosted page has no CODEREPONSE');
    expect(await reason({ match: { TYPE }, fault: { reply: 'swap' } })).toContain('does not apply to a page');
    expect(await reason({ match: { TYPE, MONTANT: '1' }, checkout: { pending: true } })).toContain('MONTANT is not a variable');
    expect(await reason({ match: { TYPE, PBX_PORTEUR: 'a@b.fr' }, checkout: { pending: true } })).toContain('not stored');
    expect(await reason({ match: { TYPE }, checkout: { server: { amount: 'mine' } } })).toContain('amount');
  });
});
