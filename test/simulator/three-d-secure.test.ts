import { describe, expect, test } from 'vitest';
import type { Variables } from '../support/question.js';
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
  test.each([ENROLLED, NOT_ENROLLED])('refuses a question with %o and no result of 3-D Secure', async (card) => {
    const reply = await order(openTestSimulator(), { ...REQUIRED, ...card });
    expect(reply).toMatchObject({ CODEREPONSE: '00112', COMMENTAIRE: 'Transaction invalide', NUMTRANS: '0000000000' });
    expect((await order(openTestSimulator(), { ...REQUIRED, ...card, TYPE: '00001' })).CODEREPONSE).toBe('00112');
    expect((await register(openTestSimulator(), { ...REQUIRED, ...card })).CODEREPONSE).toBe('00112');
    expect((await order(openTestSimulator(), { ...REQUIRED, ...card, ID3D: '00000000' })).CODEREPONSE).toBe('00112');
  });

  test('refuses an enrolled card that was not authenticated', async () => {
    const reply = await order(openTestSimulator(), { ...REQUIRED, ...ENROLLED, '3DENROLLED': 'N' });
    expect(reply).toMatchObject({ CODEREPONSE: '00040', COMMENTAIRE: 'PAYBOX : Porteur enrôlé mais non authentifié' });
    expect((await order(openTestSimulator(), { ...REQUIRED, ...ENROLLED, '3DENROLLED': 'Y', TYPE: '00001' })).CODEREPONSE).toBe('00040');
    expect((await register(openTestSimulator(), { ...REQUIRED, ...ENROLLED, '3DENROLLED': 'Y' })).CODEREPONSE).toBe('00040');
  });

  test('accepts a card that an external MPI reports as not enrolled', async () => {
    expect((await order(openTestSimulator(), { ...REQUIRED, ...NOT_ENROLLED, '3DENROLLED': 'N' })).CODEREPONSE).toBe('00000');
  });

  test.each([
    ['Y', '00000'],
    ['A', '00000'],
    ['N', '00017'],
    ['U', '00040'],
    ['', '00112'],
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
    await order(bench, { ...REQUIRED, ...ENROLLED, '3DSTATUS': 'U' });
    await order(bench, { ...REQUIRED, ...ENROLLED, '3DSTATUS': 'N' });
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
    ['0000000001', '00041'],
  ])('%s is answered %s', async (ID3D, code) => {
    expect((await order(benchWithContexts(), { RANG, ...ENROLLED, ID3D })).CODEREPONSE).toBe(code);
  });
});

test('an ID3D of zeros counts as none', async () => {
  for (const ID3D of ['0', '00000000', '00000000000000000000']) {
    expect((await order(openTestSimulator(), { ...ENROLLED, ID3D })).CODEREPONSE, ID3D).toBe('00000');
  }
});

const UUID = 'f25084f0-5b16-4c0a-ae5d-b24808a95e4b';
const ACCEPTED = { '3DSTATUS': 'Y', '3DECI': '05', '3DENROLLED': 'Y', '3DSIGNVAL': 'Y', '3DERROR': '0' };
const VERSION_2 = { ...ACCEPTED, VERSION3DS: '2.1.0', DSTRANSID: UUID, ACSTRANSID: UUID.toUpperCase() };

/** The results of an external 3-D Secure server, and how each is answered on every account. */
const EXTERNAL: readonly (readonly [what: string, sent: Variables, code: string, comment: string])[] = [
  ['an authentication of version 1', ACCEPTED, '00000', 'Demande traitée avec succès'],
  ['an authentication of version 2', VERSION_2, '00000', 'Demande traitée avec succès'],
  ['3DSTATUS=N', { ...ACCEPTED, '3DSTATUS': 'N' }, '00017', 'Statut PARes 3DS invalide'],
  ['3DSTATUS=N of version 2', { ...VERSION_2, '3DSTATUS': 'N' }, '00017', 'Statut PARes 3DS invalide'],
  ['3DECI=00', { ...ACCEPTED, '3DECI': '00' }, '00040', 'PAYBOX : Transaction refusée'],
  ['3DECI=00 of version 1.0.2', { ...ACCEPTED, '3DECI': '00', VERSION3DS: '1.0.2' }, '00040', 'PAYBOX : Transaction refusée'],
  ['3DECI=00 of version 2', { ...VERSION_2, '3DECI': '00' }, '00017', 'Signature PARes 3DS invalide'],
  ['a DSTRANSID that is not a UUID', { ...VERSION_2, DSTRANSID: '1234' }, '00014', 'PAYBOX : Trame reçue invalide'],
  ['an ACSTRANSID that is not a UUID', { ...VERSION_2, ACSTRANSID: UUID.replace('f', 'g') }, '00014', 'PAYBOX : Trame reçue invalide'],
];

describe.each(['69', '32', '222'])('the results of an external 3-D Secure server on account 1999888/%s', (RANG) => {
  test.each(EXTERNAL)('%s', async (_, sent, CODEREPONSE, COMMENTAIRE) => {
    const bench = openTestSimulator();
    for (const TYPE of ['00001', '00003']) {
      expect(await order(bench, { RANG, ...ENROLLED, ...sent, TYPE }), TYPE).toMatchObject({ CODEREPONSE, COMMENTAIRE });
    }
    expect(await register(bench, { RANG, ...ENROLLED, ...sent })).toMatchObject({ CODEREPONSE, COMMENTAIRE });
  });

  test('are not judged by operations that do not ask the issuer', async () => {
    const reply = await order(openTestSimulator(), { RANG, ...ENROLLED, TYPE: '00004', '3DSTATUS': 'N' });
    expect(reply.CODEREPONSE).toBe('00000');
  });
});
