import { describe, expect, onTestFinished, test } from 'vitest';
import { AUTHENTICATION_CARDS } from '../../contracts/index.js';
import type { AccountInput, SimulatorOptions } from '../../simulator/index.js';
import { actAtBank, authenticate, openBank, postToMpi } from '../support/cardholder.js';
import { openShopServer } from '../support/shop-server.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { order } from './orders.js';

const CHALLENGE_CARD = '4000000000001091';

function openBench(account: Partial<AccountInput> = {}, options: SimulatorOptions = {}): TestSimulator {
  const accounts = [{ SITE: '1999888', RANG: '32', resultOrder: 'server-first' as const, ...account }];
  const bench = openTestSimulator({ accounts, ...options });
  onTestFinished(() => bench.simulator.close());
  return bench;
}

const get = ({ simulator }: TestSimulator, path: string, language = 'en'): Promise<Response> =>
  simulator.fetch(new Request(`http://localhost/${path}`, { headers: { 'accept-language': language } }));

/** The text of a page, without its tags. */
async function textOf(bench: TestSimulator, path: string, language = 'en'): Promise<string> {
  const html = await (await get(bench, `_sim/${path}`, language)).text();
  return html.replace(/<[^>]+>/g, ' ').replace(/[\s\u00a0\u202f]+/g, ' ');
}

const start = async (bench: TestSimulator, variables = {}): Promise<string> =>
  (await postToMpi(bench.simulator, variables)).form?.fields.ID3D ?? '';

describe('the page of the authentications', () => {
  test('says that there are none', async () => {
    expect(await textOf(openBench(), 'ui/authentications')).toContain('No authentications yet.');
  });

  test('lists them with outcome, amount, card, account and payment, newest first', async () => {
    const bench = openBench();
    const ID3D = await authenticate(bench.simulator);
    const paid = await order(bench, { PORTEUR: CHALLENGE_CARD, ID3D });
    await start(bench, { IdSession: 'session-2', CCNumber: AUTHENTICATION_CARDS[2]?.PORTEUR });
    await start(bench, { IdSession: 'session-3' });
    const text = await textOf(bench, 'ui/authentications');
    expect(text).toMatch(/session-3 ◔ pending the bank asks the cardholder €10\.00 400000\*{6}1091 1999888\/032 not used/);
    expect(text).toMatch(/session-2 ✕ declined the cardholder was not authenticated/);
    expect(text).toContain(
      `session-1 ✓ authenticated the bank authenticated the cardholder €10.00 400000******1091 1999888/032 ${paid.NUMTRANS}`,
    );
    expect(text.indexOf('session-3')).toBeLessThan(text.indexOf('session-1'));
    expect(await textOf(bench, 'ui/authentications', 'fr')).toMatch(/session-3 ◔ en attente la banque interroge le porteur 10,00 €/);
  });

  test('has pages of 50', async () => {
    const bench = openBench();
    for (let n = 1; n <= 52; n++) await start(bench, { IdSession: `session-${n}` });
    const html = await (await get(bench, '_sim/ui/authentications')).text();
    expect(html.match(/id="authentication-/g)).toHaveLength(50);
    const next = /href="\/(_sim\/ui\/authentications\?before=\d+)"/.exec(html)?.[1] ?? '';
    const rest = await (await get(bench, next)).text();
    expect([...rest.matchAll(/>(session-\d+)</g)].map(([, session]) => session)).toEqual(['session-2', 'session-1']);
  });
});

describe('the page of an authentication', () => {
  test('has the form, the page of the bank, the result with the answer of the shop, and the payment', async () => {
    const bench = openBench();
    const shop = await openShopServer(() => ({ body: 'THANKS' }));
    onTestFinished(shop.close);
    const ID3D = await start(bench, { URLHttpDirect: `${shop.url}/direct?shop=7`, URLRetour: 'http://shop.example/back' });
    await actAtBank(bench.simulator, ID3D, 'confirm', '000000');
    await actAtBank(bench.simulator, ID3D, 'confirm');
    const paid = await order(bench, { PORTEUR: CHALLENGE_CARD, ID3D });
    const text = await textOf(bench, `ui/authentications/${ID3D}`);
    expect(text).toContain('A payment with this ID3D is accepted.');
    const steps = [
      'Authentication (RemoteMPI) 3DS €10.00 ◔ challenge the bank asks the cardholder',
      'Page of the bank 3DS ◔ challenge wrong code, the bank asks again the cardholder entered a code',
      'Page of the bank 3DS ✓ authenticated the bank authenticated the cardholder the cardholder entered a code',
      'Result to the server 3DS ✓ HTTP 200 the shop answered: THANKS',
      'Used by a payment 00003 €10.00',
      `Payment ${paid.NUMTRANS}`,
    ];
    const places = steps.map((step) => text.indexOf(step));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(text).toContain('Amount 1000 €10.00 · amount in minor units');
    expect(text).toContain('StatusPBX Autorisation à faire result as text');
  });

  test('links to the page of the bank only while it is pending', async () => {
    const bench = openBench();
    const ID3D = await start(bench);
    const link = `href="/cgi/ACS.cgi?ID3D=${ID3D}"`;
    const html = async () => (await get(bench, `_sim/ui/authentications/${ID3D}`)).text();
    expect(await html()).toContain(link);
    expect((await openBank(bench.simulator, ID3D)).html).toContain('123456');
    bench.simulator.clock.advance('PT5M');
    expect(await html()).not.toContain(link);
    expect(await textOf(bench, `ui/authentications/${ID3D}`)).toContain('✕ timeout the cardholder did not answer in time');
  });

  test('of a session leads to the bank of the session', async () => {
    const bench = openBench();
    const { form } = await postToMpi(bench.simulator, {}, { path: '/s/one/cgi/RemoteMPI.cgi' });
    const html = await (await get(bench, `s/one/_sim/ui/authentications/${form?.fields.ID3D}`)).text();
    expect(html).toContain(`href="/s/one/cgi/ACS.cgi?ID3D=${form?.fields.ID3D}"`);
  });

  test('names the faults of its results, and says if its request is not in the journal', async () => {
    const authentication = { outcome: 'rejected', server: { late: 'PT2M', check: 'wrong' }, browser: { times: 3 } } as const;
    const bench = openBench({}, { rules: [{ match: { TYPE: 'authenticate' }, authentication }] });
    const path = `ui/authentications/${await start(bench, { URLRetour: 'http://127.0.0.1:1/' })}`;
    const text = await textOf(bench, path);
    expect(text).toContain('Result to the server two minutes late, with a wrong Check');
    expect(text).toContain('Result by the browser times: 3');
    const snapshot = await bench.simulator.gateway.snapshot();
    await bench.simulator.gateway.restore({ ...snapshot, content: { ...snapshot.content, journal: [] } });
    expect(await textOf(bench, path)).toContain('The request is not in the journal.');
  });

  test.each(['2000000000001', 'x'])('%s that does not exist is answered 404', async (id3d) => {
    expect((await get(openBench(), `_sim/ui/authentications/${id3d}`)).status).toBe(404);
  });
});

describe('the exchanges of an authentication', () => {
  test('have no code, and a refusal says Erreur', async () => {
    const bench = openBench();
    const ID3D = await start(bench);
    await actAtBank(bench.simulator, ID3D, 'decline');
    await start(bench, { IdSession: 'session-2', Amount: '10.00' });
    const text = await textOf(bench, '');
    expect(text).toMatch(/3DS Authentication \(RemoteMPI\) session-2 10\.00 400000\*{6}1091 ✕ Erreur refused/);
    expect(text).toMatch(/3DS Page of the bank session-1 ✕ declined the cardholder was not authenticated/);
    expect(text).toMatch(/3DS Authentication \(RemoteMPI\) session-1 €10\.00 400000\*{6}1091 ◔ challenge/);
    expect(text).toContain('1 refused');
    expect(text).not.toMatch(/not a known response code|no operation/);
    expect(await textOf(bench, '?outcome=refused')).not.toContain('session-1');
    expect(await textOf(bench, '?outcome=accepted')).not.toContain('session-2');
    expect(await textOf(bench, '?type=challenge')).not.toContain('session-2');
    expect(await textOf(bench, '', 'fr')).toContain('✕ Erreur refusée');
  });

  test('have a page that explains the variables and leads to the authentication', async () => {
    const bench = openBench();
    const ID3D = await start(bench);
    expect(await (await get(bench, '_sim/ui/exchanges/1')).text()).toContain(`href="/_sim/ui/authentications/${ID3D}"`);
    const text = await textOf(bench, 'ui/exchanges/1');
    expect(text).toContain('CCNumber 400000******1091 card number');
    expect(text).toContain('Currency 978 EUR · currency, ISO 4217 numeric');
    expect(text).not.toMatch(/As a curl command|As a scenario|not a variable of the gateway/);
  });

  test('are in the stream of events with what was answered', async () => {
    const bench = openBench();
    const ID3D = await start(bench);
    const response = await get(bench, '_sim/events?after=0');
    const reader = response.body?.getReader();
    let text = '';
    while (!text.includes('"operation":"authenticate"')) text += new TextDecoder().decode((await reader?.read())?.value);
    await reader?.cancel();
    expect(text).toContain(`"reply":{"(page)":"challenge","ID3D":"${ID3D}"}`);
  });
});

test('a payment shows what it was authenticated with, and the steps before it', async () => {
  const bench = openBench();
  const ID3D = await authenticate(bench.simulator);
  const paid = await order(bench, { PORTEUR: CHALLENGE_CARD, ID3D });
  const text = await textOf(bench, `ui/payments/${paid.NUMTRANS}`);
  expect(text).toContain(`Authenticated with ${ID3D} ✓ authenticated`);
  const places = ['Authentication (RemoteMPI) 3DS', 'Page of the bank 3DS', '00003 €10.00', 'After this step'].map((part) =>
    text.indexOf(part),
  );
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
  expect(await textOf(bench, `ui/payments/${paid.NUMTRANS}`, 'fr')).toContain(`Authentifié par ${ID3D} ✓ authenticated la banque a`);
});

test('the page of the accounts shows the settings of 3-D Secure', async () => {
  const bench = openBench({ threeDSecure: 'required', URLRetour: 'http://shop.example/back', notificationAttempts: 3 });
  const text = await textOf(bench, 'ui/accounts');
  expect(text).toContain('1999888/032 required — http://shop.example/back the server first 3');
  expect(await textOf(bench, 'ui/accounts', 'fr')).toContain('1999888/032 obligatoire — http://shop.example/back le serveur d’abord 3');
});

describe('the form of the rules', () => {
  const submit = ({ simulator }: TestSimulator, fields: Record<string, string>) =>
    simulator.fetch(new Request('http://localhost/_sim/ui/rules', { method: 'POST', body: new URLSearchParams(fields) }));

  test('makes a rule for authentications', async () => {
    const bench = openBench();
    const fields = { type: 'authenticate', outcome: 'rejected', challenge: 'yes', server: 'check', browser: 'twice' };
    expect((await submit(bench, { ...fields, variable: 'IdSession', value: 'session-1' })).status).toBe(303);
    expect(bench.simulator.gateway.rules.list()[0]).toMatchObject({
      match: { TYPE: 'authenticate', IdSession: 'session-1' },
      authentication: { outcome: 'rejected', challenge: true, server: { check: 'wrong' }, browser: { times: 2 } },
    });
    const text = await textOf(bench, 'ui/rules');
    expect(text).toMatch(/TYPE = authenticate Authentication \(RemoteMPI\)/);
    expect(text).toMatch(/✕ rejected the bank rejects the authentication Challenge: the bank asks the cardholder/);
    expect(text).toContain('Result to the server: with a wrong Check');
  });

  test('shows it as a scenario', async () => {
    const html = await (await get(openBench(), '_sim/ui/rules?type=authenticate&server=late')).text();
    expect(html).toContain('authentication:\n        server:\n          late: PT2M');
  });

  test('refuses a rule for authentications on another operation', async () => {
    const bench = openBench();
    const response = await submit(bench, { type: 'pay', outcome: 'rejected' });
    expect(response.status).toBe(400);
    expect(bench.simulator.gateway.rules.list()).toEqual([]);
  });
});
