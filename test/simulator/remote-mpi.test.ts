import { describe, expect, onTestFinished, test } from 'vitest';
import {
  AUTHENTICATION_CARDS,
  AUTHENTICATION_OUTCOMES,
  RESULT_ORDER,
  readResult,
  TEST_PUBLIC_KEY,
  verifySignature,
} from '../../contracts/index.js';
import type { AccountInput, SimulatorOptions } from '../../simulator/index.js';
import { actAtBank, authenticate, openBank, postToMpi } from '../support/cardholder.js';
import { openShopServer, type ShopAnswer, type ShopRequest } from '../support/shop-server.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { inquire, lastEntry, lastFindings, order, register } from './orders.js';

const ACCOUNT = { SITE: '1999888', RANG: '32' } as const satisfies AccountInput;
const CHALLENGE = { PORTEUR: '4000000000001091' };

async function openShop(answer?: (request: ShopRequest, n: number) => ShopAnswer) {
  const shop = await openShopServer(answer);
  onTestFinished(shop.close);
  return { ...shop, addresses: { URLHttpDirect: `${shop.url}/direct?shop=7`, URLRetour: `${shop.url}/back?shop=7` } };
}

/** Opens a simulator whose account sends the call to the server first, unless the settings say otherwise. */
function openBench(account: Partial<AccountInput> = {}, options: SimulatorOptions = {}): TestSimulator {
  const bench = openTestSimulator({ accounts: [{ ...ACCOUNT, resultOrder: 'server-first', ...account }], ...options });
  onTestFinished(() => bench.simulator.close());
  return bench;
}

const cardOf = (n: number): string => AUTHENTICATION_CARDS[n]?.PORTEUR ?? '';

describe('the answer of RemoteMPI', () => {
  test('begins with <html> and leads to the bank if the card has a challenge', async () => {
    const { html, form, status } = await postToMpi(openBench().simulator);
    expect(status).toBe(200);
    expect(html.startsWith('<html>')).toBe(true);
    expect(html).not.toContain('Erreur');
    expect(form).toMatchObject({ action: 'ACS.cgi', method: 'GET', fields: { ID3D: expect.stringMatching(/^200\d{10}$/) } });
  });

  test('posts the result to the shop if the card has no challenge', async () => {
    const { form } = await postToMpi(openBench().simulator, { CCNumber: cardOf(1), URLRetour: 'http://shop.example/back?a=1&b=2' });
    expect(form).toMatchObject({ action: 'http://shop.example/back?a=1&b=2', method: 'POST', fields: { '3DSTATUS': 'Y', '3DECI': '05' } });
  });

  test.each([
    [{ IdMerchant: undefined }, 'IdMerchant is missing.'],
    [{ IdMerchant: undefined, idMerchant: '107904482' }, 'IdMerchant is missing. idMerchant was sent: names are case-sensitive.'],
    [{ IdMerchant: '1' }, 'No account has the IDENTIFIANT "1".'],
    [{ Amount: '10.00' }, 'Amount is "10.00". It is in minor units, without a separator: 1000 for 10.00 EUR.'],
    [{ Amount: '0' }, 'Amount is 0.'],
    [{ Amount: 'x' }, 'Amount is not made of digits.'],
    [{ Currency: '999' }, 'Currency is "999", which is not the numeric code of an ISO 4217 currency (978 for the euro).'],
    [{ CCNumber: '4000000000001090' }, 'CCNumber is not a card number.'],
    [{ CCExpDate: '0520' }, 'CCExpDate is "0520". It is MMYY, a month that is not over.'],
    [{ CVVCode: '1234' }, 'CVVCode does not have the length of the card’s CVV.'],
    [{ IdSession: 'x'.repeat(251) }, 'IdSession has 251 characters, at most 250 are allowed.'],
    [{ URLRetour: '/back' }, 'URLRetour is not an address that begins with http:// or https://.'],
    [{ FirstName: 'Jeanne' }, 'EmailPorteur is missing.'],
  ])('to %j is a page with Erreur and the reason', async (variables, reason) => {
    const bench = openBench();
    const { html, status } = await postToMpi(bench.simulator, variables);
    expect(status).toBe(200);
    expect(html).toMatch(/^<html>/);
    expect(html).toContain('Erreur');
    const { findings, operation } = await lastEntry(bench);
    expect(operation).toBe('authenticate');
    expect(findings).toContainEqual(expect.objectContaining({ rule: 'authentication-refused', message: reason }));
    expect((await bench.control('GET', '/authentications')).body.authentications).toEqual([]);
  });

  test('names a country in letters and other limits of version 2', async () => {
    const bench = openBench();
    const version2 = {
      EmailPorteur: 'a@b.fr',
      FirstName: 'A',
      LastName: 'B',
      Address1: 'C',
      ZipCode: '75001',
      City: 'Paris',
      TotalQuantity: '1',
    };
    expect((await postToMpi(bench.simulator, { ...version2, CountryCode: 'FR' })).html).toContain('Erreur');
    expect((await lastEntry(bench)).findings[0]?.message).toBe('CountryCode is "FR". It is the numeric code of ISO 3166: 250 for France.');
    for (const [wrong, message] of [
      [{ EmailPorteur: 'a@b' }, 'EmailPorteur has 3 characters, at least 6 are needed.'],
      [{ TotalQuantity: '0' }, 'TotalQuantity is 0. It is the number of articles, 1 to 99.'],
    ] as const) {
      expect((await postToMpi(bench.simulator, { ...version2, CountryCode: '250', ...wrong })).html).toContain('Erreur');
      expect((await lastEntry(bench)).findings[0]?.message).toBe(message);
    }
    expect((await postToMpi(bench.simulator, { ...version2, CountryCode: '250' })).html).not.toContain('Erreur');
    expect((await bench.control('GET', '/authentications')).body.authentications[0]).toMatchObject({ version: 2 });
  });

  test('refuses an account without 3-D Secure', async () => {
    const bench = openBench({ threeDSecure: 'off' });
    expect((await postToMpi(bench.simulator)).html).toContain('Erreur');
    expect((await lastEntry(bench)).findings[0]?.message).toBe('Account 1999888/032 has no 3-D Secure (threeDSecure: off).');
  });

  test('refuses an IdSession that was used, and shows the bank again to a customer who reloads the page', async () => {
    const bench = openBench();
    const first = await postToMpi(bench.simulator);
    expect((await postToMpi(bench.simulator)).form).toEqual(first.form);
    expect((await postToMpi(bench.simulator, { Amount: '2000' })).html).toContain('Erreur');
    await actAtBank(bench.simulator, first.form?.fields.ID3D ?? '', 'confirm');
    expect((await postToMpi(bench.simulator)).html).toContain('Erreur');
    expect(await lastFindings(bench)).toEqual(['authentication-refused']);
  });

  test('to a GET with a card number is a finding', async () => {
    const bench = openBench();
    const query = new URLSearchParams({ CCNumber: cardOf(1), CVVCode: '123' });
    await bench.simulator.fetch(new Request(`http://localhost/cgi/RemoteMPI.cgi?${query}`));
    expect(await lastFindings(bench)).toEqual(['sent-by-get', 'authentication-refused']);
  });

  test.each(['/s/one/cgi/RemoteMPI.cgi', '/backup/cgi/RemoteMPI.cgi', '//cgi/RemoteMPI.cgi'])('is the same at %s', async (path) => {
    expect((await postToMpi(openBench().simulator, {}, { path })).form).toMatchObject({ action: 'ACS.cgi' });
  });

  test('stores neither the card number nor the CVV', async () => {
    const bench = openBench();
    await postToMpi(bench.simulator, { CVVCode: '987', EmailPorteur: 'jeanne@example.fr' });
    const everything = JSON.stringify([await bench.simulator.journal(), await bench.simulator.gateway.snapshot()]);
    expect(everything).not.toMatch(/4000000000001091|987|jeanne/);
    expect(everything).toContain('400000******1091');
  });
});

test('a finding does not show a variable whose name is a card number', async () => {
  const bench = openBench();
  await postToMpi(bench.simulator, { '4012001037141112': '4012001037141112', Address1: '4012001037141112' });
  const message = 'The card number is also in (not a name), Address1.';
  expect((await lastEntry(bench)).findings).toContainEqual(expect.objectContaining({ rule: 'card-number-exposed', message }));
});

describe('the page of the bank', () => {
  const start = async (bench: TestSimulator, variables = {}): Promise<string> =>
    (await postToMpi(bench.simulator, variables)).form?.fields.ID3D ?? '';
  const outcomeOf = async (bench: TestSimulator, id3d: string) => (await bench.control('GET', `/authentications/${id3d}`)).body.outcome;

  test.each([
    ['confirm', 'authenticated'],
    ['decline', 'declined'],
    ['cancel', 'declined'],
  ] as const)('ends after %s with %s', async (action, outcome) => {
    const bench = openBench();
    const id3d = await start(bench, { URLRetour: 'http://shop.example/' });
    expect((await actAtBank(bench.simulator, id3d, action)).form?.action).toBe('http://shop.example/');
    expect(await outcomeOf(bench, id3d)).toBe(outcome);
  });

  test('takes no action by GET, as programs send that look at addresses in advance', async () => {
    const bench = openBench();
    const id3d = await start(bench);
    const address = `http://localhost/cgi/ACS.cgi?ID3D=${id3d}&action=confirm&code=123456`;
    expect(await (await bench.simulator.fetch(new Request(address))).text()).toContain('123456');
    expect(await outcomeOf(bench, id3d)).toBe('');
  });

  test('takes three wrong codes', async () => {
    const bench = openBench();
    const id3d = await start(bench);
    for (const left of [2, 1]) {
      expect((await actAtBank(bench.simulator, id3d, 'confirm', '000000')).html).toMatch(
        new RegExp(`${left}(&nbsp;|&#160;|\u00a0)tr(y|ies)`),
      );
      expect(await outcomeOf(bench, id3d)).toBe('');
    }
    await actAtBank(bench.simulator, id3d, 'confirm', '000000');
    expect(await outcomeOf(bench, id3d)).toBe('declined');
    await actAtBank(bench.simulator, id3d, 'confirm');
    expect(await outcomeOf(bench, id3d)).toBe('declined');
  });

  test('shows the way back again to a customer who comes back', async () => {
    const bench = openBench();
    const id3d = await start(bench, { URLRetour: 'http://shop.example/' });
    const returned = await actAtBank(bench.simulator, id3d, 'confirm');
    expect((await openBank(bench.simulator, id3d)).form).toEqual(returned.form);
  });

  test('ends with a time-out when the clock passes five minutes, and the shop is called', async () => {
    const shop = await openShop();
    const bench = openBench();
    const id3d = await start(bench, shop.addresses);
    bench.simulator.clock.advance('PT4M59S');
    expect(await outcomeOf(bench, id3d)).toBe('');
    bench.simulator.clock.advance('PT1S');
    const [call] = await shop.receives(1);
    expect(call?.url).toContain('StatusPBX=Timeout&3DSTATUS=N&3DSIGNVAL=Y&3DENROLLED=Y&3DERROR=0&3DXID=');
    expect(call?.url).not.toMatch(/3DECI|3DCAVV/);
    expect((await openBank(bench.simulator, id3d)).form?.fields.StatusPBX).toBe('Timeout');
    expect(shop.received).toHaveLength(1);
  });

  test('ends with a time-out too if the clock was set forward and back before', async () => {
    const shop = await openShop();
    const bench = openBench();
    const id3d = await start(bench, shop.addresses);
    bench.simulator.clock.advance('PT6M');
    bench.simulator.clock.advance('-PT6M');
    await new Promise(setImmediate);
    expect(await outcomeOf(bench, id3d)).toBe('');
    bench.simulator.clock.advance('PT5M');
    expect((await shop.receives(1))[0]?.url).toContain('StatusPBX=Timeout');
  });

  test('of an unknown authentication is a page with Erreur', async () => {
    expect((await openBank(openBench().simulator, '2000000000001')).html).toContain('Erreur');
  });
});

describe('the results', () => {
  test.each(AUTHENTICATION_CARDS.filter(({ hasChallenge }) => !hasChallenge))(
    'of card $PORTEUR are $outcome',
    async ({ PORTEUR, outcome }) => {
      const shop = await openShop();
      const { form } = await postToMpi(openBench().simulator, { CCNumber: PORTEUR, ...shop.addresses });
      const entry = AUTHENTICATION_OUTCOMES.find((one) => one.outcome === outcome);
      const [call] = await shop.receives(1);
      const read = readResult(call?.url ?? '');
      expect(read?.fields).toMatchObject(entry?.fields ?? {});
      expect(form?.fields).toMatchObject(entry?.fields ?? {});
    },
  );

  test('are a GET after the own variables of the shop and a form, both signed', async () => {
    const shop = await openShop();
    const bench = openBench();
    const { form } = await postToMpi(bench.simulator, { CCNumber: cardOf(1), IdSession: 'été=1', ...shop.addresses });
    const [call] = await shop.receives(1);
    expect(call).toMatchObject({ method: 'GET', body: '' });
    expect(call?.url).toMatch(
      /^\/direct\?shop=7&IdSession=%e9t%e9=1&StatusPBX=Autorisation%20%e0%20faire&3DSTATUS=Y&3DSIGNVAL=Y&3DENROLLED=Y&3DERROR=0&3DECI=05&3DXID=/,
    );
    expect(call?.url).toMatch(/&ID3D=200\d{10}&Check=[\w%]+%3d$/);
    const read = readResult(call?.url ?? '');
    expect(await verifySignature(read?.signedText ?? '', read?.check ?? '', TEST_PUBLIC_KEY)).toBe(true);
    expect(Object.keys(form?.fields ?? {})).toEqual([...Object.keys(read?.fields ?? {}), 'Check']);
    expect(form?.fields.Check).toMatch(/%3d$/);
  });

  test('are recorded in their order on the wire', async () => {
    const shop = await openShop();
    const bench = openBench();
    await postToMpi(bench.simulator, { CCNumber: cardOf(1), ...shop.addresses });
    const [result] = (await bench.simulator.journal()).filter(({ operation }) => operation === 'result');
    expect(result?.request.map(([name]) => name)).toEqual(['(address)', ...RESULT_ORDER, 'Check']);
  });

  test('give the shop back what it put into its addresses, and the journal hides its secrets', async () => {
    const bench = openBench();
    const URLRetour = 'http://shop.example/back?key=wc_order_a1b2&id=7';
    const { form } = await postToMpi(bench.simulator, { CCNumber: cardOf(1), URLRetour, IdSession: 'key=a1b2' });
    expect(form).toMatchObject({ action: URLRetour, fields: { IdSession: 'key=a1b2' } });
    expect((await lastEntry(bench)).findings).toEqual([]);
    const shown = JSON.stringify([await bench.simulator.journal(), (await bench.control('GET', '/authentications')).body]);
    expect(shown).not.toContain('wc_order_a1b2');
    await bench.simulator.gateway.restore(await bench.simulator.gateway.snapshot());
    expect((await bench.simulator.gateway.authentications())[0]).toMatchObject({ URLRetour, IdSession: 'key=a1b2' });
  });

  test('keep an IdSession in hexadecimal digits, of which some look like a card number', async () => {
    const IdSession = 'a94012001037141112fc0b3e';
    const { form } = await postToMpi(openBench().simulator, { CCNumber: cardOf(1), IdSession, URLRetour: 'http://shop.example/' });
    expect(form?.fields.IdSession).toBe(IdSession);
  });

  test('go to the addresses of the account if the request names none', async () => {
    const shop = await openShop();
    const bench = openBench({ URLHttpDirect: shop.addresses.URLHttpDirect, URLRetour: shop.addresses.URLRetour });
    expect((await postToMpi(bench.simulator, { CCNumber: cardOf(1) })).form?.action).toBe(shop.addresses.URLRetour);
    expect(await shop.receives(1)).toHaveLength(1);
  });

  test('are recorded with what the shop answered, and a failure is a finding', async () => {
    const shop = await openShop((_, n) => (n === 1 ? { status: 500, body: 'broken 4012001037141112' } : {}));
    const bench = openBench({ notificationAttempts: 3 });
    await postToMpi(bench.simulator, { CCNumber: cardOf(1), ...shop.addresses });
    const [second, first] = (await bench.simulator.journal()).filter(({ operation }) => operation === 'result');
    expect(first).toMatchObject({
      reply: { HTTP: '500', '(answer)': 'broken 401200******1112' },
      findings: [{ rule: 'result-undelivered' }],
    });
    expect(second).toMatchObject({ reply: { HTTP: '200' }, findings: [] });
    expect(shop.received).toHaveLength(2);
  });

  test('are sent once if the account has one attempt', async () => {
    const shop = await openShop(() => ({ status: 302, headers: { Location: '/elsewhere' } }));
    const bench = openBench();
    await postToMpi(bench.simulator, { CCNumber: cardOf(1), ...shop.addresses });
    expect((await bench.simulator.journal({ limit: 1 }))[0]?.findings[0]?.message).toMatch(
      /answered with a redirect \(status 302\), which is not followed/,
    );
    expect(shop.received).toHaveLength(1);
  });

  test.each([1, 2, 3])('are drawn in each order although each purchase uses %i numbers', async (numbers) => {
    const bench = openBench({ resultOrder: 'drawn' });
    for (let purchase = 0; purchase < 12; purchase++) {
      await postToMpi(bench.simulator, { IdSession: `session-${purchase}` });
      for (let used = 1; used < numbers; used++) await order(bench, { REFERENCE: `ORDER-${purchase}-${used}` });
    }
    const { authentications } = (await bench.control('GET', '/authentications')).body;
    const orders = authentications.map(({ order }: { order: string }) => order);
    expect(new Set(orders)).toEqual(new Set(['server-first', 'browser-first', 'together']));
  });

  test('do not reach a host of the gateway', async () => {
    const bench = openBench();
    await postToMpi(bench.simulator, { CCNumber: cardOf(1), URLHttpDirect: 'https://tpeweb.paybox.com/x' });
    expect((await bench.simulator.journal({ limit: 1 }))[0]?.findings[0]?.message).toMatch(/is a host of the gateway/);
  });

  test.each([
    ['http://%', 'The address of the shop is not a URL.'],
    [
      'http://jeanne:secret@shop.example/direct?cvv=987',
      'The address of shop.example has a user name or a password. The simulator does not call such an address.',
    ],
  ])('to %s are not sent, in any order, and a finding says why', async (URLHttpDirect, message) => {
    for (const resultOrder of ['server-first', 'browser-first', 'together'] as const) {
      const bench = openBench({ URLHttpDirect, resultOrder });
      expect((await postToMpi(bench.simulator, { CCNumber: cardOf(1), URLRetour: 'http://s.example/' })).form?.method).toBe('POST');
      const result = async () => (await bench.simulator.journal()).find(({ operation }) => operation === 'result');
      await expect.poll(result).toMatchObject({ reply: { HTTP: 'none' }, findings: [{ message }] });
      expect(JSON.stringify(await result())).not.toMatch(/secret|987/);
    }
  });

  test.each(['browser-first', 'together'] as const)(
    'of an authentication that a reset deleted are not sent for the next one with its ID3D (%s)',
    async (resultOrder) => {
      const shop = await openShop();
      const bench = openBench(
        { resultOrder },
        { rules: [{ match: { TYPE: 'authenticate' }, authentication: { server: { late: 'PT1M' } } }] },
      );
      const [old] = [await postToMpi(bench.simulator, { CCNumber: cardOf(1), IdSession: 'old', ...shop.addresses })];
      await bench.simulator.reset();
      const next = await postToMpi(bench.simulator, { CCNumber: cardOf(1), IdSession: 'next', ...shop.addresses });
      expect(next.form?.fields.ID3D).toBe(old.form?.fields.ID3D);
      bench.simulator.clock.advance('PT1M');
      await shop.receives(1);
      await bench.simulator.gateway.idle();
      expect(shop.received.map(({ url }) => /IdSession=(\w+)/.exec(url)?.[1])).toEqual(['next']);
    },
  );

  test('have the same IdSession on both ways if ISO-8859-1 does not have all of its characters', async () => {
    const shop = await openShop();
    const { form } = await postToMpi(openBench().simulator, { CCNumber: cardOf(1), IdSession: 'prix: 1 €', ...shop.addresses });
    const [call] = await shop.receives(1);
    expect(readResult(call?.url ?? '')?.fields.IdSession).toBe('prix: 1 ?');
    expect(form?.fields.IdSession).toBe('prix: 1 ?');
  });

  const withRule = (authentication: object) => openBench({}, { rules: [{ match: { TYPE: 'authenticate' }, times: 1, authentication }] });

  test('can be lost, wrong, of another session, in another charset, and sent twice', async () => {
    const shop = await openShop();
    const sent = async (server: object, n: number) => {
      const { form } = await postToMpi(withRule({ outcome: 'authenticated', server }).simulator, shop.addresses);
      expect(form?.fields.IdSession).toBe('session-1');
      const url = (await shop.receives(n)).at(-1)?.url ?? '';
      const read = readResult(url);
      return { url, fields: read?.fields, isValid: await verifySignature(read?.signedText ?? '', read?.check ?? '', TEST_PUBLIC_KEY) };
    };
    expect(await sent({ check: 'wrong' }, 1)).toMatchObject({ isValid: false, fields: { IdSession: 'session-1' } });
    expect(await sent({ session: 'other' }, 2)).toMatchObject({ isValid: true, fields: { IdSession: 'session-1-0' } });
    expect(await sent({ charset: 'utf-8' }, 3)).toMatchObject({
      isValid: true,
      url: expect.stringContaining('Autorisation%20%c3%a0%20faire'),
    });
    await sent({ times: 2 }, 5);
    await sent({ lost: true }, 5);
    expect(shop.received).toHaveLength(5);
  });

  test('can be late by the clock', async () => {
    const shop = await openShop();
    const bench = withRule({ outcome: 'authenticated', server: { late: 'PT10M' } });
    await postToMpi(bench.simulator, shop.addresses);
    bench.simulator.clock.advance('PT9M');
    expect(shop.received).toHaveLength(0);
    bench.simulator.clock.advance('PT1M');
    expect(await shop.receives(1)).toHaveLength(1);
  });

  test('are sent twice only if there is an address', async () => {
    const { html, status } = await postToMpi(withRule({ outcome: 'authenticated', browser: { times: 2 } }).simulator);
    expect(status).toBe(200);
    expect(html).toContain('URLRetour');
  });

  test('can be lost on the way of the browser', async () => {
    const { html } = await postToMpi(withRule({ outcome: 'authenticated', browser: { lost: true } }).simulator, {
      URLRetour: 'http://shop.example/',
    });
    expect(html).toBe('<html></html>');
  });
});

describe('a rule on authenticate', () => {
  test('decides how n authentications end', async () => {
    const bench = openBench(
      {},
      { rules: [{ match: { TYPE: 'authenticate', Amount: '1000' }, times: 1, authentication: { outcome: 'rejected' } }] },
    );
    expect((await postToMpi(bench.simulator, { URLRetour: 'http://s.example/' })).form?.fields['3DSTATUS']).toBe('R');
    expect((await postToMpi(bench.simulator, { IdSession: '2' })).form?.method).toBe('GET');
  });

  test('can ask for a challenge whose confirmation ends otherwise', async () => {
    const bench = openBench(
      {},
      { rules: [{ match: { TYPE: 'authenticate' }, authentication: { outcome: 'attempted', challenge: true } }] },
    );
    await authenticate(bench.simulator, { CCNumber: cardOf(1) });
    expect((await bench.control('GET', '/authentications')).body.authentications[0].outcome).toBe('attempted');
  });

  test('matches a card by its number', async () => {
    const rule = { match: { TYPE: 'authenticate', CCNumber: '4000000000001091' }, authentication: { outcome: 'declined' as const } };
    const bench = openBench({}, { rules: [rule] });
    expect(JSON.stringify(bench.simulator.gateway.rules.list())).not.toContain('4000000000001091');
    await postToMpi(bench.simulator);
    expect((await bench.control('GET', '/authentications')).body.authentications[0].outcome).toBe('declined');
  });

  test('can fail the page', async () => {
    const bench = openTestSimulator({ rules: [{ match: { TYPE: 'authenticate' }, times: 1, fault: { http: 503 } }] });
    expect((await postToMpi(bench.simulator)).status).toBe(503);
  });

  test.each([
    [{ match: { TYPE: 'pay' }, authentication: { outcome: 'declined' } }, 'needs match: {TYPE: authenticate}'],
    [{ match: { TYPE: 'authenticate' }, answer: '00105' }, 'has no CODEREPONSE'],
    [{ match: { TYPE: 'authenticate', MONTANT: '1' }, authentication: { outcome: 'declined' } }, 'MONTANT is not a variable'],
    [{ match: { TYPE: 'authenticate' }, fault: { processed: 'twice' } }, 'does not apply to a page'],
    [{ match: { TYPE: 'authenticate', EmailPorteur: 'a@b.fr' }, authentication: { outcome: 'declined' } }, 'its values are not stored'],
    [{ match: { TYPE: 'authenticate', City: { pattern: 'Par' } }, authentication: { outcome: 'declined' } }, 'its values are not stored'],
  ])('%j is refused', async (rule, reason) => {
    const { status, body } = await openBench().control('POST', '/rules', rule);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain(reason);
  });

  test('does not apply to questions, and other rules do not apply to RemoteMPI', async () => {
    const bench = openBench(
      {},
      { rules: [{ answer: '00105' }, { id: 'mpi', match: { TYPE: 'authenticate' }, authentication: { outcome: 'declined' } }] },
    );
    await postToMpi(bench.simulator);
    expect(bench.simulator.gateway.rules.list().map(({ calls }) => calls)).toEqual([0, 1]);
    await order(bench);
    expect(bench.simulator.gateway.rules.list().map(({ calls }) => calls)).toEqual([1, 1]);
  });
});

describe('a payment with an ID3D', () => {
  test('is accepted, and the authentication names it', async () => {
    const bench = openBench({ threeDSecure: 'required' });
    const ID3D = await authenticate(bench.simulator);
    const paid = await order(bench, { ...CHALLENGE, ID3D });
    expect(paid.CODEREPONSE).toBe('00000');
    expect((await lastEntry(bench)).findings).toEqual([]);
    expect((await bench.control('GET', `/authentications/${ID3D}`)).body.usedBy).toMatchObject([{ payment: paid.NUMTRANS }]);
    expect((await bench.control('GET', `/payments/${paid.NUMTRANS}`)).body.ID3D).toBe(ID3D);
    expect((await inquire(bench, paid)).CODEREPONSE).toBe('00000');
  });

  test.each(['00001', '00056'])('is accepted on %s', async (TYPE) => {
    const bench = openBench();
    const ID3D = await authenticate(bench.simulator);
    const reply = TYPE === '00056' ? await register(bench, { ...CHALLENGE, ID3D }) : await order(bench, { ...CHALLENGE, TYPE, ID3D });
    expect(reply.CODEREPONSE).toBe('00000');
  });

  test('is judged on the card of a subscriber too', async () => {
    const bench = openBench();
    const { PORTEUR = '' } = await register(bench, CHALLENGE);
    const pay = (ID3D: string) =>
      bench.ask({ TYPE: '00053', MONTANT: '1000', DEVISE: '978', REFERENCE: 'r', REFABONNE: 'alice', PORTEUR, DATEVAL: '1299', ID3D });
    expect((await pay('2000000000001')).CODEREPONSE).toBe('00041');
    expect((await pay(await authenticate(bench.simulator))).CODEREPONSE).toBe('00000');
    expect((await lastEntry(bench)).findings).toEqual([]);
    expect((await pay('')).CODEREPONSE).toBe('00000');
  });

  test('is refused with 00041 on another SITE', async () => {
    const bench = openBench();
    const ID3D = await authenticate(bench.simulator);
    expect((await order(bench, { ...CHALLENGE, ID3D, SITE: '1999887' })).CODEREPONSE).toBe('00041');
  });

  test('is accepted on another RANG of the SITE', async () => {
    const bench = openBench();
    const ID3D = await authenticate(bench.simulator);
    expect((await order(bench, { ...CHALLENGE, ID3D, RANG: '69' })).CODEREPONSE).toBe('00000');
  });

  test.each(AUTHENTICATION_OUTCOMES)('after $outcome is accepted: $mayPay', async ({ outcome, mayPay }) => {
    const bench = openBench({}, { rules: [{ match: { TYPE: 'authenticate' }, authentication: { outcome } }] });
    await postToMpi(bench.simulator);
    const { ID3D } = (await bench.control('GET', '/authentications')).body.authentications[0];
    expect((await order(bench, { ...CHALLENGE, ID3D })).CODEREPONSE).toBe(mayPay ? '00000' : '00040');
  });

  test('is refused while the cardholder is asked', async () => {
    const bench = openBench();
    const { form } = await postToMpi(bench.simulator);
    expect((await order(bench, { ...CHALLENGE, ID3D: form?.fields.ID3D ?? '' })).CODEREPONSE).toBe('00040');
    expect((await lastEntry(bench)).findings[0]?.message).toMatch(/has not ended/);
  });

  test.each([
    ['PT15M', 'PT14M59S', '00000'],
    ['PT15M', 'PT15M', '00041'],
    ['PT1H', 'PT59M', '00000'],
    ['unlimited', 'P30D', '00000'],
  ])('lives as long as the variant id3dLife %s says: %s later %s', async (id3dLife, by, code) => {
    const bench = openBench({ variants: { id3dLife } });
    const ID3D = await authenticate(bench.simulator);
    bench.simulator.clock.advance(by);
    expect((await order(bench, { ...CHALLENGE, ID3D })).CODEREPONSE).toBe(code);
  });

  test.each([
    ['once', '00041'],
    ['unlimited', '00000'],
  ] as const)('serves as often as the variant id3dReuse %s says', async (id3dReuse, code) => {
    const bench = openBench({ variants: { id3dReuse } });
    const ID3D = await authenticate(bench.simulator);
    await order(bench, { ...CHALLENGE, ID3D });
    expect((await order(bench, { ...CHALLENGE, ID3D, REFERENCE: 'order-2' })).CODEREPONSE).toBe(code);
  });

  test('serves again after the bank refused the payment', async () => {
    const bench = openBench();
    const ID3D = await authenticate(bench.simulator);
    expect((await order(bench, { ...CHALLENGE, ID3D, ERRORCODETEST: '00151' })).CODEREPONSE).toBe('00151');
    expect((await order(bench, { ...CHALLENGE, ID3D })).CODEREPONSE).toBe('00000');
  });

  test.each([
    [{ MONTANT: '1001' }, 'The cardholder was authenticated for 10.00 EUR, and the payment is of 10.01 EUR.'],
    [{ DEVISE: '840' }, 'The cardholder was authenticated for 10.00 EUR, and the payment is of 10.00 USD.'],
    [{ PORTEUR: '1111222233334444' }, 'The cardholder was authenticated with card 400000******1091, and the payment has another card.'],
  ])('of other values than %j is a finding, and refused with the variant', async (other, message) => {
    for (const [id3dMismatch, code] of [
      ['accepted', '00000'],
      ['00040', '00040'],
    ] as const) {
      const bench = openBench({ variants: { id3dMismatch } });
      const ID3D = await authenticate(bench.simulator);
      expect((await order(bench, { ...CHALLENGE, ID3D, ...other })).CODEREPONSE).toBe(code);
      expect((await lastEntry(bench)).findings).toContainEqual(expect.objectContaining({ rule: 'authentication-differs', message }));
    }
  });

  test('is asked for by a soft decline', async () => {
    const bench = openBench();
    const PORTEUR = cardOf(9);
    expect(await order(bench, { PORTEUR })).toMatchObject({ CODEREPONSE: '001A1' });
    const ID3D = await authenticate(bench.simulator, { CCNumber: PORTEUR });
    expect((await order(bench, { PORTEUR, ID3D })).CODEREPONSE).toBe('00000');
  });
});

test('an account reads the earlier settings of threeDSecure', () => {
  const bench = openBench({ threeDSecure: true });
  expect(bench.simulator.gateway.account('1999888', '32')?.threeDSecure).toBe('required');
  bench.simulator.gateway.setAccount({ ...ACCOUNT, threeDSecure: false });
  expect(bench.simulator.gateway.account('1999888', '32')?.threeDSecure).toBe('optional');
});

test('the control API has the public key and lists authentications', async () => {
  const bench = openBench();
  const key = await bench.simulator.fetch(new Request('http://localhost/_sim/public-key.pem'));
  expect(await key.text()).toBe(TEST_PUBLIC_KEY);
  for (const IdSession of ['a', 'b', 'c']) await authenticate(bench.simulator, { IdSession });
  const list = async (query: string) => (await bench.control('GET', `/authentications${query}`)).body.authentications;
  expect((await list('?limit=2')).map((one: { IdSession: string }) => one.IdSession)).toEqual(['c', 'b']);
  expect(await list('?IdSession=b')).toMatchObject([
    { IdSession: 'b', outcome: 'authenticated', mayPay: true, CCNumber: '400000******1091' },
  ]);
  expect((await bench.control('GET', '/authentications/1')).status).toBe(404);
});

test('many open challenges cause no warning of Node.js', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): unknown => warnings.push(warning);
  process.on('warning', onWarning);
  onTestFinished(() => void process.off('warning', onWarning));
  const bench = openBench();
  for (let n = 1; n <= 20; n++) await postToMpi(bench.simulator, { IdSession: `session-${n}` });
  await new Promise(setImmediate);
  expect(warnings).toEqual([]);
});
