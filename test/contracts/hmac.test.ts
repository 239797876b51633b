import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeForm,
  encodeForm,
  HASH_NAMES,
  type HashName,
  hmacHex,
  hmacMessage,
  latin1Bytes,
  TEST_HMAC_KEY,
  withCredentials,
} from '../../contracts/index.js';
import { latin1, unicode } from './arbitraries.js';

const ALGORITHMS = Object.entries({ SHA512: 'sha512', SHA384: 'sha384', SHA256: 'sha256', SHA224: 'sha224', RIPEMD160: 'ripemd160' }) as [
  HashName,
  string,
][];

const expected = (algorithm: string, bytes: Uint8Array, keyHex = TEST_HMAC_KEY) =>
  createHmac(algorithm, Buffer.from(keyHex, 'hex')).update(bytes).digest('hex').toUpperCase();

const MESSAGE = 'VERSION=00104&TYPE=00001&SITE=1999888&RANG=32&NUMQUESTION=1&HASH=SHA512';

const signed = (body: Uint8Array) => hmacHex('SHA512', TEST_HMAC_KEY, hmacMessage(decodeForm(body).fields));

describe('hmacHex', () => {
  test('supports the five algorithms of HASH', () => {
    expect([...HASH_NAMES].sort()).toEqual(ALGORITHMS.map(([name]) => name).sort());
  });

  test.each(ALGORITHMS)('equals the HMAC of %s of another implementation, in upper-case hex', (name, algorithm) => {
    expect(hmacHex(name, TEST_HMAC_KEY, MESSAGE)).toBe(expected(algorithm, Buffer.from(MESSAGE)));
  });

  test('equals the HMAC of another implementation for any key and any bytes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ALGORITHMS),
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        latin1,
        ([name, algorithm], key, message) => {
          const keyHex = Buffer.from(key).toString('hex');
          expect(hmacHex(name, keyHex, message)).toBe(expected(algorithm, Buffer.from(message, 'latin1'), keyHex));
        },
      ),
    );
  });

  test('accepts a key in either letter case', () => {
    expect(hmacHex('SHA512', TEST_HMAC_KEY.toLowerCase(), MESSAGE)).toBe(hmacHex('SHA512', TEST_HMAC_KEY, MESSAGE));
  });

  test.each(['0', 'xyz1', '0123 456'])('throws for the key %j', (key) => {
    expect(() => hmacHex('SHA512', key, MESSAGE)).toThrow(Error);
  });
});

describe('hmacMessage', () => {
  test('joins the variables in the order sent, values decoded, with HASH and without HMAC', () => {
    const { fields } = decodeForm(latin1Bytes('TYPE=1&HMAC=ABCD&REFERENCE=a%20%26+b&VIDE=&HASH=SHA512&A=1&A=2'));
    expect(hmacMessage(fields)).toBe('TYPE=1&REFERENCE=a & b&VIDE=&HASH=SHA512&A=1&A=2');
  });

  test('leaves out HMAC only, not a variable with a similar name', () => {
    expect(hmacMessage(decodeForm(latin1Bytes('hmac=1&HMAC2=2&HMAC=3')).fields)).toBe('hmac=1&HMAC2=2');
  });

  test('signs the bytes that were sent: é has different HMACs in UTF-8 and ISO-8859-1', () => {
    const pairs = [['REFERENCE', 'é']] as const;
    const [utf8, iso] = [signed(encodeForm(pairs)), signed(encodeForm(pairs, 'iso-8859-1'))];
    expect(utf8).toBe(expected('sha512', Buffer.from('REFERENCE=é', 'utf8')));
    expect(iso).toBe(expected('sha512', Buffer.from('REFERENCE=é', 'latin1')));
  });

  test('does not depend on how the bytes were percent-encoded', () => {
    expect(signed(latin1Bytes('REFERENCE=a+%c3%a9'))).toBe(signed(latin1Bytes('REFERENCE=%61%20\xc3\xa9')));
  });

  test('depends on the order of the variables', () => {
    expect(signed(latin1Bytes('A=1&B=2'))).not.toBe(signed(latin1Bytes('B=2&A=1')));
  });
});

describe('withCredentials', () => {
  const pairs = [
    ['TYPE', '00001'],
    ['REFERENCE', 'café & €'],
  ] as const;

  test('adds CLE and no signature', () => {
    expect(withCredentials(pairs, { cle: '1999888I' })).toEqual([...pairs, ['CLE', '1999888I']]);
  });

  test('adds HASH, then HMAC, SHA512 by default', () => {
    const message = Buffer.from('TYPE=00001&REFERENCE=café & €&HASH=SHA512', 'utf8');
    expect(withCredentials(pairs, { hmacKey: TEST_HMAC_KEY })).toEqual([
      ...pairs,
      ['HASH', 'SHA512'],
      ['HMAC', expected('sha512', message)],
    ]);
  });

  test.each(ALGORITHMS)('signs with %s so that the receiver computes the same HMAC', (hash, algorithm) => {
    fc.assert(
      fc.property(fc.array(unicode), (values) => {
        const sent = withCredentials(
          values.map((value, at) => [`V${at}`, value]),
          { hmacKey: TEST_HMAC_KEY, hash },
        );
        const { fields } = decodeForm(encodeForm(sent));
        const bytes = fields.slice(0, -1).map(({ name, raw }) => `${name}=${raw}`);
        expect(fields.at(-1)).toMatchObject({ name: 'HMAC', value: expected(algorithm, Buffer.from(bytes.join('&'), 'latin1')) });
        expect(fields.at(-2)).toMatchObject({ name: 'HASH', value: hash });
      }),
      { numRuns: 30 },
    );
  });
});
