import { expect, expectTypeOf, test } from 'vitest';
import {
  type Client,
  type ClientOptions,
  createClient,
  type InquiryOutcome,
  type Money,
  minorUnits,
  type NumAppel,
  type NumTrans,
  numAppel,
  numTrans,
  type Outcome,
} from '../../client/index.js';
import { ACCOUNT, CARD, clientOf, order, startServer } from './support.js';

const client = clientOf('http://localhost');
const eur = minorUnits(1000, 'EUR');
const transaction = { numtrans: numTrans('1'), numappel: numAppel('2') };

type ParametersOf<M extends keyof Client> = Client[M] extends (parameters: infer P, ...rest: never[]) => unknown ? P : never;

test('the types follow the table: mandatory variables are required, optional ones optional, others do not compile', () => {
  type Pay = ParametersOf<'pay'>;
  expectTypeOf<Pick<Pay, 'amount' | 'reference'>>().toEqualTypeOf<{ readonly amount: Money; readonly reference: string }>();
  expectTypeOf<Pay['card']>().toEqualTypeOf<{ readonly number: string; readonly expiry: string; readonly cvv?: string | undefined }>();
  expectTypeOf<undefined>().toExtend<Pay['activity']>();
  expectTypeOf<undefined>().toExtend<Pay['deferral']>();
  expectTypeOf<Pay>().not.toHaveProperty('transaction');
  expectTypeOf<Pay>().not.toHaveProperty('subscriber');
  expectTypeOf<Pay>().not.toHaveProperty('authorization');
  expectTypeOf<ParametersOf<'force'>>().toHaveProperty('authorization');
  expectTypeOf<ParametersOf<'capture'>['transaction']>().toEqualTypeOf<{ readonly numtrans: NumTrans; readonly numappel: NumAppel }>();
  expectTypeOf<ParametersOf<'inquire'>['transaction']>().toEqualTypeOf<{
    readonly numtrans: NumTrans;
    readonly numappel?: NumAppel | undefined;
  }>();
  expectTypeOf<undefined>().toExtend<ParametersOf<'inquire'>['amount']>();
  expectTypeOf<ParametersOf<'exists'>>().toEqualTypeOf<{ readonly amount: Money; readonly reference: string }>();
  expectTypeOf(client.pay).returns.resolves.toEqualTypeOf<Outcome>();
  expectTypeOf(client.subscribers.register).returns.resolves.toEqualTypeOf<Outcome>();
  expectTypeOf(client.inquire).returns.resolves.toEqualTypeOf<InquiryOutcome>();
  expectTypeOf(client.exists).returns.resolves.toEqualTypeOf<InquiryOutcome>();
});

test('NUMTRANS and NUMAPPEL cannot be swapped', () => {
  expectTypeOf<NumTrans>().not.toExtend<NumAppel>();
  expectTypeOf<NumAppel>().not.toExtend<NumTrans>();
  expectTypeOf<string>().not.toExtend<NumTrans>();
});

test('kind distinguishes the outcomes', () => {
  expectTypeOf<Outcome['kind']>().toEqualTypeOf<'approved' | 'refused' | 'unavailable' | 'unknown'>();
  expectTypeOf<InquiryOutcome['kind']>().toEqualTypeOf<'found' | 'not-found' | 'refused' | 'unavailable' | 'unknown'>();
  expectTypeOf<Extract<Outcome, { kind: 'unknown' }>>().not.toHaveProperty('transaction');
});

test('an amount that is not an integer of minor units does not compile, and throws at run time', () => {
  // @ts-expect-error a float
  expect(() => minorUnits(12.34, 'EUR')).toThrow('minorUnits: minor units must be an integer: 1234 for 12.34 EUR.');
  // @ts-expect-error a string
  expect(() => minorUnits('1234', 'EUR')).toThrow('minorUnits: minor units must be an integer, not a string.');
  expect(() => minorUnits(12.34 as number, 'EUR')).toThrow('must be an integer');
  expect(() => minorUnits(Number.NaN, 'EUR')).toThrow('must be an integer');
  expect(() => minorUnits(-1, 'EUR')).toThrow('must be from 0 to 9999999999');
  expect(() => minorUnits(10_000_000_000, 'EUR')).toThrow('must be from 0 to 9999999999');
  expect(() => minorUnits(1234, 'EURO')).toThrow('three letters of ISO 4217');
  expect(minorUnits(1234 as number, 'JPY')).toEqual({ value: 1234, currency: 'JPY' });
});

const misuses: [string, () => Promise<unknown>, string][] = [
  [
    'a plain number as amount',
    // @ts-expect-error amount must be made by minorUnits
    () => client.pay({ ...order('M-1'), amount: 1000 }),
    "pay: amount: use minorUnits(1234, 'EUR'), not a number.",
  ],
  // @ts-expect-error amount must be made by minorUnits
  ['a string as amount', () => client.pay({ ...order('M-1'), amount: '10.00' }), 'pay: amount: use minorUnits'],
  [
    'a float as amount',
    // @ts-expect-error amount must be made by minorUnits
    () => client.pay({ ...order('M-1'), amount: { value: 9.99, currency: 'EUR' } }),
    'pay: amount: minor units must be an integer',
  ],
  ['an amount of zero', () => client.pay({ ...order('M-1'), amount: minorUnits(0, 'EUR') }), 'pay: amount: must be greater than zero.'],
  // @ts-expect-error card is required
  ['no card', () => client.pay({ amount: eur, reference: 'M-1' }), 'pay: card.number is missing (PORTEUR).'],
  // @ts-expect-error expiry is required
  ['no expiry', () => client.pay({ ...order('M-1'), card: { number: '1' } }), 'pay: card.expiry is missing (DATEVAL).'],
  // @ts-expect-error reference is required
  ['no reference', () => client.exists({ amount: eur }), 'exists: reference is missing (REFERENCE).'],
  [
    'an unknown parameter',
    // @ts-expect-error pay has no such parameter
    () => client.pay({ ...order('M-1'), subscriber: 'S' }),
    'pay: does not accept subscriber; it accepts amount, reference, card',
  ],
  [
    'a number as numtrans',
    // @ts-expect-error numtrans is a string
    () => client.inquire({ transaction: { numtrans: 1 } }),
    'inquire: transaction.numtrans must be a string of one to ten',
  ],
  // @ts-expect-error there is no such activity
  ['an unknown activity', () => client.pay({ ...order('M-1'), activity: 'fax' }), 'pay: activity must be one of unspecified, phone'],
  ['half a day as deferral', () => client.pay({ ...order('M-1'), deferral: 1.5 }), 'pay: deferral must be an integer from 0 to 999 (days)'],
  [
    'letters in id3d',
    () => client.pay({ ...order('M-1'), id3d: 'ABC' }),
    'pay: id3d must be a string of one to twenty digits, as readAuthentication returns it (ID3D).',
  ],
  ['a long id3d', () => client.pay({ ...order('M-1'), id3d: '1'.repeat(21) }), 'pay: id3d must be a string of one to twenty digits'],
  [
    'an id3d of a credit',
    // @ts-expect-error a credit takes no authentication
    () => client.credit({ ...order('M-1'), id3d: '1' }),
    'credit: does not accept id3d',
  ],
  [
    'ID3D as a parameter and as an extra variable',
    () => client.pay({ ...order('M-1'), id3d: '1' }, { extra: { ID3D: '2' } }),
    'pay: ID3D is given as a parameter and in extra; remove it from extra.',
  ],
  ['a long reference', () => client.pay(order('x'.repeat(251))), 'pay: reference must be at most 250 characters long (REFERENCE).'],
  ['an empty reference', () => client.pay(order('')), 'pay: reference must be a non-empty string (REFERENCE).'],
  [
    'both card and transaction',
    () =>
      // @ts-expect-error card and transaction exclude each other
      client.subscribers.credit({ amount: eur, reference: 'M', subscriber: 'S', card: { token: 'T', expiry: '1299' }, transaction }),
    'subscribers.credit: does not accept card',
  ],
  [
    'a card number instead of a token',
    // @ts-expect-error operations on a subscriber's card take the token
    () => client.subscribers.pay({ ...order('M-1'), subscriber: 'S', card: CARD }),
    'card.token is missing (PORTEUR)',
  ],
  [
    'a retry of a refund',
    () => client.refund({ amount: eur, transaction }, { retry: true }),
    'refund: does not accept retry; authorize, pay',
  ],
  [
    'an unknown extra variable',
    // @ts-expect-error extra does not accept variables that have a parameter
    () => client.pay(order('M-1'), { extra: { MONTANT: '1' } }),
    'pay: extra does not accept MONTANT; it accepts ID3D',
  ],
  // @ts-expect-error there is no such detail
  ['an unknown card detail', () => client.pay(order('M-1'), { ask: ['age'] }), 'pay: ask accepts only country, cardType, cardSha1.'],
  [
    'a Direct Plus operation on a Direct account',
    () => clientOf('http://localhost', { version: '00103' }).subscribers.unsubscribe({ subscriber: 'S' }),
    'needs version 00104',
  ],
  ['a negative timeout', () => client.pay(order('M-1'), { timeout: -1 }), 'pay: timeout must be a whole number of milliseconds'],
  [
    'an optional card without expiry',
    // @ts-expect-error an optional card can be omitted, but not incomplete
    () => client.cancel({ amount: eur, transaction, card: { number: '1' } }),
    'cancel: card.expiry is missing (DATEVAL).',
  ],
  ['no backup host', () => client.send('pay', {}, { host: 'backup' }), 'send: the client has no backup host; set backupUrl'],
  [
    'an invalid question number',
    () => clientOf('http://localhost', { questionNumber: () => 2 ** 31 }).pay(order('M')),
    'questionNumber: the source must',
  ],
];

test.each(misuses)('MisuseError: %s', async (_, act, message) => {
  const thrown = await (async () => act())().catch((error: unknown) => error);
  expect(thrown).toMatchObject({ name: 'MisuseError', message: expect.stringContaining(message) });
});

test.each<[Partial<Record<keyof ClientOptions, unknown>>, string]>([
  [{ url: 'ppps.paybox.com' }, 'url must be a URL'],
  [{ url: 'ftp://ppps.paybox.com' }, 'url must start with https://'],
  [{ url: 'https://me:secret@ppps.paybox.com' }, 'url must not contain a user or password'],
  [{ url: 'https://me@ppps.paybox.com' }, 'url must not contain a user or password'],
  [{ site: 1999888 }, ''],
  [{ site: 'x' }, 'site must be one to seven digits'],
  [{ rang: '1234' }, 'rang must be one to three digits'],
  [{ cle: undefined }, 'exactly one of cle and hmacKey must be given'],
  [{ hmacKey: 'AB' }, 'exactly one of cle and hmacKey must be given'],
  [{ cle: undefined, hmacKey: 'XY' }, 'hmacKey must be hex digits'],
  [{ cle: undefined, hmacKey: 'AB', hash: 'MD5' }, 'hash must be one of SHA512'],
  [{ version: '103' }, 'version must be 00103 or 00104'],
  [{ timeout: 0.5 }, 'timeout must be a whole number of milliseconds from 1'],
  [{ timeout: 1.5 }, 'timeout must be a whole number of milliseconds from 1'],
  [{ timeout: 0 }, 'timeout must be a whole number of milliseconds from 1'],
  [{ timeout: 3e9 }, 'timeout must be a whole number of milliseconds from 1'],
  [{ askAfter: [-1] }, 'askAfter must be an array of milliseconds'],
])('options %j are validated', (options, message) => {
  const act = () => createClient({ ...ACCOUNT, url: 'https://localhost', ...options } as never);
  if (message === '') expect(act).not.toThrow();
  else expect(act).toThrow(`createClient: ${message}`);
});

test('variables are sent in the order of the table, with their names on the wire', async () => {
  const echo = await startServer((_, __, response) => void response.end(''));
  const echoClient = clientOf(echo.url, { askAfter: [], questionNumber: () => 7, now: () => new Date('2026-03-28T23:30:05Z') });
  await echoClient.pay({ ...order('O-1'), activity: 'phone', deferral: 3, archiving: 'AR' }, { ask: ['country'], extra: { ID3D: '1' } });
  expect(Object.entries(echo.received[0] ?? {}).map((pair) => pair.join('='))).toEqual([
    'VERSION=00104',
    'TYPE=00003',
    'SITE=1999888',
    'RANG=32',
    'NUMQUESTION=0000000007',
    'DATEQ=29032026003005',
    'MONTANT=1000',
    'DEVISE=978',
    'REFERENCE=O-1',
    'PORTEUR=1111222233334444',
    'DATEVAL=1299',
    'CVV=123',
    'ACTIVITE=021',
    'ARCHIVAGE=AR',
    'DIFFERE=003',
    'ID3D=1',
    'PAYS=',
    'CLE=1999888I',
  ]);
});

test('a reference of 250 characters, the most that the gateway takes, is sent', async () => {
  const echo = await startServer((_, __, response) => void response.end(''));
  await clientOf(echo.url, { askAfter: [] }).pay(order('x'.repeat(250)));
  expect(echo.received[0]?.REFERENCE).toHaveLength(250);
});
