import { describe, expect, test } from 'vitest';
import { decodeReply, encodeForm, type HashName, TEST_HMAC_KEY, withCredentials } from '../../contracts/index.js';
import { HEAD, type Variables } from '../support/question.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { ORDER, order } from './orders.js';

const ZEROS = { NUMTRANS: '0000000000', NUMAPPEL: '0000000000', AUTORISATION: '000000', CODEREPONSE: '00006' };
const WRONG_HMAC = { ...ZEROS, COMMENTAIRE: 'HMAC invalide' };
const { CLE: _, ...HEAD_WITHOUT_CLE } = HEAD;
const OTHER_KEY = 'FEDCBA9876543210'.repeat(8);

/** Sends a signed question. `change` replaces variables after it was signed. */
async function askSigned(
  variables: Variables,
  hmacKey = TEST_HMAC_KEY,
  hash: HashName = 'SHA512',
  change: Variables = {},
): Promise<Variables> {
  const pairs = Object.entries({ ...HEAD_WITHOUT_CLE, NUMQUESTION: '1', TYPE: '00003', ...ORDER, ...variables });
  const signed = Object.entries({ ...Object.fromEntries(withCredentials(pairs, { hmacKey, hash })), ...change });
  const request = new Request('http://localhost/PPPS.php', { method: 'POST', body: encodeForm(signed) });
  const response = await openTestSimulator().simulator.fetch(request);
  return Object.fromEntries(decodeReply(new Uint8Array(await response.arrayBuffer())));
}

describe('access by CLE', () => {
  test.each([
    ['1999888', '32'],
    ['1999888', '032'],
    ['1999888', '99'],
    ['1999888', '222'],
    ['1999888', '85'],
    ['1999888', '69'],
    ['1999888', '43'],
    ['1999888', '77'],
    ['1999887', '32'],
  ])('is accepted on account %s/%s', async (SITE, RANG) => {
    expect((await order(openTestSimulator(), { SITE, RANG, '3DSTATUS': 'Y' })).CODEREPONSE).toBe('00000');
  });

  test.each(['1999888i', '1999888', '', '1999888I '])('is refused with a CLE of "%s"', async (CLE) => {
    expect(await order(openTestSimulator(), { CLE })).toMatchObject({
      ...ZEROS,
      COMMENTAIRE: 'PAYBOX : Accès refusé ou site/rang/clé invalide',
    });
  });

  test.each([{ SITE: '1999889' }, { RANG: '33' }, { SITE: '' }, { RANG: '' }, { RANG: '0032' }])(
    'is refused for an unknown account (%o)',
    async (account) => {
      expect(await order(openTestSimulator(), account)).toMatchObject({ ...ZEROS, COMMENTAIRE: 'Non autorise' });
    },
  );

  test.each([
    ['1999888', '63'],
    ['1999888', '100'],
    ['1999887', '63'],
  ])('is refused on account %s/%s, which requires an HMAC', async (SITE, RANG) => {
    const reply = await order(openTestSimulator(), { SITE, RANG });
    expect(reply).toMatchObject(ZEROS);
    expect(reply.COMMENTAIRE).toBe('HMAC requis');
  });
});

describe('access by HMAC', () => {
  test.each(['SHA512', 'SHA384', 'SHA256', 'SHA224', 'RIPEMD160'] as const)('is accepted with %s', async (hash) => {
    expect((await askSigned({ RANG: '63' }, TEST_HMAC_KEY, hash)).CODEREPONSE).toBe('00000');
  });

  test.each([
    ['1999888', '32'],
    ['1999888', '100'],
    ['1999887', '63'],
  ])('is accepted on account %s/%s', async (SITE, RANG) => {
    expect((await askSigned({ SITE, RANG })).CODEREPONSE).toBe('00000');
  });

  test('is computed over UTF-8 and may be in upper or lower case', async () => {
    const pairs = Object.entries({ ...HEAD_WITHOUT_CLE, RANG: '63', NUMQUESTION: '1', TYPE: '00003', ...ORDER, REFERENCE: 'été & hiver' });
    const HMAC = new Map(withCredentials(pairs, { hmacKey: TEST_HMAC_KEY })).get('HMAC') ?? '';
    expect((await askSigned({ RANG: '63', REFERENCE: 'été & hiver' })).CODEREPONSE).toBe('00000');
    const lower = await askSigned({ RANG: '63', REFERENCE: 'été & hiver' }, TEST_HMAC_KEY, 'SHA512', { HMAC: HMAC.toLowerCase() });
    expect(lower.CODEREPONSE).toBe('00000');
  });

  test('is refused with another key, and after any change of the question', async () => {
    expect(await askSigned({ RANG: '63' }, OTHER_KEY)).toMatchObject(WRONG_HMAC);
    expect(await askSigned({ RANG: '63' }, TEST_HMAC_KEY, 'SHA512', { MONTANT: '1001' })).toMatchObject(WRONG_HMAC);
    expect(await askSigned({ RANG: '63' }, TEST_HMAC_KEY, 'SHA512', { HASH: 'SHA256' })).toMatchObject(WRONG_HMAC);
    expect(await askSigned({ RANG: '63' }, TEST_HMAC_KEY, 'SHA512', { HASH: 'MD5' })).toMatchObject(WRONG_HMAC);
    expect(await askSigned({ RANG: '63' }, TEST_HMAC_KEY, 'SHA512', { ARCHIVAGE: 'added' })).toMatchObject(WRONG_HMAC);
  });

  test('is refused if it is wrong, even with the right CLE', async () => {
    expect(await askSigned({ CLE: '1999888I' }, OTHER_KEY)).toMatchObject(WRONG_HMAC);
  });
});

describe('the auth setting', () => {
  const account = { SITE: '1234567', RANG: '1', CLE: 'secret-key', hmacKey: TEST_HMAC_KEY };
  const identity = { SITE: '1234567', RANG: '1', CLE: 'secret-key' };

  test('depends by default on the keys that the account has', () => {
    const authOf = (secrets: { CLE?: string; hmacKey?: string }) =>
      openTestSimulator({ accounts: [{ SITE: '1234567', RANG: '1', ...secrets }] }).simulator.gateway.account('1234567', '1')?.auth;
    expect(authOf({ CLE: 'secret-key' })).toBe('cle');
    expect(authOf({ hmacKey: TEST_HMAC_KEY })).toBe('hmac');
    expect(authOf({ CLE: 'secret-key', hmacKey: TEST_HMAC_KEY })).toBe('either');
  });

  test.each([
    ['cle', '00000'],
    ['either', '00000'],
    ['hmac', '00006'],
  ] as const)('%s answers the right CLE with %s', async (auth, code) => {
    expect((await order(openTestSimulator({ accounts: [{ ...account, auth }] }), identity)).CODEREPONSE).toBe(code);
  });

  test('can be changed while the gateway runs', async () => {
    const bench = openTestSimulator();
    bench.simulator.gateway.setAccount({ SITE: '1999888', RANG: '032', auth: 'hmac' });
    expect((await order(bench)).CODEREPONSE).toBe('00006');
    bench.simulator.gateway.setAccount({ SITE: '1999888', RANG: '032', auth: 'either' });
    expect((await order(bench)).CODEREPONSE).toBe('00000');
  });

  test('cle ignores an HMAC', async () => {
    const bench = openTestSimulator({ accounts: [{ ...account, auth: 'cle' }] });
    expect((await order(bench, { ...identity, HMAC: 'ABCD' })).CODEREPONSE).toBe('00000');
    expect((await order(bench, { ...identity, HMAC: 'ABCD', CLE: 'other-key' })).CODEREPONSE).toBe('00006');
  });
});
