import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  latin1Bytes,
  percentEncode,
  RENEWAL,
  RETURN_LETTERS,
  type ReturnField,
  type ReturnLetter,
  type ReturnValues,
  readReturn,
  readReturnFields,
  returnQuery,
  signatureParameter,
  TEST_PUBLIC_KEY,
  utf8OrLatin1Text,
  withoutOwnParameters,
} from '../../contracts/index.js';
import { tempFolder } from '../support/temp-folder.js';
import { latin1, unicode } from './arbitraries.js';
import { fieldsOf, PAID, RETURN, signedReturns } from './signed-returns.js';

const LETTERS = Object.keys(RETURN_LETTERS) as ReturnLetter[];
const VALUE_LETTERS = LETTERS.filter((letter) => letter !== 'K');

/** A name that PBX_RETOUR can give a value. */
const fieldName = fc.oneof(
  fc.constantFrom('Ref', 'a b', 'a+b', 'a%41', 'a?b', '__proto__', 'constructor', 'é', '€', 'tag[]', "it's(!)*"),
  unicode.filter((text) => text !== '' && !/[:&=;#]/.test(text)),
);

/** The fields of a PBX_RETOUR with K last. */
const anyFields: fc.Arbitrary<readonly ReturnField[]> = fc
  .uniqueArray(fieldName, { minLength: 2, maxLength: 8 })
  .chain((names) =>
    fc
      .array(fc.constantFrom(...VALUE_LETTERS), { minLength: names.length - 1, maxLength: names.length - 1 })
      .map((letters) => names.map((name, at) => ({ name, letter: letters[at] ?? 'K' }))),
  );

const anyValues: fc.Arbitrary<ReturnValues> = fc.dictionary(fc.constantFrom(...VALUE_LETTERS), latin1);

/** The query of a shop's own address: its names are not those of the fields. */
const ownQuery = fc
  .array(unicode, { minLength: 1, maxLength: 3 })
  .map((values) => values.map((value, at) => `own/${at}=${percentEncode(value)}`).join('&'));

const receivedValues = (fields: readonly ReturnField[], values: ReturnValues): [string, string][] =>
  fields.flatMap(({ name, letter }) => {
    const value = letter === 'K' ? undefined : values[letter];
    return value === undefined ? [] : [[name, utf8OrLatin1Text(value)]];
  });

describe('PBX_RETOUR', () => {
  test('of any fields is read back', () => {
    fc.assert(
      fc.property(anyFields, fc.constantFrom('', ';', ';;'), (fields, end) => {
        expect(readReturnFields(fields.map(({ name, letter }) => `${name}:${letter}`).join(';') + end)).toEqual(fields);
      }),
    );
  });

  test.each([
    ['', ''],
    [';', ''],
    ['Mt', 'Mt'],
    ['Mt:', 'Mt:'],
    [':M', ':M'],
    ['Mt:M;Ref', 'Ref'],
    ['Mt:M;Ref:X', 'Ref:X'],
    ['Mt:M;Ref:r', 'Ref:r'],
    ['Mt:M,Ref:R', 'Mt:M,Ref:R'],
    ['a&b:M', 'a&b:M'],
    ['Mt:M;Ref:toString', 'Ref:toString'],
  ])('%j is wrong at %j', (text, wrong) => {
    expect(readReturnFields(text)).toEqual({ wrong });
  });

  test('of any text is read without an exception', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        readReturnFields(text);
        readReturnFields(`a:M;${text}:K`);
      }),
    );
  });
});

test('the query has the values in the order of PBX_RETOUR, with upper-case hex and %20', () => {
  const query = (encoding?: 'raw' | 'reserved') => returnQuery(fieldsOf('r:R;d:W;q:Q;u:U;e:E;s:K'), { ...PAID, Q: '12:30:01' }, encoding);
  expect(query()).toBe('r=Commande%20n%B0%207/a@b:c,d%3Fe%3Df%26g&q=12:30:01&u=CMDLpStLLLs++4912++---&e=00000');
  expect(query('reserved')).toBe('r=Commande%20n%B0%207%2Fa%40b%3Ac%2Cd%3Fe%3Df%26g&q=12%3A30%3A01&u=CMDLpStLLLs++4912++---&e=00000');
});

test('a value that ISO-8859-1 does not have becomes a question mark', () => {
  expect(returnQuery(fieldsOf('r:R;s:K'), { R: '10 €' })).toBe('r=10%20%3F');
});

describe.each(['raw', 'reserved'] as const)('with the encoding %s', (encoding) => {
  test('any result is read back, with what is signed', () => {
    fc.assert(
      fc.property(anyFields, anyValues, ownQuery, (fields, values, own) => {
        const name = fields.at(-1)?.name ?? '';
        const query = returnQuery(fields, values, encoding);
        fc.pre(query !== '' && new Set(receivedValues(fields, values).map(([field]) => field)).size > 0);
        const signed = `${query}&${signatureParameter(name, 'a+/=')}`;
        const expected = { values: Object.fromEntries(receivedValues(fields, values)), repeated: [], signature: 'a+/=', rest: '' };
        for (const raw of [signed, latin1Bytes(signed), `?${signed}`, `https://shop.example/a/b?${signed}#end`, `/ipn?${signed}`])
          expect(readReturn(raw, name)).toEqual({ ...expected, signedText: query });
        const whole = readReturn(`${own}&${signed}`, name);
        expect(whole).toMatchObject({ signedText: `${own}&${query}`, signature: 'a+/=', rest: '' });
        expect(withoutOwnParameters(whole?.signedText ?? '', fields)).toBe(query);
        expect(withoutOwnParameters(query, fields)).toBe(query);
      }),
    );
  });

  test.each(['', 'shop=1&back=/cart?step=2&lang=fr'])('openssl verifies K on both forms after the query %j', async (own) => {
    const folder = await tempFolder();
    const file = (name: string, content: string | Uint8Array): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const key = file('key.pem', TEST_PUBLIC_KEY);
    const verify = (text: string, signature: string) => {
      const files = ['-signature', file('signature', Buffer.from(signature, 'base64')), file('signed', latin1Bytes(text))];
      return spawnSync('openssl', ['dgst', '-sha1', '-verify', key, ...files], { encoding: 'utf8' });
    };
    for (const isRenewal of [false, true]) {
      const { call, address } = await signedReturns(PAID, { encoding, own, isRenewal });
      const [ofCall, ofAddress] = [readReturn(call.query, 'Sign'), readReturn(address.query, 'Sign')];
      const callText = withoutOwnParameters(ofCall?.signedText ?? '', fieldsOf(RETURN));
      expect(callText).toMatch(isRenewal ? /^ETAT_PBX=PBX_RECONDUCTION_ABT&Mt=1234&/ : /^Mt=1234&/);
      expect(verify(callText, ofCall?.signature ?? '')).toMatchObject({ status: 0, stdout: 'Verified OK\n' });
      expect(verify(ofAddress?.signedText ?? '', ofAddress?.signature ?? '')).toMatchObject({ status: 0, stdout: 'Verified OK\n' });
      expect(verify(callText.replace('1234', '1235'), ofCall?.signature ?? '').status).toBe(1);
    }
  });
});

test('a question mark in the first parameter of the shop does not end an address', () => {
  expect(readReturn('back=/cart?step=2&Mt=1&Sign=a', 'Sign')?.signedText).toBe('back=/cart?step=2&Mt=1');
  expect(readReturn('http://shop.example?back=/cart?step=2&Mt=1&Sign=a', 'Sign')?.signedText).toBe('back=/cart?step=2&Mt=1');
});

test('bytes that are not encoded are signed as they are', () => {
  expect(readReturn(latin1Bytes('shop=é&Mt=1&Sign=a'), 'Sign')).toMatchObject({ signedText: 'shop=é&Mt=1', values: { shop: 'é' } });
});

test('a plus of the signature is read in any encoding', () => {
  for (const plus of ['+', '%2B', '%2b', '%20']) expect(readReturn(`Mt=1&Sign=a${plus}b%3D`, 'Sign')?.signature).toBe('a+b=');
});

test('what follows the signature is reported', () => {
  expect(readReturn('Mt=1&Sign=a%3D&utm=1&x', 'Sign')).toMatchObject({ signature: 'a=', rest: 'utm=1&x' });
});

test('repeated names are reported decoded, once, and the first value counts', () => {
  expect(readReturn('Mt=1&%4Dt=2&M%74=3&Ref=a&Sign=b&Ref=c&%53ign=d&Sign=e', 'Sign')).toMatchObject({
    values: { Mt: '1', Ref: 'a', Sign: 'b' },
    repeated: ['Mt', 'Sign', 'Ref'],
    signature: 'e',
  });
});

test('the field of a renewal begins what the call signs', () => {
  const text = `${RENEWAL.name}=${RENEWAL.value}&Mt=1`;
  expect(withoutOwnParameters(`shop=1&${text}`, fieldsOf(RETURN))).toBe(text);
});

test('a text without a field has nothing that the call signs', () => {
  expect(withoutOwnParameters('shop=1&lang=fr', fieldsOf(RETURN))).toBe('');
});

test.each(['', 'Mt=1', 'Sign=a', 'Mt=1&sign=a', '?', '%', '#', 'Mt=1#&Sign=a'])('%j has no signature', (raw) => {
  expect(readReturn(raw, 'Sign')).toBeUndefined();
});

test('reading a result never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, name) => {
      readReturn(text, name);
      readReturn(`a=${text}&${name}=${text}&Sign=${text}`, 'Sign');
      withoutOwnParameters(text, fieldsOf(RETURN));
    }),
  );
});
