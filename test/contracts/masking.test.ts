import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ISSUER_CODES,
  isLuhn,
  luhnDigit,
  magicCard,
  maskCard,
  maskCardsIn,
  maskField,
  maskText,
  replaceRepeated,
  TEST_CARDS,
} from '../../contracts/index.js';
import { digits } from './arbitraries.js';

const CARDS = [
  ...TEST_CARDS.filter(({ outcome }) => outcome === 'accepted').map(({ PORTEUR }) => PORTEUR),
  ...ISSUER_CODES.map(({ code }) => magicCard(`001${code}`, '2')),
];

/** A French IBAN, whose check digits are valid. It contains the number of a test card. */
const IBAN_WITH_CARD = 'FR95 4012 0010 3714 1112 0000 000';

const windows = (number: string, width: number) =>
  Array.from({ length: number.length - width + 1 }, (_, at) => number.slice(at, at + width));

/** Seven consecutive digits of a card number, spaces and hyphens ignored. At least one of them must be masked. */
const leaks = (shown: string, number: string) => windows(number, 7).filter((seven) => shown.replace(/[ -]/g, '').includes(seven));

describe('maskCard', () => {
  test('shows the first six digits and the last four', () => {
    expect(maskCard('1111222233334444')).toBe('111122******4444');
  });

  test.each([0, 1, 4, 10, 12])('masks a value of %i characters completely', (length) => {
    expect(maskCard('4'.repeat(length))).toBe('*'.repeat(length));
  });

  test('keeps the length and masks all but the first six and the last four digits', () => {
    fc.assert(
      fc.property(digits(13, 30), (number) => {
        expect(maskCard(number)).toBe(number.slice(0, 6).padEnd(number.length - 4, '*') + number.slice(-4));
      }),
    );
  });
});

describe('maskCardsIn', () => {
  test.each([
    ['a card', '4012001037141112', '401200******1112'],
    ['a card within words', 'carte 4012001037141112, merci', 'carte 401200******1112, merci'],
    ['a card in groups of four', '4012 0010 3714 1112', '4012 00** **** 1112'],
    ['a card with hyphens', '4012-0010-3714-1112', '4012-00**-****-1112'],
    ['a card between letters', 'CB4012001037141112x', 'CB401200******1112x'],
    ['a card in a body', 'A=1&B=4012001037141112&C=2', 'A=1&B=401200******1112&C=2'],
    [
      'an IBAN with wrong check digits that contains a card number',
      'FR25 4012 0010 3714 1112 0000 000',
      'FR25 4012 00** **** **12 0000 000',
    ],
    ['two cards', '4012001037141112 1111222233334444', '401200******1112 111122******4444'],
    ['a card before its CVV', '4012001037141112 123', '401200******1112 123'],
    ['a card after a number', '2 4012001037141112', '2 401200******1112'],
    ['a card in groups with two spaces', '4012  0010  3714  1112', '4012  00**  ****  1112'],
    ['a card in groups with no-break spaces', '4012\u00a00010\u202f3714\u00a01112', '4012\u00a000**\u202f****\u00a01112'],
    ['a card with full stops', '4012.0010.3714.1112', '4012.00**.****.1112'],
    ['a card with slashes, escaped as in JSON', '4012\\/0010\\/3714\\/1112', '4012\\/00**\\/****\\/1112'],
    ['a card with underscores', '4012_0010_3714_1112', '4012_00**_****_1112'],
    ['a card with percent-encoded spaces', '4012%200010%203714%201112', '4012%2000**%20****%201112'],
    ['a card after a number and a hyphen', '12-4012001037141112', '12-401200******1112'],
    ['a card before a hyphen and a number', '4012001037141112-1', '401200******1112-1'],
    ['a card of 12 digits', '675964982648', '********2648'],
    ['Visa of 13 digits', '4222222222222', '422222***2222'],
    ['American Express', '378282246310005', '378282*****0005'],
    ['Diners Club', '30569309025904', '305693****5904'],
    ['JCB', '3530111333300000', '353011******0000'],
    ['UnionPay of 19 digits', '6205500000000000004', '620550*********0004'],
    ['Maestro', '6759649826438453', '675964******8453'],
    ...['\n', '\r\n', ':', '|', ';', '*', '    ', '","', ' -- ', 'x'].map((separator) => [
      `a card with ${JSON.stringify(separator)} between groups`,
      ['4012', '0010', '3714', '1112'].join(separator),
      ['4012', '00**', '****', '1112'].join(separator),
    ]),
    [
      'a card with escaped characters between groups',
      '4012%22%2C%220010%22%2C%223714%22%2C%221112',
      '4012%22%2C%2200**%22%2C%22****%22%2C%221112',
    ],
    ['American Express in lines', '3782\n822463\n10005', '3782\n82****\n*0005'],
    ['a card of 19 digits in lines', '6205\n5000\n0000\n0000\n004', '6205\n50**\n****\n***0\n004'],
    ['a card in full-width digits', '４０１２００１０３７１４１１１２', '４０１２００******１１１２'],
    ['a card in Arabic digits', '٤٠١٢٠٠١٠٣٧١٤١١١٢', '٤٠١٢٠٠******١١١٢'],
    ['a card in Persian digits', '۴۰۱۲ ۰۰۱۰ ۳۷۱۴ ۱۱۱۲', '۴۰۱۲ ۰۰** **** ۱۱۱۲'],
    ['a card in groups between numbers', '12 4012 0010 3714 1112 12', '12 4012 00** **** 1112 12'],
  ])('masks %s', (_, text, masked) => {
    expect(maskCardsIn(text)).toBe(masked);
  });

  test.each([
    ['digits with a wrong Luhn digit', '4012001037141113'],
    ['twelve digits', '000000000000'],
    ['twenty digits in a row', '00000000000000000000'],
    ['digits of a card with different characters between them', '4012\n0010:3714;1112'],
    ['nine characters between groups', '4012 ------- 0010 ------- 3714 ------- 1112'],
    ['amounts in a list', '4000, 5000, 6000, 7000'],
    ['a number with a valid Luhn digit that no scheme issues', '1795450292002'],
    ['an IBAN that contains a card number by chance', IBAN_WITH_CARD],
    ['a UUID of digits', '40120010-3714-4112-8444-401200103714'],
    ['a time in milliseconds', '1795450292002'],
    ['a timestamp', '20240802234008607'],
    ['a DATEQ', '05032026195113'],
    ['a date and an amount', 'le 10062026 à 12:00, 12345678 EUR'],
    ['text outside ISO-8859-1', 'été 😀 €'],
    ['an empty text', ''],
  ])('does not change %s', (_, text) => {
    expect(maskCardsIn(text)).toBe(text);
  });

  // The cards of fives and of 42 are left out: a random digit next to them would look like one of their own.
  const card = fc.constantFrom(...CARDS.filter((number) => !/^(5|42){7}/.test(number)));
  const written = fc.constantFrom(
    (number: string) => number,
    (number: string) => number.replace(/\d{4}(?=\d)/g, '$& '),
    (number: string) => number.replace(/\d{4}(?=\d)/g, '$&-'),
    (number: string) => number.replace(/\d(?=\d)/g, '$& '),
  );
  const gap = fc.constantFrom(' ', '-', ', ', '=', 'x', '\n');
  const around = fc.array(fc.oneof(digits(1, 5), fc.constantFrom('carte', 'é', '')), { maxLength: 4 });

  test('shows no seven consecutive digits of a card, in any context', () => {
    fc.assert(
      fc.property(card, written, gap, around, around, (number, write, between, before, after) => {
        const text = [...before, write(number), ...after].join(between);
        expect(leaks(text, number).length).toBeGreaterThanOrEqual(10);
        expect(leaks(maskCardsIn(text), number)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('replaces digits only, and only in runs of thirteen or more', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0000012345 -x') }), (text) => {
        const masked = maskCardsIn(text);
        expect(masked).toHaveLength(text.length);
        const changed = [...text].filter((character, at) => masked.charAt(at) !== character);
        expect(changed.every((character) => /\d/.test(character))).toBe(true);
        if (!/\d(?:[ -]?\d){12}/.test(text)) expect(changed).toEqual([]);
      }),
    );
  });

  // The prefixes of the schemes, and lengths of their cards.
  const scheme = fc.constantFrom(
    ...[
      ['4', 13],
      ['4', 16],
      ['4', 18],
      ['4', 19],
      ['51', 16],
      ['55', 16],
      ['2221', 16],
      ['2720', 16],
      ['34', 15],
      ['37', 15],
    ],
    ...[
      ['300', 14],
      ['36', 14],
      ['38', 16],
      ['39', 19],
      ['6011', 16],
      ['65', 19],
      ['3528', 16],
      ['3589', 19],
      ['2131', 15],
      ['1800', 15],
    ],
    ...[
      ['62200', 17],
      ['62200', 19],
      ['8110', 18],
      ['5018', 13],
      ['56', 12],
      ['63', 18],
      ['67', 14],
      ['2200', 16],
      ['111122', 16],
    ],
  ) as fc.Arbitrary<[prefix: string, length: number]>;

  test('masks a number of a scheme if and only if its Luhn digit is valid, and no number without a valid Luhn digit in it', () => {
    fc.assert(
      fc.property(scheme, digits(18, 18), ([prefix, length], rest) => {
        const number = (prefix + rest).slice(0, length);
        const isCardIn = (text: string) => [12, 13, 14, 15, 16, 17, 18, 19].some((width) => windows(text, width).some(isLuhn));
        if (isLuhn(number)) expect(maskCardsIn(number)).toBe(number.length < 13 ? `********${number.slice(-4)}` : maskCard(number));
        if (!isCardIn(number)) expect(maskCardsIn(number)).toBe(number);
      }),
      { numRuns: 1000 },
    );
  });

  test('shows the first six digits of a card number whose last digits are another card number', () => {
    const within = `63040000000${luhnDigit('63040000000')}`;
    expect(maskCardsIn(within)).toBe(`********${within.slice(-4)}`);
    expect(isLuhn(`67${within}`)).toBe(true);
    expect(maskCardsIn(`67${within}`)).toBe(`676304****${within.slice(-4)}`);
  });

  test('masks a long text of digits and spaces in linear time: quadratic time would exceed the limit of the test', () => {
    for (const text of ['1 '.repeat(60_000), '1'.repeat(120_000)]) expect(maskCardsIn(text)).toHaveLength(120_000);
  });
});

describe('maskText', () => {
  test.each([
    ['cvv=7391', 'cvv=***'],
    ['cardCvv: 7391, next', 'cardCvv: ***, next'],
    ['{\\"CVVCode\\":\\"7391\\",\\"A\\":\\"b\\"}', '{\\"CVVCode\\":\\"***\\",\\"A\\":\\"b\\"}'],
    ['a=1&CLE=s3cr3tkey&b=2', 'a=1&CLE=***&b=2'],
    ['HMACKEY%3Ds3cr3tkey', 'HMACKEY%3D***'],
    ['<CSC>7391</CSC>', '<CSC>***</CSC>'],
    ['cvv == 7391', 'cvv == ***'],
    ['cvv := 7391', 'cvv := ***'],
    ['cvv->7391', 'cvv->***'],
    ['cvv => 7391', 'cvv => ***'],
    ['cvv[]=7391', 'cvv[]=***'],
    ['cvv[0]=7391', 'cvv[0]=***'],
    ['cvv%5B0%5D=7391', 'cvv%5B0%5D=***'],
    ['CVV%253D7391', 'CVV%253D***'],
    ['cvv&#61;7391', 'cvv&#61;***'],
    ['cvv&#x3D;7391', 'cvv&#x3D;***'],
    ['<cvv type="x">7391</cvv>', '<cvv type="x">***</cvv>'],
    ['<cvv><![CDATA[7391]]></cvv>', '<cvv><![CDATA[***></cvv>'],
    ['name="cvv" value="7391"', 'name="cvv" value="***"'],
    ['"cvv","7391"', '"cvv","***"'],
    ['cvv 7391', 'cvv ***'],
    ['--cvv 739 --card', '--cvv *** --card'],
    ['cvv2 7391', 'cvv2 ***'],
    ['CVV is 7391.', 'CVV is ***.'],
    ['le cryptogramme est 739', 'le cryptogramme est ***'],
    ['cvv#7391', 'cvv#***'],
    ['cvv-7391', 'cvv-***'],
    ['cvv_7391', 'cvv_***'],
    ['cvv7391', 'cvv***'],
    ['cvv ７３９１', 'cvv ***'],
    ['CLE S3CR3TK3YZ9', 'CLE ***'],
    ['cle est S3CR3TK3YZ9', 'cle est ***'],
    ['key=S3CR3T', 'key=***'],
    ['api_key == S3CR3T', 'api_key == ***'],
    ['password=hunter', 'password=***'],
    ['{"password": "hunter"}', '{"password": "***"}'],
  ])('hides the value in %s', (text, masked) => {
    expect(maskText(text)).toBe(masked);
    expect(maskText(masked)).toBe(masked);
  });

  test.each([
    'ARTICLE: 12345',
    'CVV: its values are not stored',
    'cvvRequire: unknown name',
    'order=CSC-1234',
    'the CVV is missing',
    'CLE and CVV',
    'CVV must be three digits',
    'CVV must be 3 or 4 digits',
    'the CVV has 3 digits, 1000 EUR',
    'CVV-2026-000123',
    'the key is missing: 12345678',
    'Unknown key: REFERENCE2',
    'CLE has 8 to 10 characters',
  ])('does not change %s', (text) => {
    expect(maskText(text)).toBe(text);
  });
});

describe('maskField', () => {
  test.each(['CARTNUM', 'CARTNO', 'CARTNUMBER', 'CARTID', 'cart_no', 'NUMCART', 'LANG', 'SOURCE', 'utm_source'])(
    'shows only the length of the unknown variable %s',
    (name) => {
      expect(maskField(name, '7391')).toBe('(4 characters)');
      expect(maskField(name, 'S3CR3TK3YZ9')).toBe('(11 characters)');
    },
  );

  test.each(['order_id', 'REF', 'tracking-number', 'shopping_cart', 'cartRef'])(
    'shows of the order variable %s no digits that may be a CVV',
    (name) => {
      expect(maskField(name, '739')).toBe('(3 characters)');
      expect(maskField(name, ' 7391 ')).toBe('(6 characters)');
      expect(maskField(name, 'A-739')).toBe('A-739');
      expect(maskField(name, '73914')).toBe('73914');
    },
  );

  test('shows an unknown variable of an order only if its name has at most 40 characters', () => {
    expect(maskField(`${'order_'.padEnd(37, '_')}ref`, 'A-739')).toBe('A-739');
    expect(maskField(`${'order_'.padEnd(38, '_')}ref`, 'A-739')).toBe('(5 characters)');
  });

  test('hides a PORTEUR in other digits than Latin ones', () => {
    expect(maskField('PORTEUR', '４０１２００１０３７１４１１１２')).toBe('*'.repeat(16));
  });
});

describe('replaceRepeated', () => {
  test.each([
    ['12', '3120', '3120'],
    ['12', 'a 12 b', 'a ? b'],
    ['0000000000000', '00000000000000000042', '00000000000000000042'],
    ['1111222233334445', 'x1111222233334445x', 'x?x'],
    ['4012001037141112', '99401200103714111299', '99?99'],
    ['AbCdEfGhIjK', 'xAbCdEfGhIjKx', 'x?x'],
  ])('replaces %s in %s: %s', (value, text, replaced) => {
    expect(replaceRepeated(text, value, '?')).toBe(replaced);
  });
});
