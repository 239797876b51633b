import { describe, expect, test } from 'vitest';
import { decodeReply, encodeForm, hmacHex, hmacMessage, TEST_HMAC_KEY } from '../../contracts/index.js';
import { HEAD, type Variables } from '../support/question.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { lastEntry, lastFindings, ORDER, order } from './orders.js';

const FORM = 'application/x-www-form-urlencoded';
const QUESTION: Variables = { ...HEAD, NUMQUESTION: '1', TYPE: '00003', ...ORDER };
const TEXT = new URLSearchParams(QUESTION).toString();

async function post(bench: TestSimulator, body: BodyInit, contentType?: string): Promise<Variables> {
  const headers: Record<string, string> = contentType === undefined ? {} : { 'Content-Type': contentType };
  const response = await bench.simulator.fetch(new Request('http://localhost/PPPS.php', { method: 'POST', body, headers }));
  return Object.fromEntries(decodeReply(new Uint8Array(await response.arrayBuffer())));
}

function multipart(variables: Variables): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(variables)) form.set(name, value);
  return form;
}

describe('a body that is not a form is answered 00014 with a finding', () => {
  test.each<[string, () => BodyInit, string | undefined, string]>([
    ['multipart', () => multipart(QUESTION), undefined, 'The body is multipart/form-data.'],
    ['JSON', () => JSON.stringify(QUESTION), 'application/json', 'The body is JSON.'],
    ['JSON with the Content-Type of a form', () => JSON.stringify([QUESTION]), FORM, 'The body is JSON.'],
    ['empty', () => '', FORM, 'The body is empty.'],
    ['a word', () => 'Array', FORM, 'The body has no VERSION and no TYPE.'],
  ])('%s', async (_, body, contentType, message) => {
    const bench = openTestSimulator();
    expect((await post(bench, body(), contentType)).CODEREPONSE).toBe('00014');
    expect((await lastEntry(bench)).findings).toMatchObject([{ rule: 'not-a-form', severity: 'error', message }]);
  });

  test.each([
    ['in lower-case names', 'version=00104&type=00003', 'The body has no VERSION and no TYPE.', ['unknown-variable']],
    ['without TYPE', 'VERSION=00104', 'The body has no TYPE.', []],
  ])('a form %s is answered 00014 with a finding', async (_, body, message, more) => {
    const bench = openTestSimulator();
    expect((await post(bench, body, FORM)).CODEREPONSE).toBe('00014');
    expect((await lastEntry(bench)).findings).toMatchObject([
      { rule: 'variable-missing', severity: 'warning', message },
      ...more.map((rule) => ({ rule })),
    ]);
  });

  test('too large a body', async () => {
    const bench = openTestSimulator();
    expect((await post(bench, `${TEXT}&X=${'x'.repeat(64 * 1024)}`, FORM)).CODEREPONSE).toBe('00014');
    expect(await lastFindings(bench)).toEqual(['body-too-large']);
  });
});

describe('a form with a finding is answered 00000', () => {
  test.each<[string, string, string | undefined, string]>([
    ['bad-escape', `${TEXT}&ARCHIVAGE=100%`, FORM, 'The body has a % that is not followed by two hex digits.'],
    ['repeated-variable', `${TEXT}&MONTANT=5`, FORM, 'Sent more than once: MONTANT.'],
    ['unknown-variable', `${TEXT}&MONTAN=5&cvv=1`, FORM, 'Not variables of the gateway: MONTAN, cvv.'],
    ['unencoded-plus', `${TEXT}&ARCHIVAGE=A+B/C`, FORM, 'An unencoded + was read as a space in ARCHIVAGE.'],
    ['unencoded-plus', `${TEXT}&ARCHIVAGE=A+B&NOMMARCHANDAUTHENT=A%20B`, FORM, 'An unencoded + was read as a space in ARCHIVAGE.'],
    ['unencoded-plus', `${TEXT}&3DXID=MDAw+DAwMDAwMDAwMDAwMDAwMDA%3D`, FORM, 'An unencoded + was read as a space in 3DXID.'],
    ['card-number-exposed', `${TEXT}&SHOPPINGCART=x1111222233334444`, FORM, 'The card number is also in SHOPPINGCART.'],
    ['content-type', TEXT, 'text/plain', 'Content-Type is text/plain.'],
  ])('%s', async (rule, body, contentType, message) => {
    const bench = openTestSimulator();
    expect((await post(bench, body, contentType)).CODEREPONSE).toBe('00000');
    expect((await lastEntry(bench)).findings).toMatchObject([{ rule, message }]);
  });

  test('content-type, if it is missing', async () => {
    const bench = openTestSimulator();
    expect((await post(bench, new TextEncoder().encode(TEXT))).CODEREPONSE).toBe('00000');
    expect((await lastEntry(bench)).findings).toMatchObject([{ rule: 'content-type', message: 'Content-Type is missing.' }]);
  });

  test.each([FORM, `${FORM}; charset=ISO-8859-1`, 'Application/X-WWW-Form-urlencoded'])(
    'there is no finding for %s',
    async (contentType) => {
      const bench = openTestSimulator();
      expect((await post(bench, TEXT, contentType)).CODEREPONSE).toBe('00000');
      expect(await lastFindings(bench)).toEqual([]);
    },
  );

  test('the first value of a repeated variable is used', async () => {
    const bench = openTestSimulator();
    const { NUMTRANS } = await post(bench, `${TEXT}&MONTANT=5`, FORM);
    expect((await bench.control('GET', `/payments/${NUMTRANS}`)).body.captured).toBe(1000);
  });
});

describe('the finding for a wrong HMAC names the mistake', () => {
  const { CLE: _, ...unsigned } = QUESTION;
  const fields = Object.entries({ ...unsigned, RANG: '63', REFERENCE: 'été 1', ARCHIVAGE: '', HASH: 'SHA512' }).map(([name, value]) => {
    const raw = String.fromCharCode(...new TextEncoder().encode(value));
    return { name, value, raw };
  });
  const messageOf = (chosen: typeof fields) => hmacMessage(chosen);
  const right = hmacHex('SHA512', TEST_HMAC_KEY, messageOf(fields));
  const encoded = fields.map((field) => ({ ...field, raw: encodeURIComponent(field.value) }));
  const keyAsText = [...TEST_HMAC_KEY].map((character) => character.charCodeAt(0).toString(16)).join('');

  const signed = async (HMAC: string, more: Variables = {}): Promise<TestSimulator> => {
    const bench = openTestSimulator();
    const pairs = Object.entries({ ...Object.fromEntries(fields.map(({ name, value }) => [name, value])), ...more, HMAC });
    await post(bench, encodeForm(pairs), FORM);
    return bench;
  };

  test.each([
    ['percent-encoded values', hmacHex('SHA512', TEST_HMAC_KEY, messageOf(encoded)), /percent-encoded/],
    ['the key as text', hmacHex('SHA512', keyAsText, messageOf(fields)), /key was used as text/],
    [
      'alphabetical order',
      hmacHex('SHA512', TEST_HMAC_KEY, messageOf([...fields].sort((a, b) => (a.name < b.name ? -1 : 1)))),
      /alphabetical order/,
    ],
    ['HASH left out', hmacHex('SHA512', TEST_HMAC_KEY, messageOf(fields.filter(({ name }) => name !== 'HASH'))), /HASH was left out/],
    [
      'empty values left out',
      hmacHex('SHA512', TEST_HMAC_KEY, messageOf(fields.filter(({ raw }) => raw !== ''))),
      /empty value were left out/,
    ],
    ['base64', Buffer.from(right, 'hex').toString('base64'), /it is base64/],
    ['something else in base64', Buffer.from('something else').toString('base64'), /differs from the one computed with SHA512/],
    ['base64 of a broken length', 'AAAAA', /differs from the one computed with SHA512/],
    ['something else', 'AB'.repeat(64), /differs from the one computed with SHA512/],
    ['something else, cut short', right.slice(0, 40), /differs from the one computed with SHA512/],
  ])('%s', async (_, HMAC, message) => {
    const bench = await signed(HMAC);
    const { CODEREPONSE, findings } = await lastEntry(bench);
    expect(CODEREPONSE).toBe('00006');
    expect(findings).toMatchObject([{ rule: 'hmac-differs', severity: 'error', message: expect.stringMatching(message) }]);
  });

  const latin1Of = (text: string): string => text.replaceAll('\u00e9', '%E9').replaceAll(' ', '+');
  const signedAs = (rawOf: (value: string) => string): string =>
    hmacHex('SHA512', TEST_HMAC_KEY, messageOf(fields.map(({ name, value }) => ({ name, value, raw: rawOf(value) }))));

  test.each([
    ['signed in ISO-8859-1 and sent in UTF-8', signedAs((value) => value), encodeURIComponent],
    ['signed in UTF-8 and sent in ISO-8859-1', right, latin1Of],
    [
      'a + was signed as +',
      signedAs((value) => String.fromCharCode(...new TextEncoder().encode(value.replaceAll(' ', '+')))),
      (value: string) => encodeURIComponent(value).replaceAll('%20', '+'),
    ],
  ])('%s', async (message, HMAC, encode) => {
    const bench = openTestSimulator();
    // The value with a space is the one with a + in the shop that signs the +.
    const body = [...fields.map(({ name, value }) => `${name}=${encode(value)}`), `HMAC=${HMAC}`].join('&');
    await post(bench, body, FORM);
    const { findings } = await lastEntry(bench);
    expect(findings).toMatchObject([{ rule: 'hmac-differs', message: expect.stringContaining(message) }]);
  });

  test('a variable that was added after signing', async () => {
    const bench = openTestSimulator();
    const pairs = [...fields.map(({ name, value }) => [name, value] as const), ['HMAC', right] as const, ['TYPECARTE', ''] as const];
    await post(bench, encodeForm(pairs), FORM);
    expect((await lastEntry(bench)).findings).toMatchObject([
      { rule: 'hmac-differs', message: expect.stringMatching(/added after signing/) },
    ]);
  });

  test('an unknown algorithm', async () => {
    const { findings } = await lastEntry(await signed(right, { HASH: 'MD5' }));
    expect(findings).toMatchObject([{ rule: 'hmac-differs', message: expect.stringMatching(/HASH=MD5 is not an algorithm/) }]);
  });

  test('an account without a key', async () => {
    const bench = openTestSimulator({ accounts: [{ SITE: '1999888', RANG: '63', hmacKey: '', auth: 'hmac' }] });
    await order(bench, { RANG: '63', HMAC: right });
    expect((await lastEntry(bench)).findings).toMatchObject([{ rule: 'hmac-differs', message: 'Account 1999888/063 has no HMAC key.' }]);
  });

  test('there is no finding for the right HMAC', async () => {
    const bench = await signed(right);
    expect(await lastEntry(bench)).toMatchObject({ CODEREPONSE: '00000', findings: [] });
  });

  test('the finding for a wrong HMAC does not contain the right one', async () => {
    expect(JSON.stringify(await lastEntry(await signed('AB'.repeat(64)))).toUpperCase()).not.toContain(right);
  });
});
