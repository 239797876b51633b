import { beforeEach, describe, expect, test } from 'vitest';
import { encodeForm } from '../../contracts/index.js';
import { CARD, HEAD, NOON, numbersOf, type Variables } from '../support/question.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { PAY } from './storages.js';

const HOSTED = {
  SITE: '1999888',
  RANG: '32',
  NUMTRANS: '7001',
  NUMAPPEL: '8001',
  MONTANT: 5000,
  DEVISE: '978',
  REFERENCE: 'hosted-1',
  PORTEUR: '4012001037141112',
} as const;
const NAMED: Variables = { NUMTRANS: '0000007001', NUMAPPEL: '0000008001', DEVISE: '978' };

let bench: TestSimulator;

beforeEach(() => {
  bench = openTestSimulator();
  bench.simulator.clock.set(NOON, true);
});

describe('GET /payments', () => {
  test('returns each payment with its state, its amounts and its transactions', async () => {
    const authorization = await bench.ask({ ...PAY, TYPE: '00001' });
    const capture = await bench.ask({ TYPE: '00002', MONTANT: '800', DEVISE: '978', ...numbersOf(authorization) });
    await bench.ask({ TYPE: '00014', MONTANT: '300', DEVISE: '978', ...numbersOf(capture) });
    const { body } = await bench.control('GET', '/payments');

    expect(body.payments).toEqual([
      {
        id: '0001000001',
        account: '1999888/032',
        REFERENCE: 'order-1',
        REFABONNE: '',
        origin: 'direct',
        ID3D: '',
        PORTEUR: '111122******4444',
        TYPECARTE: 'CB',
        PAYS: '???',
        DEVISE: '978',
        STATUS: 'Capturé',
        standing: 'captured',
        authorized: 1000,
        captured: 800,
        refunded: 300,
        refundable: 500,
        remitted: 0,
        expiresAt: '2026-06-17T12:00:00.000+02:00',
        remittance: { at: '2026-06-11T03:30:00.000+02:00', done: false, REMISE: null },
        transactions: [
          expect.objectContaining({ NUMTRANS: '0001000001', kind: 'authorization', MONTANT: 1000, at: '2026-06-10T12:00:00.000+02:00' }),
          expect.objectContaining({ NUMTRANS: '0001000001', NUMAPPEL: '0050000001', kind: 'capture', MONTANT: 800 }),
          expect.objectContaining({ NUMTRANS: '0001000002', NUMAPPEL: '0050000001', kind: 'refund', MONTANT: 300 }),
        ],
      },
    ]);
    await bench.control('POST', '/clock/remit');
    const { body: remitted } = await bench.control('GET', `/payments/${capture.NUMTRANS}`);
    expect(remitted).toMatchObject({ remitted: 500, remittance: { done: true, REMISE: expect.stringMatching(/^\d{1,9}$/) } });
  });

  test.each<readonly [query: string, ids: readonly string[]]>([
    ['', ['0001000003', '0001000002', '0001000001']],
    ['REFERENCE=a', ['0001000003', '0001000001']],
    ['account=1999888/99', ['0001000002']],
    ['account=1999888/099', ['0001000002']],
    ['account=1999888', []],
    ['limit=1', ['0001000003']],
    ['limit=1&before=1000003', ['0001000002']],
    ['before=0001000002', ['0001000001']],
  ])('?%s', async (query, ids) => {
    for (const [REFERENCE, RANG] of [
      ['a', '32'],
      ['b', '99'],
      ['a', '32'],
    ] as const)
      await bench.ask({ ...PAY, REFERENCE, RANG });
    const { body } = await bench.control('GET', `/payments?${query}`);
    expect(body.payments.map(({ id }: { id: string }) => id)).toEqual(ids);
  });

  test.each(['before=x', 'before=12345678901', 'limit=-1'])('?%s is answered 400 with the expected format', async (query) => {
    const { status, body } = await bench.control('GET', `/payments?${query}`);
    expect(status).toBe(400);
    expect(body.error).toMatch(/^(before: \w+ is not a NUMTRANS \(1 to 10 digits\)|limit: -1 is not a whole number from 1 to 1000)\.$/);
  });

  test('an unknown NUMTRANS is answered 404', async () => {
    expect(await bench.control('GET', '/payments/99')).toEqual({
      status: 404,
      body: { error: 'Payment not found: no transaction has NUMTRANS 99. GET /_sim/payments lists the payments.' },
    });
    expect((await bench.control('GET', '/payments/abc')).status).toBe(404);
  });
});

test('GET /subscribers returns the token, the masked card and the expiry', async () => {
  const { PORTEUR } = await bench.ask({ ...CARD, TYPE: '00056', MONTANT: '0', DEVISE: '978', REFABONNE: 'alice' });
  expect((await bench.control('GET', '/subscribers')).body.subscribers).toEqual([
    {
      account: '1999888/032',
      REFABONNE: 'alice',
      PORTEUR,
      card: '111122******4444',
      TYPECARTE: 'CB',
      PAYS: '???',
      DATEVAL: '1299',
      registeredAt: '2026-06-10T12:00:00.000+02:00',
    },
  ]);
});

describe('a payment imported from Paybox System', () => {
  test('has the origin system and a masked card', async () => {
    const { status, body } = await bench.control('POST', '/payments', { ...HOSTED, status: 'captured', at: '2026-06-09T18:00' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: '0000007001',
      origin: 'system',
      PORTEUR: '401200******1112',
      TYPECARTE: 'cb2a5.2',
      PAYS: 'USA',
      captured: 5000,
      remitted: 5000,
    });
    expect((await bench.control('GET', '/payments/7001')).body).toEqual(body);
  });

  test('can be captured if it was authorized', async () => {
    await bench.control('POST', '/payments', { ...HOSTED, status: 'authorized' });
    expect(await bench.ask({ ...NAMED, TYPE: '00002', MONTANT: '5000' })).toMatchObject({
      ...{ CODEREPONSE: '00000', NUMTRANS: '0000007001', NUMAPPEL: '0000008001' },
    });
    expect((await bench.control('GET', '/payments/7001')).body).toMatchObject({ standing: 'captured', origin: 'system', captured: 5000 });
  });

  test('can be cancelled if it was authorized', async () => {
    await bench.control('POST', '/payments', { ...HOSTED, status: 'authorized' });
    expect((await bench.ask({ ...NAMED, TYPE: '00005', MONTANT: '5000' })).CODEREPONSE).toBe('00000');
    expect((await bench.control('GET', '/payments/7001')).body).toMatchObject({ standing: 'cancelled' });
  });

  test('is expired if it was authorized more than a week ago', async () => {
    await bench.control('POST', '/payments', { ...HOSTED, status: 'authorized', at: '2026-06-01T12:00' });
    expect((await bench.ask({ ...NAMED, TYPE: '00002', MONTANT: '5000' })).CODEREPONSE).toBe('00015');
  });

  test('can be refunded in parts if it was captured', async () => {
    await bench.control('POST', '/payments', { ...HOSTED, status: 'captured' });
    expect((await bench.ask({ ...NAMED, TYPE: '00014', MONTANT: '2000' })).CODEREPONSE).toBe('00000');
    expect((await bench.ask({ ...NAMED, TYPE: '00014', MONTANT: '3001' })).CODEREPONSE).toBe('00011');
    expect((await bench.ask({ ...NAMED, TYPE: '00014', MONTANT: '3000' })).CODEREPONSE).toBe('00000');
    expect((await bench.control('GET', '/payments/7001')).body).toMatchObject({ standing: 'refunded', refunded: 5000 });
  });

  test('is inquired with the usual reply, a response header and a finding in the journal', async () => {
    await bench.control('POST', '/payments', { ...HOSTED, status: 'captured' });
    await bench.ask(PAY);
    const inquire = (NUMTRANS: string, NUMQUESTION: string): Promise<Response> => {
      const body = encodeForm(Object.entries({ ...HEAD, TYPE: '00017', NUMTRANS, NUMQUESTION }));
      return bench.simulator.fetch(new Request('http://localhost/PPPS.php', { method: 'POST', body }));
    };
    const [hosted, own] = [await inquire('7001', '900'), await inquire('1000001', '901')];

    expect(hosted.headers.get('X-Simulator-Origin')).toBe('paybox-system');
    expect(own.headers.has('X-Simulator-Origin')).toBe(false);
    expect(await hosted.text()).toMatch(/^NUMTRANS=0000007001&NUMAPPEL=0000008001&/);
    const { body } = await bench.control('GET', '/journal?TYPE=inquire');
    expect(body.entries.map(({ origin }: { origin: string }) => origin)).toEqual(['direct', 'system']);
    expect(body.entries[1].findings).toContainEqual(expect.objectContaining({ rule: 'born-elsewhere' }));
  });

  test('can have a mask, a card type and a country instead of a card number', async () => {
    const card = { PORTEUR: '497010******5102', TYPECARTE: 'VISA', PAYS: 'FRA' };
    expect((await bench.control('POST', '/payments', { ...HOSTED, ...card, status: 'captured' })).body).toMatchObject(card);
  });

  test.each<readonly [change: object, error: RegExp]>([
    [{ NUMTRANS: '0' }, /^NUMTRANS: 0 is not a number of 1 to 10 digits above zero\.$/],
    [{ NUMAPPEL: '000' }, /^NUMAPPEL: 000 is not/],
    [{ SITE: '1' }, /^SITE, RANG: there is no account 1\/32; `paybox-sim accounts` lists the test accounts\.$/],
    [{ DEVISE: '000' }, /^DEVISE: 000 is not an ISO 4217 numeric code \(978 is the euro\)\.$/],
    [{ at: 'yesterday' }, /^at: yesterday is not an ISO 8601 time \(2026-03-28T12:00, in Paris, or with an offset\)\.$/],
    [{ REFERENCE: 'A\ud800' }, /^REFERENCE: half of a surrogate pair cannot be stored\.$/],
    [{ AUTORISATION: '\udc00' }, /^AUTORISATION: half of a surrogate pair/],
    [{ TYPECARTE: '\ud800A' }, /^TYPECARTE: half of a surrogate pair/],
    [{ NUMTRANS: '1000001' }, /^NUMTRANS: 0001000001 is taken by a payment with REFERENCE order-1\.$/],
    [{ NUMTRANS: '1000002' }, /^NUMTRANS: 0001000002 is taken by a payment with REFERENCE order-1\.$/],
  ])('is refused with %j and the reason', async (change, error) => {
    const paid = await bench.ask(PAY);
    await bench.ask({ TYPE: '00014', MONTANT: '1', DEVISE: '978', ...numbersOf(paid) });
    const { status, body } = await bench.control('POST', '/payments', { ...HOSTED, status: 'captured', ...change });
    expect(status).toBe(400);
    expect(body.error).toMatch(error);
    expect((await bench.control('GET', '/payments')).body.payments).toHaveLength(1);
  });

  test.each<readonly [change: object, where: string, what: RegExp]>([
    [{ MONTANT: 0 }, 'MONTANT', />= 1/],
    [{ MONTANT: 'ten' }, 'MONTANT', /integer/],
    [{ status: 'paid' }, 'status', /^must be one of authorized, captured, cancelled, refused$/],
    [{ REFERENCE: undefined }, '(body)', /^REFERENCE is missing$/],
    [{ PORTEUR: '1234' }, 'PORTEUR', /pattern/],
    [{ NUMTRANS: '12345678901' }, 'NUMTRANS', /pattern/],
  ])('is refused with %j and the place of the problem', async (change, where, what) => {
    const { status, body } = await bench.control('POST', '/payments', { ...HOSTED, status: 'captured', ...change });
    expect(status).toBe(400);
    expect(body.problems).toContainEqual({ where, what: expect.stringMatching(what) });
  });
});
