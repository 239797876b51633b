import { describe, expect, test } from 'vitest';
import { openTestSimulator } from '../support/test-simulator.js';
import { follow, inquire, order, register } from './orders.js';

const ENROLLED = { PORTEUR: '4012001037141112' };
const NOT_ENROLLED = { PORTEUR: '4012001038443335' };
const REQUIRED = { RANG: '69' };

const benchWithContexts = () =>
  openTestSimulator({
    accounts: [
      { SITE: '1999888', RANG: '69', id3d: { '1': 'authenticated', '2': 'failed' } },
      { SITE: '1999888', RANG: '32', id3d: { '1': 'authenticated', '2': 'failed' } },
    ],
  });

describe('an account with 3-D Secure', () => {
  test('refuses an enrolled card that was not authenticated', async () => {
    const reply = await order(openTestSimulator(), { ...REQUIRED, ...ENROLLED });
    expect(reply).toMatchObject({ CODEREPONSE: '00040', COMMENTAIRE: 'PAYBOX : Porteur enrôlé mais non authentifié' });
    expect((await order(openTestSimulator(), { ...REQUIRED, ...ENROLLED, TYPE: '00001' })).CODEREPONSE).toBe('00040');
    expect((await register(openTestSimulator(), { ...REQUIRED, ...ENROLLED })).CODEREPONSE).toBe('00040');
  });

  test('accepts a card that is not enrolled', async () => {
    expect((await order(openTestSimulator(), { ...REQUIRED, ...NOT_ENROLLED })).CODEREPONSE).toBe('00000');
  });

  test.each([
    ['Y', '00000'],
    ['A', '00000'],
    ['N', '00040'],
    ['U', '00040'],
    ['', '00040'],
  ])('answers 3DSTATUS=%s of an external MPI with %s', async (status, code) => {
    expect((await order(openTestSimulator(), { ...REQUIRED, ...ENROLLED, '3DSTATUS': status })).CODEREPONSE).toBe(code);
  });

  test('accepts from an external MPI that a card is enrolled', async () => {
    expect((await order(openTestSimulator(), { ...REQUIRED, ...NOT_ENROLLED, '3DENROLLED': 'Y' })).CODEREPONSE).toBe('00040');
  });

  test('requires no authentication for operations that do not ask the issuer', async () => {
    const bench = openTestSimulator();
    for (const TYPE of ['00004', '00012']) {
      expect((await order(bench, { ...REQUIRED, ...ENROLLED, TYPE })).CODEREPONSE, TYPE).toBe('00000');
    }
  });

  test('requires no authentication for later operations', async () => {
    const bench = benchWithContexts();
    const authorized = await order(bench, { ...REQUIRED, ...ENROLLED, TYPE: '00001', ID3D: '1' });
    expect((await follow(bench, '00002', authorized, '1000', REQUIRED)).CODEREPONSE).toBe('00000');
  });

  test('makes no payment if it refuses the card', async () => {
    const bench = openTestSimulator();
    await order(bench, { ...REQUIRED, ...ENROLLED });
    expect((await bench.control('GET', '/payments')).body.payments).toEqual([]);
  });
});

test('an account without 3-D Secure accepts an enrolled card', async () => {
  const bench = openTestSimulator();
  const paid = await order(bench, ENROLLED);
  expect((await inquire(bench, paid)).STATUS).toBe('Capturé');
});

describe.each(['69', '32'])('ID3D on account 1999888/%s', (RANG) => {
  test.each([
    ['1', '00000'],
    ['2', '00040'],
    ['3', '00041'],
    ['constructor', '00041'],
  ])('%s is answered %s', async (ID3D, code) => {
    expect((await order(benchWithContexts(), { RANG, ...ENROLLED, ID3D })).CODEREPONSE).toBe(code);
  });
});
