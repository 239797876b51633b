import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_RESULT_FIELDS, minorUnits, type ReadReturnOptions, readReturn, TEST_PUBLIC_KEY } from '../../client/index.js';
import { latin1Bytes, percentEncode, type ReturnValues, returnQuery, signatureParameter, utf8OrLatin1Text } from '../../contracts/index.js';
import { latin1 } from '../contracts/arbitraries.js';
import { fieldsOf, PAID, RETURN, signedReturns } from '../contracts/signed-returns.js';
import { clientOf } from './support.js';

type Kind = ReadReturnOptions['kind'];

const read = (raw: string | Uint8Array, kind: Kind, more: Partial<ReadReturnOptions> = {}) =>
  readReturn(raw, TEST_PUBLIC_KEY, { kind, fields: RETURN, ...more });

const FORMS = { notification: 'call', return: 'address' } as const;

/** The query of a result as it comes by one of the two ways. */
const queryOf = async (kind: Kind, values: ReturnValues, options: Parameters<typeof signedReturns>[1] = {}): Promise<string> =>
  (await signedReturns(values, options))[FORMS[kind]].query;

const REFUSED: ReturnValues = { ...PAID, A: undefined, U: undefined, E: '00105' };
const CANCELLED: ReturnValues = { M: '1234', R: 'A', T: '0', S: '0', E: '00001' };
const OWN = 'shop=1&back=/cart?step=2&lang=fr&tag=1&tag=2';
const EUR = (value: number) => minorUnits(value, 'EUR');

describe.each(['notification', 'return'] as const)('a %s', (kind) => {
  test.each(['raw', 'reserved'] as const)('of a payment is paid, with the encoding %s', async (encoding) => {
    const result = await read(await queryOf(kind, PAID, { encoding }), kind);
    expect(result).toEqual({
      kind: 'paid',
      code: '00000',
      reference: PAID.R,
      amount: 1234,
      transaction: { numtrans: '0000000815', numappel: '0000004711' },
      isRenewal: false,
      authorization: 'XXXXXX',
      subscription: undefined,
    });
    expect('token' in result && result.token).toEqual({ token: 'CMDLpStLLLs', expiry: '1249' });
    expect('values' in result && result.values).toEqual(PAID);
  });

  test.each([
    ['00000', 'paid'],
    ['00001', 'cancelled'],
    ['00030', 'timeout'],
    ['99999', 'pending'],
    ['00105', 'refused'],
    ['00003', 'refused'],
    ['00015', 'refused'],
    ['12345', 'refused'],
  ])('with the code %s is %s', async (E, expected) => {
    expect(await read(await queryOf(kind, { ...PAID, E }), kind)).toMatchObject({ kind: expected, code: E });
  });

  test('of a refused payment has no authorization', async () => {
    const result = await read(await queryOf(kind, REFUSED), kind, { expected: { reference: PAID.R, amount: EUR(1234) } });
    expect(result).toEqual({
      kind: 'refused',
      code: '00105',
      reference: PAID.R,
      amount: 1234,
      transaction: { numtrans: '0000000815', numappel: '0000004711' },
      isRenewal: false,
    });
  });

  test('of a cancelled payment has no transaction', async () => {
    expect(await read(await queryOf(kind, CANCELLED), kind)).toMatchObject({ kind: 'cancelled', amount: 1234, transaction: undefined });
  });

  test('without the fields of a transaction, or with an empty authorization, has none', async () => {
    const fields = 'Mt:M;Ref:R;Auto:A;Erreur:E;Sign:K';
    const raw = await queryOf(kind, { ...PAID, A: '' }, { fields: fieldsOf(fields) });
    expect(await read(raw, kind, { fields })).toMatchObject({ kind: 'paid', transaction: undefined, authorization: undefined });
  });

  test('has the default fields of a checkout', async () => {
    const values: ReturnValues = {
      ...PAID,
      B: '4711',
      C: 'CB',
      D: '4912',
      F: 'Y',
      G: 'O',
      N: '111122',
      J: '44',
      W: '01032026',
      Q: '12:00:01',
    };
    const raw = await queryOf(kind, values, { fields: fieldsOf(DEFAULT_RESULT_FIELDS) });
    const result = await readReturn(raw, TEST_PUBLIC_KEY, { kind });
    expect(result).toMatchObject({ kind: 'paid', subscription: '4711' });
    const { Y: _, ...returned } = values;
    expect('values' in result && result.values).toEqual(returned);
  });

  test.each([
    ['0', undefined],
    ['', undefined],
    ['17', '17'],
  ])('with the subscription %j', async (B, subscription) => {
    const fields = 'Mt:M;Ref:R;Abo:B;Erreur:E;Sign:K';
    expect(await read(await queryOf(kind, { ...PAID, B }, { fields: fieldsOf(fields) }), kind, { fields })).toMatchObject({ subscription });
  });

  test.each([
    ['CMDLpStLLLs  4912  ---', { token: 'CMDLpStLLLs', expiry: '1249' }],
    ['CMDLpStLLLs 4912', { token: 'CMDLpStLLLs', expiry: '1249' }],
    ['CMDLpStLLLs', undefined],
    ['CMDLpStLLLs  49121  ---', undefined],
    ['', undefined],
  ])('with U %j', async (U, token) => {
    const result = await read(await queryOf(kind, { ...PAID, U }), kind);
    expect(result.kind === 'paid' && result.token).toEqual(token);
  });

  test('is read from bytes, after a URL or a path, and after own parameters', async () => {
    const raw = await queryOf(kind, PAID, { own: OWN });
    for (const received of [raw, latin1Bytes(raw), `https://shop.example/ipn?${raw}`, `/ipn?${raw}`, `?${raw}`])
      expect(await read(received, kind)).toMatchObject({ kind: 'paid', reference: PAID.R });
  });

  test('of any reference is read back', async () => {
    await fc.assert(
      fc.asyncProperty(latin1, fc.constantFrom('raw', 'reserved'), async (R, encoding) => {
        const raw = await queryOf(kind, { ...PAID, R }, { encoding: encoding as 'raw' });
        expect(await read(raw, kind, { expected: { reference: R } })).toMatchObject({ kind: 'paid', reference: utf8OrLatin1Text(R) });
      }),
      { numRuns: 50 },
    );
  });

  test('names the order without its subscription', async () => {
    const R = 'APBX_2MONT0000001000PBX_NBPAIE00PBX_FREQ01PBX_QUAND28PBX_DELAIS000';
    expect(await read(await queryOf(kind, { ...PAID, R }), kind, { expected: { reference: 'A' } })).toMatchObject({ reference: 'A' });
  });

  test('with a changed byte is not accepted', async () => {
    const raw = await queryOf(kind, PAID);
    const same = await read(raw, kind);
    const end = raw.indexOf('&Sign=');
    await fc.assert(
      fc.asyncProperty(fc.nat(raw.length - 1), fc.integer({ min: 0x21, max: 0x7e }), async (at, code) => {
        const changed = raw.slice(0, at) + String.fromCharCode(code) + raw.slice(at + 1);
        const result = await read(changed, kind);
        // A change of the signature may be none: the case of a hex digit, or the last digit of base64, which has bits without meaning.
        if (result.kind !== 'invalid') expect([result, changed.slice(0, end)]).toEqual([same, raw.slice(0, end)]);
        else expect(['signature', 'malformed', 'repeated']).toContain(result.reason);
      }),
    );
  });

  test.each(['?', '&', '', 'Mt=1', 'Mt=1&Sign=', 'Sign=a', '{"Mt":1}'])('%j is not one', async (raw) => {
    expect(await read(raw, kind)).toMatchObject({ kind: 'invalid' });
  });

  test('after its signature has nothing', async () => {
    const raw = await queryOf(kind, PAID);
    for (const more of ['&utm=1', '&x', '&&a=1'])
      expect(await read(raw + more, kind)).toEqual({
        kind: 'invalid',
        reason: 'malformed',
        message: 'The result is not accepted: something follows the signature.',
      });
  });

  test.each([
    ['before the fields', (raw: string) => `Mt=1&${raw}`],
    ['before them, with an encoded name', (raw: string) => `%4Dt=1&${raw}`],
    ['the signature', (raw: string) => `Sign=a&${raw}`],
    ['the whole result', (raw: string) => `${raw}&${raw}`],
    ['the fields of a renewal', (raw: string) => `ETAT_PBX=1&ETAT_PBX=PBX_RECONDUCTION_ABT&${raw}`],
  ])('with a repeated field is not accepted: %s', async (_, change) => {
    expect(await read(change(await queryOf(kind, PAID)), kind)).toMatchObject({ kind: 'invalid', reason: 'repeated' });
  });

  test('with a repeated field is not accepted even if it is signed', async () => {
    const fields = fieldsOf('Mt:M;Mt:M;Ref:R;Erreur:E;Sign:K');
    const raw = await queryOf(kind, PAID, { fields });
    expect(await read(raw, kind, { fields: 'Mt:M;Ref:R;Erreur:E;Sign:K' })).toMatchObject({ kind: 'invalid', reason: 'repeated' });
  });

  test('of a refused payment with an authorization put before it is not accepted', async () => {
    const raw = await queryOf(kind, REFUSED, { own: 'shop=1' });
    expect(await read(raw.replace('shop=1', 'shop=1&Auto=XXXXXX'), kind)).toMatchObject({ kind: 'invalid', reason: 'signature' });
  });

  test.each<[string, ReturnValues, string]>([
    ['a code', { ...PAID, E: undefined }, 'it has no response code of five digits or letters'],
    ['a code of five characters', { ...PAID, E: '0000' }, 'it has no response code of five digits or letters'],
    ['a reference', { ...PAID, R: undefined }, 'it has no reference'],
    ['an amount', { ...PAID, M: undefined }, 'it has no amount'],
    ['an amount in digits', { ...PAID, M: '12.34' }, 'its amount is not a number'],
  ])('without %s is malformed', async (_, values, detail) => {
    const message = `The result is not accepted: ${detail}.`;
    expect(await read(await queryOf(kind, values), kind)).toEqual({ kind: 'invalid', reason: 'malformed', message });
  });

  test('of another order or amount is not accepted', async () => {
    const raw = await queryOf(kind, PAID);
    expect(await read(raw, kind, { expected: { reference: PAID.R, amount: EUR(1234) } })).toMatchObject({ kind: 'paid' });
    expect(await read(raw, kind, { expected: { reference: 'B' } })).toMatchObject({ kind: 'invalid', reason: 'reference' });
    expect(await read(raw, kind, { expected: { amount: EUR(1235) } })).toMatchObject({ kind: 'invalid', reason: 'amount' });
    const without = await queryOf(kind, { ...REFUSED, M: undefined });
    expect(await read(without, kind)).toMatchObject({ kind: 'refused', amount: undefined });
    expect(await read(without, kind, { expected: { amount: EUR(1234) } })).toMatchObject({ kind: 'invalid', reason: 'amount' });
  });

  test('of a refusal for want of an authentication has letters in its code', async () => {
    expect(await read(await queryOf(kind, { ...REFUSED, E: '001A1' }), kind)).toMatchObject({ kind: 'refused', code: '001A1' });
  });

  test('with a name of objects as its code is malformed', async () => {
    for (const E of ['toString', '__proto__', 'constructor'])
      expect(await read(await queryOf(kind, { ...PAID, E }), kind)).toMatchObject({ kind: 'invalid', reason: 'malformed' });
  });

  test('of any text neither throws nor is paid', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(latin1, fc.string({ unit: 'binary' })), async (text) => {
        for (const raw of [text, `Mt=1&Ref=a&Erreur=00000&Sign=${text}`, `${text}&Mt=1&Ref=a&Erreur=00000&Sign=AAAA`])
          expect((await read(raw, kind)).kind).toBe('invalid');
      }),
    );
  });

  test('shows the token and the values only by their names', async () => {
    const result = await read(await queryOf(kind, PAID), kind);
    for (const shown of [inspect(result), JSON.stringify(result), JSON.stringify({ ...result })]) {
      expect(shown).toContain('0000000815');
      expect(shown).not.toContain('CMDLpStLLLs');
    }
  });
});

describe('with own parameters', () => {
  test('each kind is signed in its own way', async () => {
    const { call, address } = await signedReturns(PAID, { own: OWN });
    expect(await read(call.query, 'return')).toMatchObject({ kind: 'invalid', reason: 'signature' });
    expect(await read(address.query, 'notification')).toMatchObject({ kind: 'invalid', reason: 'signature' });
  });

  test('those of a notification may change, those of a return may not', async () => {
    const { call, address } = await signedReturns(PAID, { own: 'shop=1' });
    expect(await read(call.query.replace('shop=1', 'shop=2&x=3'), 'notification')).toMatchObject({ kind: 'paid' });
    expect(await read(address.query.replace('shop=1', 'shop=2'), 'return')).toMatchObject({ kind: 'invalid', reason: 'signature' });
  });
});

describe('a renewal', () => {
  test.each(['', OWN])('is a notification that says so, after the own query %j', async (own) => {
    const { call } = await signedReturns(PAID, { own, isRenewal: true });
    expect(await read(call.query, 'notification')).toMatchObject({ kind: 'paid', isRenewal: true });
  });

  test('is signed as such', async () => {
    const { call } = await signedReturns(PAID);
    const renewed = await read(`ETAT_PBX=PBX_RECONDUCTION_ABT&${call.query}`, 'notification');
    expect(renewed).toMatchObject({ kind: 'invalid', reason: 'signature' });
  });

  test('does not come by the browser', async () => {
    const { address } = await signedReturns(PAID, { isRenewal: true });
    expect(await read(address.query, 'return')).toMatchObject({ kind: 'paid', isRenewal: false });
  });
});

test('an encoded separator in a value is part of the value', async () => {
  const R = 'A&Erreur=00000';
  const { call } = await signedReturns({ ...REFUSED, R });
  expect(await read(call.query, 'notification')).toMatchObject({ kind: 'refused', reference: R });
  expect(await read(call.query.replace(percentEncode(R), R), 'notification')).toMatchObject({ kind: 'invalid', reason: 'repeated' });
});

test('a result with the key of another gateway has a wrong signature', async () => {
  const { publicKey } = await crypto.subtle
    .generateKey({ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-1', modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]) }, true, [
      'sign',
      'verify',
    ])
    .then(async (pair) => ({ publicKey: Buffer.from(await crypto.subtle.exportKey('spki', pair.publicKey)).toString('base64') }));
  const pem = `-----BEGIN PUBLIC KEY-----\n${publicKey}\n-----END PUBLIC KEY-----`;
  const { call } = await signedReturns(PAID);
  expect(await readReturn(call.query, pem, { kind: 'notification', fields: RETURN })).toMatchObject({
    kind: 'invalid',
    reason: 'signature',
  });
  const unsigned = `${returnQuery(fieldsOf(RETURN), PAID)}&${signatureParameter('Sign', 'AAAA')}`;
  expect(await read(unsigned, 'notification')).toMatchObject({ kind: 'invalid', reason: 'signature' });
});

const OPTIONS = { kind: 'return' } as const;
const SIGNED = 'amount=1&sign=a';

test.each<[string, () => Promise<unknown>, string]>([
  ['a key that is not a key', () => readReturn(SIGNED, 'key', OPTIONS), 'publicKey: The key is not a PEM text'],
  ['no key', () => readReturn('', undefined as never, OPTIONS), 'publicKey must be a PEM text.'],
  ['parsed values', () => readReturn({ Mt: '1' } as never, TEST_PUBLIC_KEY, OPTIONS), 'the result must be the raw query or body'],
  ['no options', () => readReturn('', TEST_PUBLIC_KEY, undefined as never), 'the options must be an object with kind'],
  ['no kind', () => readReturn('', TEST_PUBLIC_KEY, {} as never), "kind must be 'notification' or 'return'"],
  ['an unknown option', () => read('', 'return', { session: '1' } as never), 'does not accept session; it accepts kind, fields, expected'],
  ['fields without a signature', () => read('', 'return', { fields: 'Mt:M;Ref:R;Erreur:E' }), 'fields must have a field with the letter K'],
  ['parsed fields', () => read('', 'return', { fields: [] as never }), 'fields must be name:letter;name:letter'],
  ['a text as expected', () => read('', 'return', { expected: 'A' as never }), 'expected must be an object'],
  ['a number as reference', () => read('', 'return', { expected: { reference: 1 as never } }), 'expected.reference must be a string'],
  ['a number as amount', () => read('', 'return', { expected: { amount: 1234 as never } }), "expected.amount: use minorUnits(1234, 'EUR')"],
  ['an unknown expectation', () => read('', 'return', { expected: { code: '' } as never }), 'expected does not accept code; it accepts'],
])('MisuseError: %s', async (_, act, message) => {
  await expect(act()).rejects.toMatchObject({ name: 'MisuseError', message: expect.stringContaining(`readReturn: ${message}`) });
});

test('a client reads returns too', () => {
  expect(clientOf('http://localhost').readReturn).toBe(readReturn);
});
