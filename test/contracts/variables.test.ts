import { expect, test } from 'vitest';
import {
  ACTIVITIES,
  HASH_NAMES,
  hmacHex,
  MANDATORY_ORDER,
  NUMQUESTION_MAX,
  TEST_HMAC_KEY,
  VARIABLE_BY_NAME,
  VARIABLES,
  VERSIONS,
} from '../../contracts/index.js';

// See docs/protocol.md#section-2.
const SHEET =
  'VERSION TYPE SITE RANG IDENTIFIANT CLE HASH HMAC NUMQUESTION DATEQ MONTANT DEVISE REFERENCE REFABONNE PORTEUR DATEVAL CVV ACTIVITE ' +
  'ARCHIVAGE DIFFERE NUMAPPEL NUMTRANS AUTORISATION PAYS TYPECARTE SHA-1 DATENAISS ACQUEREUR PRIV_CODETRAITEMENT ID3D ' +
  '3DCAVV 3DCAVVALGO 3DECI 3DENROLLED 3DERROR 3DSIGNVAL 3DSTATUS 3DXID ' +
  'VERSION3DS DSTRANSID ACSTRANSID NOMMARCHANDAUTHENT ADRESSEIPAUTHENT TYPEAUTH3DS TYPOLOGIETRANS3DS SOUHAITAUTH3DS TYPEPREUVE3DS ' +
  'ADRESSEPORTEUR CODEPOSTALPORTEUR ADRESSELIVRAISON CODEPOSTALLIVRAISON PAYSLIVRAISON NBARTICLES SHOPPINGCART ERRORCODETEST URL_ENCODE';

test('the gateway knows the variables of the protocol sheet and no others', () => {
  expect(VARIABLES.map(({ name }) => name)).toEqual(SHEET.split(' '));
  expect([...VARIABLE_BY_NAME.keys()]).toEqual(SHEET.split(' '));
});

test.each([
  ['VERSION', 'digits', 5],
  ['TYPE', 'digits', 5],
  ['SITE', 'digits', 7],
  ['RANG', 'digits', 3],
  ['IDENTIFIANT', 'digits', 9],
  ['CLE', 'text', 10],
  ['NUMQUESTION', 'digits', 10],
  ['DATEQ', 'digits', 14],
  ['MONTANT', 'digits', 10],
  ['DEVISE', 'digits', 3],
  ['REFERENCE', 'text', 250],
  ['REFABONNE', 'text', 250],
  ['PORTEUR', 'text', 19],
  ['DATEVAL', 'digits', 4],
  ['CVV', 'digits', 4],
  ['ACTIVITE', 'digits', 3],
  ['ARCHIVAGE', 'text', 12],
  ['DIFFERE', 'digits', 3],
  ['NUMAPPEL', 'digits', 10],
  ['NUMTRANS', 'digits', 10],
  ['AUTORISATION', 'text', 10],
  ['DATENAISS', 'digits', 8],
  ['PRIV_CODETRAITEMENT', 'digits', 3],
  ['ID3D', 'digits', 20],
  ['3DCAVV', 'text', 28],
  ['3DXID', 'text', 28],
  ['3DCAVVALGO', 'text', 64],
  ['3DECI', 'text', 2],
  ['3DERROR', 'text', 6],
  ['3DENROLLED', 'text', 1],
  ['3DSIGNVAL', 'text', 1],
  ['3DSTATUS', 'text', 1],
  ['NOMMARCHANDAUTHENT', 'text', 25],
  ['ERRORCODETEST', 'text', 5],
])('%s is %s, at most %i long', (name, format, longest) => {
  expect(VARIABLE_BY_NAME.get(name)).toMatchObject({ format, length: [expect.any(Number), longest] });
});

test('the length of HMAC is that of the shortest and the longest signature', () => {
  const lengths = HASH_NAMES.map((hash) => hmacHex(hash, TEST_HMAC_KEY, '').length);
  expect(VARIABLE_BY_NAME.get('HMAC')?.length).toEqual([Math.min(...lengths), Math.max(...lengths)]);
});

test('variables that count by their presence may be empty', () => {
  const asking = VARIABLES.filter(({ format }) => format === 'presence');
  expect(asking.map(({ name, length: [shortest] }) => [name, shortest])).toEqual([
    ['PAYS', 0],
    ['TYPECARTE', 0],
    ['SHA-1', 0],
  ]);
});

test.each([
  ['MONTANT', 7],
  ['REFABONNE', 10],
  ['NUMAPPEL', 13],
])('a missing %s has the observed keyword %i', (name, keyword) => {
  expect(MANDATORY_ORDER.indexOf(name)).toBe(keyword);
});

test('the order of mandatory variables is that of the protocol sheet', () => {
  expect(MANDATORY_ORDER.join(' ')).toBe(
    'VERSION DATEQ TYPE NUMQUESTION SITE RANG CLE MONTANT DEVISE REFERENCE REFABONNE PORTEUR DATEVAL NUMAPPEL NUMTRANS',
  );
});

test('question numbers, channels and versions have the documented values', () => {
  expect(NUMQUESTION_MAX).toBe(2 ** 31 - 1);
  expect([...ACTIVITIES]).toEqual(['020', '021', '022', '023', '024', '027']);
  expect(VERSIONS).toEqual({ direct: 103, directPlus: 104 });
});

test.each(VARIABLES)('$name has a meaning in both languages', ({ meaning, length: [shortest, longest] }) => {
  expect(meaning.en).not.toBe('');
  expect(meaning.fr).not.toBe('');
  expect(shortest).toBeLessThanOrEqual(longest);
});
