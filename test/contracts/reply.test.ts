import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  contradictionsIn,
  decodeForm,
  decodeReply,
  encodeReply,
  latin1Bytes,
  latin1Text,
  REPLY_ORDER,
  type ReplyFields,
} from '../../contracts/index.js';
import { latin1, latin1Character, unicode } from './arbitraries.js';

const written = (reply: ReplyFields, urlEncode?: boolean) => latin1Text(encodeReply(reply, urlEncode));
const read = (body: string) => [...decodeReply(latin1Bytes(body))];

const replyOf = (value: fc.Arbitrary<string>): fc.Arbitrary<ReplyFields> =>
  fc.uniqueArray(fc.tuple(fc.constantFrom(...REPLY_ORDER), value), { selector: ([name]) => name }).map(Object.fromEntries);
const inOrder = (reply: ReplyFields) => REPLY_ORDER.flatMap((name) => (reply[name] === undefined ? [] : [[name, reply[name]]]));

const UNSAFE = [...Array.from({ length: 0x20 }, (_, byte) => String.fromCharCode(byte)), '\x7f', '&', '<', '>'];
const safe = fc.string({ unit: latin1Character.filter((character) => !UNSAFE.includes(character)) });

describe('encodeReply', () => {
  test('writes the variables in the order of the gateway', () => {
    const shuffled = { REMISE: '9', 'SHA-1': '8', CODEREPONSE: '6', SITE: '4', NUMAPPEL: '2', NUMTRANS: '1', RANG: '5', NUMQUESTION: '3' };
    expect(
      written({ ...shuffled, PAYS: '7', STATUS: 's', PORTEUR: 'p', REFABONNE: 'r', AUTORISATION: 'a', COMMENTAIRE: 'c', TYPECARTE: 't' }),
    ).toBe(
      'NUMTRANS=1&NUMAPPEL=2&NUMQUESTION=3&SITE=4&RANG=5&AUTORISATION=a&CODEREPONSE=6&COMMENTAIRE=c&REFABONNE=r&PORTEUR=p' +
        '&PAYS=7&TYPECARTE=t&SHA-1=8&STATUS=s&REMISE=9',
    );
  });

  test('omits undefined variables and writes empty ones', () => {
    expect(written({ NUMTRANS: '0000000001', AUTORISATION: '' })).toBe('NUMTRANS=0000000001&AUTORISATION=');
  });

  test('does not percent-encode values, and writes é as the single byte E9', () => {
    const body = encodeReply({ COMMENTAIRE: 'PAYBOX : Numéro de porteur invalide' });
    expect(Buffer.from(body)).toEqual(Buffer.from('COMMENTAIRE=PAYBOX : Numéro de porteur invalide', 'latin1'));
    expect([...body].filter((byte) => byte > 0x7f)).toEqual([0xe9]);
  });

  test('does not change escapes in values', () => {
    expect(written({ REFABONNE: 'a+b=100%25 %E9' })).toBe('REFABONNE=a+b=100%25 %E9');
  });

  test('percent-encodes ISO-8859-1 if URL_ENCODE requests it', () => {
    expect(written({ CODEREPONSE: '00004', COMMENTAIRE: 'é & <a>' }, true)).toBe('CODEREPONSE=00004&COMMENTAIRE=%E9%20%26%20%3Ca%3E');
  });

  test.each(UNSAFE)('writes a space instead of %j in an echoed value', (character) => {
    expect(written({ SITE: `1${character}CODEREPONSE=00000` })).toBe('SITE=1 CODEREPONSE=00000');
  });

  test.each(['Ħ', '…', 'Ċ'])('does not write the low byte of %j, which is a separator', (character) => {
    expect(written({ REFABONNE: `a${character}b`, PORTEUR: '' })).toBe('REFABONNE=a?b&PORTEUR=');
  });

  test('has the same variables for any echoed values', () => {
    fc.assert(
      fc.property(replyOf(fc.oneof(unicode, fc.string({ unit: fc.constantFrom('&', '=', 'SITE', '\n') }))), (reply) => {
        expect([...decodeReply(encodeReply(reply)).keys()]).toEqual(inOrder(reply).map(([name]) => name));
      }),
    );
  });
});

describe('encodeReply, then decodeReply', () => {
  test('returns ISO-8859-1 values without separators, in order', () => {
    fc.assert(
      fc.property(replyOf(safe), (reply) => {
        expect([...decodeReply(encodeReply(reply))]).toEqual(inOrder(reply));
      }),
    );
  });

  test('returns the bytes of any ISO-8859-1 value with URL_ENCODE', () => {
    fc.assert(
      fc.property(replyOf(latin1), (reply) => {
        expect(decodeForm(encodeReply(reply, true)).fields.map(({ name, raw }) => [name, raw])).toEqual(inOrder(reply));
      }),
    );
  });
});

describe('contradictionsIn', () => {
  test.each([
    ['SITE=1&RANG=2', []],
    ['SITE=1&SITE=1', []],
    ['SITE=1&SITE=2&SITE=1', ['SITE']],
    ['CODEREPONSE=00000&STATUS=a&CODEREPONSE=&STATUS=b', ['CODEREPONSE', 'STATUS']],
    ['COMMENTAIRE=a&COMMENTAIRE=b&X=1&X=2&=1&=2&SITE', []],
  ])('of %s are %j', (body, names) => {
    expect(contradictionsIn(latin1Bytes(body))).toEqual(names);
  });
});

describe('decodeReply', () => {
  test('decodes ISO-8859-1, not UTF-8', () => {
    expect(decodeReply(new Uint8Array([0x41, 0x3d, 0xe9])).get('A')).toBe('é');
  });

  test('splits at the first equals sign and decodes no escapes', () => {
    expect(read('A=b=c%20+&B=')).toEqual([
      ['A', 'b=c%20+'],
      ['B', ''],
    ]);
  });

  test('keeps the order of the variables, and unknown variables', () => {
    expect(read('ZZZ=1&NUMTRANS=2')).toEqual([
      ['ZZZ', '1'],
      ['NUMTRANS', '2'],
    ]);
  });

  test('keeps the first of a repeated variable', () => {
    expect(read('CODEREPONSE=00004&CODEREPONSE=00000')).toEqual([['CODEREPONSE', '00004']]);
  });

  test('ignores text that is not a variable', () => {
    expect(read('')).toEqual([]);
    expect(read('<html>&=x&A=1')).toEqual([['A', '1']]);
  });

  test('never throws, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (body) => {
        const text = Buffer.from(body).toString('latin1');
        for (const [name, value] of decodeReply(body)) expect(text).toContain(`${name}=${value}`);
      }),
    );
  });
});
