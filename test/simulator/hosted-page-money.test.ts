import { describe, expect, onTestFinished, test } from 'vitest';
import { magicCard, readReturn, SUCCESS, TEST_CARDS, TEST_PUBLIC_KEY, tenDigits, verifySignature } from '../../contracts/index.js';
import type { AccountInput, SimulatorOptions } from '../../simulator/index.js';
import { actOnPage, checkOut, openCheckout, payByCard } from '../support/customer.js';
import { openShopServer, type ShopRequest } from '../support/shop-server.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { lastFindings } from './orders.js';
import { benchOn, benchOnFile, SHARED_STORAGES, STORAGES } from './storages.js';

const ACCOUNT = { SITE: '1999888', RANG: '32', threeDSecure: 'off', resultOrder: 'server-first' } as const satisfies AccountInput;
const ACCOUNTS = { accounts: [ACCOUNT] } satisfies SimulatorOptions;
const CARD = TEST_CARDS[0]?.PORTEUR ?? '';
const NO_TOKEN_CARD = '4970100000025102';
const TERMS = 'PBX_2MONT0000000500PBX_NBPAIE00PBX_FREQ01PBX_QUAND00PBX_DELAIS000';

async function openShop(answer?: Parameters<typeof openShopServer>[0]) {
  const shop = await openShopServer(answer);
  onTestFinished(shop.close);
  return { ...shop, address: { PBX_REPONDRE_A: `${shop.url}/ipn` } };
}

function openBench(account: Partial<AccountInput> = {}, options: SimulatorOptions = {}): TestSimulator {
  const bench = openTestSimulator({ accounts: [{ ...ACCOUNT, ...account }], ...options });
  onTestFinished(() => bench.simulator.close());
  return bench;
}

const queryOf = ({ url }: ShopRequest): URLSearchParams => new URL(url, 'http://shop.example').searchParams;

const valuesOf = (calls: readonly ShopRequest[], ...names: string[]): (string | null)[][] =>
  calls.map((call) => names.map((name) => queryOf(call).get(name)));

/** Pays on the page; returns the numbers as Direct takes them. */
async function payOnPage(bench: TestSimulator, variables: Record<string, string> = {}, PORTEUR = CARD) {
  const { id } = await checkOut(bench, variables, PORTEUR);
  const [payment] = (await bench.simulator.gateway.checkout(id))?.attempts.slice(-1) ?? [];
  const first = (await bench.simulator.gateway.payment(payment?.payment ?? ''))?.transactions[0];
  return { id, numbers: { NUMTRANS: first?.NUMTRANS ?? '', NUMAPPEL: first?.NUMAPPEL ?? '' } };
}

const standing = async (bench: TestSimulator, numtrans: string): Promise<string> =>
  (await bench.control('GET', `/payments/${numtrans}`)).body.standing;

describe('Direct', () => {
  const MONEY = { MONTANT: '1000', DEVISE: '978' };

  test('captures, inquires, finds and refunds what the page authorized', async () => {
    const bench = openBench();
    const { numbers } = await payOnPage(bench, { PBX_AUTOSEULE: 'O' });
    expect(await standing(bench, numbers.NUMTRANS)).toBe('authorized');
    expect(await bench.ask({ TYPE: '00011', ...MONEY, REFERENCE: 'ORDER-1' })).toMatchObject({ CODEREPONSE: SUCCESS, ...numbers });
    expect(await bench.ask({ TYPE: '00002', ...MONEY, ...numbers })).toMatchObject({ CODEREPONSE: SUCCESS });
    expect(await bench.ask({ TYPE: '00017', ...numbers })).toMatchObject({ CODEREPONSE: SUCCESS, STATUS: 'Capturé' });
    expect(await bench.ask({ TYPE: '00014', ...MONEY, ...numbers })).toMatchObject({ CODEREPONSE: SUCCESS });
    expect(await standing(bench, numbers.NUMTRANS)).toBe('refunded');
  });

  test('cancels what the page paid, by the unpadded numbers of the call', async () => {
    const shop = await openShop();
    const bench = openBench();
    await checkOut(bench, shop.address);
    const query = queryOf((await shop.receives(1))[0] as ShopRequest);
    const numbers = { NUMTRANS: query.get('Trans') ?? '', NUMAPPEL: query.get('Appel') ?? '' };
    expect(numbers.NUMTRANS).toMatch(/^[1-9]/);
    expect(await bench.ask({ TYPE: '00005', ...MONEY, ...numbers })).toMatchObject({ CODEREPONSE: SUCCESS });
    expect(await standing(bench, tenDigits(numbers.NUMTRANS))).toBe('cancelled');
  });

  test('sees the days of PBX_DIFF', async () => {
    const bench = openBench();
    const { numbers } = await payOnPage(bench, { PBX_DIFF: '03' });
    expect((await bench.simulator.gateway.payment(numbers.NUMTRANS))?.transactions[0].DIFFERE).toBe(3);
    bench.simulator.clock.remit();
    expect(await bench.ask({ TYPE: '00017', ...numbers })).not.toHaveProperty('REMISE');
  });
});

describe('a subscriber that is born on the page', () => {
  const RETURNED = { PBX_REFABONNE: 'alice', PBX_RETOUR: 'Ab:B;Erreur:E;U:U;Sign:K' };

  test('has a token in U, which Direct Plus pays with', async () => {
    const shop = await openShop();
    const bench = openBench();
    const { numbers } = await payOnPage(bench, { ...shop.address, ...RETURNED, PBX_AUTOSEULE: 'O' }, NO_TOKEN_CARD);
    const [subscriber] = await bench.simulator.gateway.subscribers();
    expect((await shop.receives(1))[0]?.url).toContain(`&U=${subscriber?.PORTEUR}++3012++---&Sign=`);
    const onAlice = { MONTANT: '1000', DEVISE: '978', REFABONNE: 'alice', PORTEUR: subscriber?.PORTEUR ?? '', DATEVAL: '1230' };
    expect(await bench.ask({ TYPE: '00053', ...onAlice, REFERENCE: 'again' })).toMatchObject({ CODEREPONSE: SUCCESS });
    expect(await bench.ask({ TYPE: '00052', ...onAlice, ...numbers })).toMatchObject({ CODEREPONSE: SUCCESS });
    expect(await standing(bench, numbers.NUMTRANS)).toBe('captured');
    expect(await bench.ask({ TYPE: '00055', ...onAlice, ...numbers })).toMatchObject({ CODEREPONSE: SUCCESS });
  });

  test('has the token of the card, which is the same for each subscriber', async () => {
    const bench = openBench();
    await payOnPage(bench, RETURNED);
    await payOnPage(bench, { ...RETURNED, PBX_CMD: 'b', PBX_REFABONNE: 'bob' }, NO_TOKEN_CARD);
    await payOnPage(bench, { ...RETURNED, PBX_CMD: 'c', PBX_REFABONNE: 'carol' }, NO_TOKEN_CARD);
    const tokens = (await bench.simulator.gateway.subscribers()).map(({ PORTEUR }) => PORTEUR);
    expect(tokens[0]).toBe('SLDLrcsLMPC');
    expect(tokens[1]).toBe(tokens[2]);
  });

  test('is not registered twice (00016), nor by a refused payment', async () => {
    const bench = openBench();
    const { id } = await openCheckout(bench, RETURNED);
    await payByCard(bench, id, magicCard('00151'));
    expect(await bench.simulator.gateway.subscribers()).toEqual([]);
    await payByCard(bench, id);
    const again = await checkOut(bench, { ...RETURNED, PBX_CMD: 'b' });
    expect(again.html).toContain('(00016)');
    expect(await bench.simulator.gateway.payments()).toHaveLength(2);
  });

  const byToken = { PBX_TOKEN: 'SLDLrcsLMPC', PBX_DATEVAL: '1230' };

  test.each([
    [{ PBX_REFABONNE: 'alice' }, '00053', 'captured'],
    [{}, '00053', 'captured'],
    [{ PBX_REFABONNE: 'alice', PBX_AUTOSEULE: 'O' }, '00051', 'authorized'],
  ])('pays with the token and the CVV: %j', async (variables, TYPE, state) => {
    const shop = await openShop();
    const bench = openBench();
    await checkOut(bench, RETURNED);
    const { id, html } = await openCheckout(bench, {
      ...byToken,
      ...shop.address,
      ...RETURNED,
      PBX_REFABONNE: '',
      PBX_CMD: 'token',
      ...variables,
    });
    expect(html).toContain('111122******4444');
    expect(html).toContain('12/30');
    expect(html).not.toMatch(/name="(PORTEUR|DATEVAL)"/);
    expect((await actOnPage(bench, id, { action: 'pay', CVV: '' })).html).toContain('aria-invalid="true"');
    expect((await actOnPage(bench, id, { action: 'pay', CVV: '123' })).html).toContain('Payment accepted');
    const [payment] = await bench.simulator.gateway.payments();
    expect(payment).toMatchObject({ REFABONNE: 'alice', REFERENCE: 'token', origin: 'system', transactions: [{ TYPE }] });
    expect(await standing(bench, payment?.id ?? '')).toBe(state);
    expect((await shop.receives(1))[0]?.url).toContain('&U=SLDLrcsLMPC++3012++---&');
  });

  test('must have the token', async () => {
    const bench = openBench();
    await checkOut(bench, RETURNED);
    expect((await openCheckout(bench, { ...byToken, PBX_TOKEN: 'another' })).id).toBe('');
    expect((await openCheckout(bench, { ...byToken, PBX_REFABONNE: 'bob' })).id).toBe('');
    expect(await lastFindings(bench)).toEqual(['checkout-refused']);
    expect((await openCheckout(bench, { ...byToken, PBX_DATEVAL: undefined })).id).toBe('');
  });

  test('dies later with a magic card, and is refused by a declined authentication', async () => {
    const bench = openBench({ threeDSecure: 'optional' });
    await checkOut(bench, RETURNED, magicCard('00133', '00053'));
    const [subscriber] = await bench.simulator.gateway.subscribers();
    const token = { ...byToken, PBX_TOKEN: subscriber?.PORTEUR ?? '', PBX_CMD: 'token' };
    const { id } = await openCheckout(bench, token);
    expect((await actOnPage(bench, id, { action: 'pay', CVV: '123' })).html).toContain('(00133)');
    await checkOut(bench, { PBX_REFABONNE: 'bob', PBX_CMD: 'bob', PBX_SOUHAITAUTHENT: '02' }, '4000000000001091');
    const bob = (await bench.simulator.gateway.subscribers()).find(({ REFABONNE }) => REFABONNE === 'bob');
    const second = await openCheckout(bench, { ...token, PBX_TOKEN: bob?.PORTEUR ?? '', PBX_CMD: 'second' });
    const { form } = await actOnPage(bench, second.id, { action: 'pay', CVV: '123' });
    expect(form?.action).toBe('ACS.cgi');
    bench.simulator.clock.advance('PT6M');
    expect((await actOnPage(bench, second.id)).html).toContain('(00040)');
  });
});

describe.each(STORAGES)('on $storage', (kind) => {
  test('instalments are taken when the clock passes them, each with its own call', async () => {
    const shop = await openShop();
    const bench = await benchOn(kind, ACCOUNTS);
    const dates = { PBX_2MONT1: '300', PBX_DATE1: '10/07/2026', PBX_2MONT2: '0200', PBX_DATE2: '10/08/2026' };
    const { html } = await openCheckout(bench, { ...dates, PBX_CMD: 'shown' });
    expect(html).toContain('3.00');
    await checkOut(bench, { ...shop.address, ...dates });
    bench.simulator.clock.set('2026-07-09T23:59');
    expect(shop.received).toHaveLength(1);
    bench.simulator.clock.set('2026-07-10T00:00');
    await shop.receives(2);
    bench.simulator.clock.set('2027-01-01');
    const calls = await shop.receives(3);
    expect(valuesOf(calls, 'Mt', 'Erreur', 'ETAT_PBX')).toEqual([
      ['1000', SUCCESS, null],
      ['300', SUCCESS, null],
      ['200', SUCCESS, null],
    ]);
    expect(new Set(valuesOf(calls, 'Trans').flat()).size).toBe(3);
    const payments = await bench.simulator.gateway.payments();
    expect(payments.map(({ transactions: [{ MONTANT }] }) => MONTANT)).toEqual([200, 300, 1000]);
    expect(new Set(payments.map(({ REFERENCE }) => REFERENCE))).toEqual(new Set(['ORDER-1']));
  });

  test('a long jump takes all renewals in their order, signed and with ETAT_PBX', async () => {
    const shop = await openShop();
    const bench = await benchOn(kind, ACCOUNTS);
    bench.simulator.clock.set('2026-01-31T12:00', true);
    await checkOut(bench, {
      ...shop.address,
      PBX_TIME: '2026-01-31T12:00:00+01:00',
      PBX_CMD: `SUB-1${TERMS.replace('NBPAIE00', 'NBPAIE03')}`,
      PBX_RETOUR: 'Mt:M;Ref:R;Ab:B;Date:W;Erreur:E;Sign:K',
    });
    bench.simulator.clock.set('2027-01-01');
    const calls = await shop.receives(4);
    expect(valuesOf(calls, 'ETAT_PBX', 'Mt', 'Ref', 'Date', 'Erreur')).toEqual([
      [null, '1000', 'SUB-1', '31012026', SUCCESS],
      // A month with fewer days ends with its last day, and the next one has the day again.
      ['PBX_RECONDUCTION_ABT', '500', 'SUB-1', '28022026', SUCCESS],
      ['PBX_RECONDUCTION_ABT', '500', 'SUB-1', '31032026', SUCCESS],
      ['PBX_RECONDUCTION_ABT', '500', 'SUB-1', '30042026', SUCCESS],
    ]);
    const read = readReturn(calls[1]?.url ?? '', 'Sign');
    expect(read?.signedText).toMatch(/^ETAT_PBX=PBX_RECONDUCTION_ABT&Mt=500&/);
    expect(await verifySignature(read?.signedText ?? '', read?.signature ?? '', TEST_PUBLIC_KEY)).toBe(true);
    bench.simulator.clock.set('2030-01-01');
    expect((await bench.simulator.gateway.checkouts())[0]?.plan).toMatchObject({ done: 3, due: [] });
    expect(await bench.simulator.gateway.payments()).toHaveLength(4);
  });
});

describe.each(SHARED_STORAGES)('on $storage', ({ options }) => {
  test('a plan goes on after a restart, without a visit of the page', async () => {
    const shop = await openShop();
    const { db = '' } = await options();
    const before = openTestSimulator({ db, ...ACCOUNTS });
    await checkOut(before, { ...shop.address, PBX_CMD: `SUB-1${TERMS}` });
    await before.simulator.close();
    const after = benchOnFile(db, { ...ACCOUNTS, clock: '2026-07-10T12:00' });
    await shop.receives(2);
    after.simulator.clock.set('2026-08-11');
    await shop.receives(3);
    expect(await after.simulator.gateway.payments()).toHaveLength(3);
  });

  test('one of two simulators takes what is due when the clock is moved by it, and of two pages of an order one is paid', async () => {
    const shop = await openShop();
    const { db = '' } = await options();
    const one = benchOnFile(db, ACCOUNTS);
    const other = benchOnFile(db, ACCOUNTS);
    await checkOut(one, { ...shop.address, PBX_CMD: `SUB-1${TERMS}` });
    other.simulator.clock.advance('P1M');
    await shop.receives(2);
    const pages = await Promise.all([one, other, one, other].map((bench) => openCheckout(bench, { PBX_CMD: 'ORDER-2' })));
    await Promise.all(pages.map(({ id }, index) => payByCard(index % 2 === 0 ? one : other, id)));
    const codes = await Promise.all(
      pages.map(async ({ id }) => (await one.simulator.gateway.checkout(id))?.attempts.map(({ code }) => code)),
    );
    expect(codes.flat().sort()).toEqual(['00000', '00015', '00015', '00015']);
  });
});

describe('a subscription', () => {
  const subscribe = (bench: TestSimulator, shop: Awaited<ReturnType<typeof openShop>>, card?: string) =>
    checkOut(bench, { ...shop.address, PBX_CMD: `SUB-1${TERMS}`, PBX_RETOUR: 'Ab:B;Ref:R;Erreur:E;Sign:K' }, card);

  test('whose card dies later fails at each renewal', async () => {
    const shop = await openShop();
    const bench = openBench();
    await subscribe(bench, shop, magicCard('00133', '00053'));
    bench.simulator.clock.advance('P1M');
    await shop.receives(2);
    bench.simulator.clock.advance('P1M');
    expect(valuesOf(await shop.receives(3), 'Erreur').flat()).toEqual([SUCCESS, '00133', '00133']);
    const states = (await bench.simulator.gateway.payments()).map(({ transactions: [{ kind }] }) => kind);
    expect(states).toEqual(['refusal', 'refusal', 'payment']);
  });

  async function end({ simulator }: TestSimulator, variables: Record<string, string>): Promise<string> {
    const body = new URLSearchParams({ VERSION: '001', TYPE: '001', SITE: '1999888', MACH: '032', IDENTIFIANT: '107904482', ...variables });
    const response = await simulator.fetch(new Request('http://localhost/cgi-bin/ResAbon.cgi', { method: 'POST', body }));
    return response.text();
  }

  test.each(['ABONNEMENT', 'REFERENCE'] as const)('is ended by its %s', async (name) => {
    const shop = await openShop();
    const bench = openBench();
    await subscribe(bench, shop);
    const [[Ab = ''] = []] = valuesOf(await shop.receives(1), 'Ab') as string[][];
    const named = { ABONNEMENT: Ab, REFERENCE: 'SUB-1' }[name];
    expect(await end(bench, { [name]: named, IDENTIFIANT: '1' })).toBe(
      `ACQ=NO&ERREUR=9&IDENTIFIANT=1&REFERENCE=${name === 'REFERENCE' ? named : ''}`,
    );
    expect(await end(bench, { [name]: named })).toBe('ACQ=OK&IDENTIFIANT=107904482&REFERENCE=SUB-1');
    expect(await end(bench, { [name]: named })).toContain('ACQ=NO&ERREUR=9');
    bench.simulator.clock.advance('P1Y');
    await bench.simulator.gateway.idle();
    expect(await bench.simulator.gateway.payments()).toHaveLength(1);
  });

  test.each([
    [{ ABONNEMENT: '7' }, 'The account has no subscription with this ABONNEMENT or REFERENCE that was not ended.'],
    [{ REFERENCE: 'SUB-1', SITE: '1' }, 'There is no account with this SITE, MACH (the RANG) and IDENTIFIANT.'],
    [{}, 'The account has no subscription with this ABONNEMENT or REFERENCE that was not ended.'],
  ])('that is not known is not ended, and the journal says why: %j', async (variables, message) => {
    const bench = openBench();
    expect(await end(bench, variables)).toContain('ACQ=NO&ERREUR=9');
    const [entry] = await bench.simulator.journal();
    expect(entry).toMatchObject({ operation: 'unsubscribe', reply: { ACQ: 'NO' }, findings: [{ message }] });
  });

  test('that is ended is in the journal, and is found behind many pages with its reference', async () => {
    const bench = openBench();
    await checkOut(bench, { PBX_CMD: `SUB-1${TERMS}` });
    for (let opened = 0; opened < 100; opened++) await openCheckout(bench, { PBX_CMD: 'SUB-1' });
    expect(await end(bench, { REFERENCE: 'SUB-1' })).toBe('ACQ=OK&IDENTIFIANT=107904482&REFERENCE=SUB-1');
    const [entry] = await bench.simulator.journal();
    expect(entry).toMatchObject({ operation: 'unsubscribe', account: '1999888/032', REFERENCE: 'SUB-1', reply: { ACQ: 'OK' } });
    expect(new Map(entry?.request)).toEqual(
      new Map(Object.entries({ VERSION: '001', TYPE: '001', SITE: '1999888', MACH: '032', IDENTIFIANT: '107904482', REFERENCE: 'SUB-1' })),
    );
  });

  test.each([
    [{ REFERENCE: '4000000000001000', VERSION: '001' }, []],
    [{ REFERENCE: '4000000000001000', VERSION: '2' }, ['VERSION and TYPE must be 001.']],
  ])('whose reference is masked is ended by it: %j', async (variables, expected) => {
    const bench = openBench();
    await checkOut(bench, { PBX_CMD: `4000000000001000${TERMS}` });
    expect(await end(bench, variables)).toContain('ACQ=OK');
    const [entry] = await bench.simulator.journal();
    expect(entry?.findings.map(({ message }) => message)).toEqual(expected);
  });

  test('of a shop that does not answer does not hold up that of another', async () => {
    const [hanging, quick] = [await openShop(() => new Promise<never>(() => {})), await openShop()];
    const bench = openBench();
    bench.simulator.gateway.setAccount({ SITE: '1999888', RANG: '32', resultOrder: 'together' });
    await checkOut(bench, { ...hanging.address, PBX_CMD: `HANGING${TERMS}` });
    await checkOut(bench, { ...quick.address, PBX_CMD: `QUICK${TERMS}` });
    bench.simulator.gateway.setAccount({ SITE: '1999888', RANG: '32', resultOrder: 'server-first' });
    bench.simulator.clock.advance('P1M');
    expect((await quick.receives(2)).map(({ url }) => url.includes('ETAT_PBX'))).toEqual([false, true]);
  });

  test('is renewed with the authorization numbers of the account', async () => {
    const bench = openBench({ authorizationNumbers: 'realistic', variants: { authorizationInRefusal: 'zeros' } });
    const numbers = async (): Promise<string[]> =>
      (await bench.simulator.gateway.payments()).map(({ transactions: [{ AUTORISATION }] }) => AUTORISATION);
    await checkOut(bench, { PBX_CMD: `SUB-1${TERMS}` });
    bench.simulator.clock.advance('P1M');
    await expect.poll(numbers).toEqual([expect.stringMatching(/^\d{6}$/), expect.stringMatching(/^\d{6}$/)]);
    await checkOut(bench, { PBX_CMD: `SUB-2${TERMS}` }, magicCard('00133', '00053'));
    bench.simulator.clock.advance('P1M');
    await expect.poll(async () => (await numbers()).includes('000000')).toBe(true);
  });

  test('is shown with the day and the amount of its first renewal', async () => {
    const bench = openBench();
    const terms = 'PBX_2MONT0000000700PBX_NBPAIE00PBX_FREQ03PBX_QUAND05PBX_DELAIS040';
    expect((await openCheckout(bench, { PBX_CMD: `SUB-1${terms}` })).html).toMatch(/7\.00.*5 October 2026/);
  });

  test('begins after its days, on its day, and comes back from a snapshot', async () => {
    const shop = await openShop();
    const bench = openBench();
    const terms = 'PBX_2MONT0000000000PBX_NBPAIE00PBX_FREQ03PBX_QUAND05PBX_DELAIS040';
    await checkOut(bench, { ...shop.address, PBX_CMD: `SUB-1${terms}`, PBX_RETOUR: 'Mt:M;Date:W;Sign:K' });
    const snapshot = await bench.simulator.gateway.snapshot();
    const other = openBench();
    await other.simulator.gateway.restore(snapshot);
    other.simulator.clock.set('2026-12-01');
    const calls = await shop.receives(2);
    // 10 June and 40 days is 20 July; the 5th of the third month after it is 5 October.
    expect(valuesOf(calls, 'Mt', 'Date')).toEqual([
      ['1000', '10062026'],
      ['1000', '05102026'],
    ]);
  });

  test('cannot be paid again after years of renewals that failed', async () => {
    const bench = openBench();
    await checkOut(bench, { PBX_CMD: `SUB-1${TERMS}` }, magicCard('00133', '00053'));
    bench.simulator.clock.advance('P3Y');
    await expect.poll(async () => (await bench.simulator.gateway.payments({ limit: 100 })).length).toBeGreaterThan(30);
    expect((await checkOut(bench, { PBX_CMD: 'SUB-1' })).html).toContain('(00015)');
  });

  test('without end is renewed for years without stopping the gateway', async () => {
    const bench = openBench();
    await checkOut(bench, { PBX_CMD: `SUB-1${TERMS}` });
    bench.simulator.clock.set('2066-06-01');
    await expect.poll(async () => (await bench.simulator.gateway.checkouts())[0]?.plan?.done, { timeout: 10_000 }).toBe(479);
  });
});
