import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AuthenticationResult, readAuthentication, TEST_PUBLIC_KEY } from '../../client/index.js';
import {
  AUTHENTICATION_OUTCOMES,
  latin1Bytes,
  RESULT_ORDER,
  type ResultFields,
  readResult,
  resultQuery,
  signedText,
  signText,
  utf8OrLatin1Text,
} from '../../contracts/index.js';
import { TEST_PRIVATE_KEY } from '../../simulator/notifications/test-private-key.js';
import { digits, latin1 } from '../contracts/arbitraries.js';
import { CONFIRMED, encodedByBrowser, fieldsWith, signedForms } from '../contracts/signed-results.js';
import { clientOf } from './support.js';

const ID3D = '2000000267972';

const read = (raw: string | Uint8Array, session?: string): Promise<AuthenticationResult> =>
  readAuthentication(raw, TEST_PUBLIC_KEY, { session });

const REFUSED: ResultFields = { ...CONFIRMED, StatusPBX: 'Autorisation à ne pas faire', '3DSTATUS': 'N', '3DECI': '07' };

/** Encodes every byte of a text, so that no separator is left. */
const allEncoded = (text: string): string => Array.from(latin1Bytes(text), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** What is signed, and the bytes of the signature. */
const signedBytes = (raw: string) => [readResult(raw)?.signedText, Buffer.from(readResult(raw)?.check ?? '', 'base64')];

/** A result whose signed text is the given one, divided into values as the given query says. */
const signedQuery = async (text: string, query: string): Promise<string> =>
  `${query}&Check=${encodeURIComponent(await signText(text, TEST_PRIVATE_KEY))}`;

describe.each(['query', 'body'] as const)('the result in a %s', (form) => {
  test.each(AUTHENTICATION_OUTCOMES)('is read as $outcome', async ({ outcome, mayPay, fields, eci }) => {
    const variables: ResultFields = { IdSession: 'SHOP-1', ...fields, '3DECI': eci?.[0], '3DXID': 'x=', ID3D };
    const result = await read((await signedForms(variables))[form], 'SHOP-1');
    expect(result).toEqual({ kind: outcome, mayPay, session: 'SHOP-1', status: fields.StatusPBX, eci: eci?.[0], id3d: ID3D });
  });

  test('is read from bytes, after a URL and between variables of the shop', async () => {
    const raw = (await signedForms(CONFIRMED))[form];
    for (const received of [raw, latin1Bytes(raw), `https://shop.example/3ds?shop=1&${raw}`, `?${raw}`, `shop=1&${raw}&lang=fr`])
      expect(await read(received)).toMatchObject({ kind: 'authenticated', mayPay: true, id3d: ID3D, eci: '05' });
  });

  test('with any texts is verified and read back', async () => {
    const values = fc.array(fc.option(latin1, { nil: undefined }), { minLength: 8, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(latin1, latin1, values, digits(1, 20), async (session, status, others, id3d) => {
        const fields = fieldsWith([session, status, ...others, id3d]);
        const result = await read((await signedForms(fields))[form], session);
        expect(result).toMatchObject({ session: utf8OrLatin1Text(session), status: utf8OrLatin1Text(status), mayPay: false, id3d });
        for (const name of RESULT_ORDER)
          expect('variables' in result && result.variables[name]).toBe(fields[name] && utf8OrLatin1Text(fields[name]));
      }),
      { numRuns: 50 },
    );
  });

  test('with a changed byte is not accepted', async () => {
    const raw = (await signedForms(CONFIRMED))[form];
    const same = await read(raw);
    await fc.assert(
      fc.asyncProperty(fc.nat(raw.length - 1), fc.integer({ min: 0x21, max: 0x7e }), async (at, code) => {
        const changed = raw.slice(0, at) + String.fromCharCode(code) + raw.slice(at + 1);
        const result = await read(changed, 'SHOP-1');
        // Some changes are none: `%e0` and `%E0` are the same byte, and the last digit of base64 has bits without meaning.
        if (result.kind === 'invalid') expect(['signature', 'malformed', 'repeated']).toContain(result.reason);
        else expect([result, ...signedBytes(changed)]).toEqual([same, ...signedBytes(raw)]);
      }),
    );
  });

  test.each([
    ['StatusPBX', '7'],
    ['ID3D', '1'],
    ['3DCAVV', 'x'],
    ['IdSession', '2'],
  ])('with another %s has a wrong signature', async (name, value) => {
    const { check } = await signedForms(REFUSED);
    const raw = resultQuery({ ...REFUSED, [name]: value }, check);
    expect(await read(raw)).toMatchObject({ kind: 'invalid', mayPay: false, reason: 'signature' });
  });

  test('of another session is not accepted', async () => {
    const result = await read((await signedForms(CONFIRMED))[form], 'SHOP-2');
    expect(result).toEqual({
      kind: 'invalid',
      mayPay: false,
      reason: 'session',
      message: 'The result is not accepted: IdSession is not that of the expected authentication.',
    });
    expect(await read((await signedForms({ ...CONFIRMED, IdSession: '' }))[form], 'SHOP-1')).toMatchObject({ reason: 'session' });
  });

  test.each(['Commande n° 7', 'été', 'Ã©'])('of the session %s is accepted', async (session) => {
    expect(await read((await signedForms({ ...CONFIRMED, IdSession: session }))[form], session)).toMatchObject({ mayPay: true });
  });

  test('with a status that is not known is passed on and does not allow the payment', async () => {
    for (const StatusPBX of ['Autorisation a faire', 'autorisation à faire', 'Autorisation à faire ', '', 'Autre'])
      expect(await read((await signedForms({ ...CONFIRMED, StatusPBX }))[form])).toMatchObject({
        kind: 'unknown-status',
        mayPay: false,
        status: StatusPBX,
      });
  });

  test.each([undefined, '', 'ABC', '1'.repeat(21)])('that allows the payment is malformed with the ID3D %j', async (id3d) => {
    const result = await read((await signedForms({ ...CONFIRMED, ID3D: id3d }))[form]);
    expect(result).toMatchObject({ kind: 'invalid', reason: 'malformed' });
  });

  test('that does not allow the payment may be without an ID3D', async () => {
    const result = await read((await signedForms({ ...REFUSED, ID3D: undefined }))[form]);
    expect(result).toMatchObject({ kind: 'declined', mayPay: false, id3d: undefined });
  });
});

test('a status of authentication that is not known says only whether the payment is allowed', async () => {
  const kinds: string[] = [];
  for (const fields of [CONFIRMED, REFUSED]) {
    const result = await read((await signedForms({ ...fields, '3DSTATUS': 'X' })).query);
    kinds.push(`${result.kind} ${result.mayPay}`);
  }
  expect(kinds).toEqual(['unavailable true', 'declined false']);
});

test('a result in UTF-8 has a wrong signature, because ISO-8859-1 is signed', async () => {
  const { query } = await signedForms(CONFIRMED);
  expect(await read(query.replace('%e0', '%c3%a0'))).toMatchObject({ kind: 'invalid', reason: 'signature' });
});

test('bytes that are not percent-encoded are read as they are', async () => {
  const { query } = await signedForms(CONFIRMED);
  expect(await read(latin1Bytes(query.replace('%e0', 'à')))).toMatchObject({ kind: 'authenticated' });
});

test.each([
  '',
  'x=1',
  'IdSession=1',
  'IdSession=1&StatusPBX=Autorisation+%E0+faire',
  '{"IdSession":"1","Check":"a"}',
  'idsession=1&check=a',
])('%j is malformed', async (raw) => {
  expect(await read(raw)).toMatchObject({ kind: 'invalid', mayPay: false, reason: 'malformed' });
});

test('a signed result without a StatusPBX is malformed', async () => {
  const { query } = await signedForms({ IdSession: '1', ID3D });
  expect(await read(query)).toMatchObject({
    kind: 'invalid',
    reason: 'malformed',
    message: 'The result is not accepted: it has no StatusPBX.',
  });
});

describe('a variable that occurs twice is not accepted', () => {
  test.each([
    ['within the result', (query: string) => query.replace('&3DSTATUS', '&StatusPBX=Autorisation%20%e0%20faire&3DSTATUS')],
    ['before it', (query: string) => `StatusPBX=Autorisation+%E0+faire&${query}`],
    ['after it', (query: string) => `${query}&StatusPBX=Autorisation+%E0+faire`],
    ['before it, with an encoded name', (query: string) => `Status%50BX=1&${query}`],
    ['as a second result', (query: string) => `${query}&${query}`],
    ['as a second Check', (query: string) => `${query}&Check=AAAA`],
  ])('%s', async (_, change) => {
    expect(await read(change((await signedForms(REFUSED)).query))).toMatchObject({ kind: 'invalid', reason: 'repeated' });
  });

  test('under a name that is not known', async () => {
    const text = `${signedText(CONFIRMED)}&New=1&New=2`;
    expect(await read(await signedQuery(text, text.replace('à', '%e0').replaceAll('+', '%2b')))).toMatchObject({ reason: 'repeated' });
  });

  // The customer's browser starts the authentication, so the customer can change IdSession, and the limits of the values on the way back.
  test('hidden in a session that the customer changed', async () => {
    const forged = signedText({ IdSession: 'SHOP-1', StatusPBX: 'Autorisation à faire', ID3D: '1' });
    const text = signedText({ ...REFUSED, IdSession: forged.replace('IdSession=', '') });
    const rest = text.slice(forged.length);
    expect(await read(await signedQuery(text, forged.replace('à', '%e0') + allEncoded(rest)), 'SHOP-1')).toMatchObject({
      kind: 'invalid',
      reason: 'repeated',
    });
  });
});

test('a variable hidden in the value of another is malformed', async () => {
  const text = signedText(REFUSED);
  const at = text.indexOf('&3DECI');
  const end = text.indexOf('&3DXID');
  const query = `${text.slice(0, at).replace('à', '%e0')}${allEncoded(text.slice(at, end))}${text.slice(end)}`;
  expect(await read(await signedQuery(text, query))).toMatchObject({ kind: 'invalid', reason: 'malformed' });
});

test('the proof of the bank is shown only by variables', async () => {
  const result = await read((await signedForms(CONFIRMED)).query);
  expect('variables' in result && result.variables['3DCAVV']).toBe(CONFIRMED['3DCAVV']);
  for (const shown of [inspect(result), JSON.stringify(result), JSON.stringify({ ...result })]) {
    expect(shown).toContain(ID3D);
    expect(shown).not.toContain(CONFIRMED['3DCAVV']);
  }
});

test.each<[string, () => Promise<unknown>, string]>([
  ['a key that is not a key', () => readAuthentication('IdSession=1&StatusPBX=2&Check=a', 'key'), 'publicKey: The key is not a PEM text'],
  ['no key', () => readAuthentication('', undefined as never), 'publicKey must be a PEM text'],
  ['parsed variables', () => readAuthentication({ IdSession: '1' } as never, TEST_PUBLIC_KEY), 'the result must be the raw query or body'],
  ['a number as session', () => readAuthentication('', TEST_PUBLIC_KEY, { session: 1 as never }), 'session must be a string'],
])('MisuseError: %s', async (_, act, message) => {
  await expect(act()).rejects.toMatchObject({ name: 'MisuseError', message: expect.stringContaining(`readAuthentication: ${message}`) });
});

test('a client reads results too', async () => {
  expect(clientOf('http://localhost').readAuthentication).toBe(readAuthentication);
});

test('no result of any text throws or allows a payment', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(latin1, fc.string({ unit: 'binary' })), async (text) => {
      for (const raw of [
        text,
        `IdSession=${text}`,
        `IdSession=1&StatusPBX=Autorisation%20%e0%20faire&ID3D=1&Check=${text}`,
        encodedByBrowser([]),
      ])
        expect((await read(raw)).mayPay).toBe(false);
    }),
  );
});
