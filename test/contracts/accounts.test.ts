import { describe, expect, test } from 'vitest';
import { accountId, GATEWAY_HOSTS, GATEWAY_PATH, TEST_ACCOUNTS, TEST_HMAC_KEY } from '../../contracts/index.js';

describe('published test accounts', () => {
  test('are those of the protocol sheet', () => {
    expect(TEST_ACCOUNTS.map(({ SITE, RANG, IDENTIFIANT, CLE, hmacKey }) => [SITE, RANG, IDENTIFIANT, CLE, hmacKey !== ''])).toEqual([
      ['1999888', '32', '107904482', '1999888I', true],
      ['1999888', '99', '', '1999888I', false],
      ['1999888', '222', '', '1999888I', false],
      ['1999888', '85', '2', '1999888I', true],
      ['1999888', '69', '109518543', '1999888I', true],
      ['1999888', '63', '109518543', '', true],
      ['1999888', '100', '', '', true],
      ['1999888', '43', '107975626', '1999888I', false],
      ['1999888', '77', '3262411', '1999888I', false],
      ['1999887', '32', '215', '1999888I', false],
      ['1999887', '63', '222', '', true],
    ]);
  });

  test.each(TEST_ACCOUNTS)('$SITE/$RANG has the keys of its authentication method', ({ auth, CLE, hmacKey }) => {
    expect(auth).toBe(CLE === '' ? 'hmac' : hmacKey === '' ? 'cle' : 'either');
    if (hmacKey !== '') expect(hmacKey).toBe(TEST_HMAC_KEY);
  });

  test('one requires 3-D Secure', () => {
    expect(TEST_ACCOUNTS.filter(({ threeDSecure }) => threeDSecure === 'required').map(({ RANG }) => RANG)).toEqual(['69']);
    expect(TEST_ACCOUNTS.filter(({ threeDSecure }) => threeDSecure === 'off').map(({ RANG }) => RANG)).toEqual(['85']);
  });

  test('have an HMAC key of 64 bytes', () => {
    expect(TEST_HMAC_KEY).toMatch(/^(0123456789ABCDEF){8}$/);
  });
});

describe('accountId', () => {
  test('is the same for RANG 32 and 032', () => {
    expect(accountId('1999888', '32')).toBe('1999888/032');
    expect(accountId('1999888', '032')).toBe('1999888/032');
  });

  test('is different for each test account', () => {
    expect(new Set(TEST_ACCOUNTS.map(({ SITE, RANG }) => accountId(SITE, RANG))).size).toBe(TEST_ACCOUNTS.length);
  });

  test('is different for RANG 32 and 320', () => {
    expect(accountId('1999888', '320')).not.toBe(accountId('1999888', '32'));
  });
});

test('the hosts and the path of the gateway are the documented ones', () => {
  expect(GATEWAY_HOSTS.map(({ host, role }) => [host, role])).toEqual([
    ['ppps.paybox.com', 'production'],
    ['ppps1.paybox.com', 'backup'],
    ['preprod-ppps.paybox.com', 'test'],
    ['ppps.e-transactions.fr', 'production'],
    ['ppps1.e-transactions.fr', 'backup'],
    ['preprod-ppps.e-transactions.fr', 'test'],
    ['recette-ppps.e-transactions.fr', 'test'],
    ['tpeweb.paybox.com', 'production'],
    ['tpeweb1.paybox.com', 'backup'],
    ['preprod-tpeweb.paybox.com', 'test'],
    ['tpeweb.e-transactions.fr', 'production'],
    ['tpeweb1.e-transactions.fr', 'backup'],
    ['preprod-tpeweb.e-transactions.fr', 'test'],
    ['recette-tpeweb.e-transactions.fr', 'test'],
  ]);
  expect(GATEWAY_PATH).toBe('/PPPS.php');
});
