import { describe, expect, test } from 'vitest';
import { numbersOf } from '../support/question.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { follow, inquire, onSubscriber, order, register } from './orders.js';

const HEAD_OF_REPLY = [
  'NUMTRANS',
  'NUMAPPEL',
  'NUMQUESTION',
  'SITE',
  'RANG',
  'AUTORISATION',
  'CODEREPONSE',
  'COMMENTAIRE',
  'REFABONNE',
  'PORTEUR',
];
const ASKED_FOR = { 'SHA-1': '', TYPECARTE: '', PAYS: '' };
const USA = '4012001037141112';
const SHA1_OF_USA = '678AEDDA00FA890C9056626FFB5699C57BC602B0';

describe('the variables of a reply', () => {
  test('have the order of the gateway', async () => {
    const bench = openTestSimulator();
    const paid = await order(bench, { SITE: '1999888' });
    expect(Object.keys(paid)).toEqual(HEAD_OF_REPLY);
    expect(Object.keys(await order(bench, ASKED_FOR))).toEqual([...HEAD_OF_REPLY, 'PAYS', 'TYPECARTE', 'SHA-1']);
    bench.simulator.clock.remit();
    expect(Object.keys(await inquire(bench, paid, { PAYS: '' }))).toEqual([...HEAD_OF_REPLY, 'PAYS', 'STATUS', 'REMISE']);
  });

  test('are the same in a refusal, with zeros as numbers, no AUTORISATION, and three spaces as the country', async () => {
    const refused = await order(openTestSimulator(), { DATEVAL: '0120', ...ASKED_FOR });
    expect(Object.keys(refused)).toEqual([...HEAD_OF_REPLY, 'PAYS', 'TYPECARTE', 'SHA-1']);
    expect(refused).toMatchObject({ TYPECARTE: '', 'SHA-1': '' });
    expect(refused).toMatchObject({ CODEREPONSE: '00008', NUMTRANS: '0000000000', NUMAPPEL: '0000000000', AUTORISATION: '' });
    expect(refused).toMatchObject({ REFABONNE: '', PORTEUR: '', PAYS: '   ' });
    expect(Object.keys(await order(openTestSimulator(), { DATEVAL: '0120' }))).toEqual(HEAD_OF_REPLY);
  });

  test('are the same in a refusal of the issuer, with its own numbers and the country of the card', async () => {
    const bench = openTestSimulator({ rules: [{ answer: '00105' }] });
    const refused = await order(bench, { PORTEUR: USA, ...ASKED_FOR });
    expect(Object.keys(refused)).toEqual([...HEAD_OF_REPLY, 'PAYS', 'TYPECARTE', 'SHA-1']);
    expect(refused).toMatchObject({ TYPECARTE: 'cb2a5.2', 'SHA-1': '678AEDDA00FA890C9056626FFB5699C57BC602B0' });
    expect(refused).toMatchObject({ CODEREPONSE: '00105', COMMENTAIRE: 'Ne pas honorer', AUTORISATION: '', PORTEUR: '', PAYS: 'USA' });
    expect(refused.NUMTRANS).not.toBe('0000000000');
  });

  test('have AUTORISATION 000000 in a refusal of access only', async () => {
    const bench = openTestSimulator();
    const answers = await Promise.all([order(bench, { CLE: 'wrong-key' }), order(bench, { RANG: '33' }), order(bench, { DEVISE: '000' })]);
    expect(answers.map(({ CODEREPONSE, AUTORISATION }) => [CODEREPONSE, AUTORISATION])).toEqual([
      ['00006', '000000'],
      ['00006', '000000'],
      ['00010', ''],
    ]);
  });

  test.each(['00001', '00003', '00004', '00012'])('repeat neither REFABONNE nor PORTEUR on TYPE %s', async (TYPE) => {
    const bench = openTestSimulator();
    for (const [DATEVAL, code] of [
      ['1299', '00000'],
      ['0120', '00008'],
    ] as const) {
      const reply = await order(bench, { TYPE, DATEVAL, REFABONNE: 'alice' });
      expect(reply).toMatchObject({ CODEREPONSE: code, REFABONNE: '', PORTEUR: '' });
    }
  });

  test('repeat REFABONNE and PORTEUR as sent in the refusal of a subscriber operation', async () => {
    const bench = openTestSimulator();
    const sent = { REFABONNE: 'alice', PORTEUR: 'SLDLrcsLMPC        ' };
    for (const TYPE of ['00051', '00053', '00054', '00061']) {
      const reply = await bench.ask({ TYPE, ...onSubscriber({}), ...sent });
      expect(reply, TYPE).toMatchObject({ CODEREPONSE: '00017', AUTORISATION: '', ...sent });
    }
    for (const TYPE of ['00056', '00057']) {
      const reply = await register(bench, { TYPE, DATEVAL: '0120' });
      expect(reply, TYPE).toMatchObject({ REFABONNE: 'alice', PORTEUR: '1111222233334444' });
      expect(reply.CODEREPONSE, TYPE).toBe(TYPE === '00056' ? '00008' : '00017');
    }
    const unnamed = await follow(bench, '00052', { NUMTRANS: '1', NUMAPPEL: '1' }, '1000', { REFABONNE: 'alice' });
    expect(unnamed).toMatchObject({ CODEREPONSE: '00017', REFABONNE: 'alice', PORTEUR: '' });
  });

  test.each([
    ['00189', '*** Code erreur en retour de la banque inconnu ***'],
    ['00114', 'Numéro de porteur invalide'],
    ['00115', 'Emetteur de carte inconnu'],
    ['00151', 'Provision insuffisante ou crédit dépassé'],
    ['00015', 'PAYBOX : Transaction non trouvée'],
  ])('have the COMMENTAIRE of %s with the prefix only if the gateway itself refuses', async (answer, COMMENTAIRE) => {
    const bench = openTestSimulator({ rules: [{ answer }] });
    expect(await order(bench)).toMatchObject({ CODEREPONSE: answer, COMMENTAIRE });
  });

  test.each([
    ['32', '7', '1999888'],
    ['032', '0000000007', '1999888'],
    ['32', '2147483647', '1999888'],
  ])('echo RANG=%s and NUMQUESTION=%s verbatim', async (RANG, NUMQUESTION, SITE) => {
    const bench = openTestSimulator();
    expect(await order(bench, { RANG, NUMQUESTION })).toMatchObject({ RANG, NUMQUESTION, SITE, CODEREPONSE: '00000' });
    expect(await order(bench, { RANG, NUMQUESTION: '9', CLE: 'wrong-key' })).toMatchObject({ RANG, SITE, CODEREPONSE: '00006' });
  });

  test('include the country, the type and the SHA-1 of the card on request', async () => {
    const bench = openTestSimulator();
    expect(await order(bench, { PORTEUR: USA, ...ASKED_FOR })).toMatchObject({ PAYS: 'USA', TYPECARTE: 'cb2a5.2', 'SHA-1': SHA1_OF_USA });
    expect(await order(bench, { PAYS: 'whatever' })).toMatchObject({ PAYS: '???' });
  });

  test('include them for later operations, which send no card', async () => {
    const bench = openTestSimulator();
    const authorized = await order(bench, { TYPE: '00001', PORTEUR: USA });
    const captured = await follow(bench, '00002', authorized, '1000', ASKED_FOR);
    const refunded = await follow(bench, '00014', captured, '400', ASKED_FOR);
    const inquired = await inquire(bench, authorized, ASKED_FOR);
    for (const reply of [captured, refunded, inquired]) {
      expect(reply).toMatchObject({ PAYS: 'USA', TYPECARTE: 'cb2a5.2', 'SHA-1': SHA1_OF_USA });
    }
  });

  test('include them for the card of a subscriber, which was sent at the registration', async () => {
    const bench = openTestSimulator();
    const registration = await register(bench, { PORTEUR: USA });
    const paid = await bench.ask({ TYPE: '00053', ...onSubscriber(registration), ...ASKED_FOR });
    expect(paid).toMatchObject({ PAYS: 'USA', TYPECARTE: 'cb2a5.2', 'SHA-1': SHA1_OF_USA });
  });
});

describe('numbers without their leading zeros', () => {
  test('are accepted in TYPE, VERSION, MONTANT, NUMQUESTION, NUMTRANS and NUMAPPEL', async () => {
    const bench = openTestSimulator();
    const bare = (number = '') => String(Number(number));
    const authorized = await order(bench, { TYPE: '1', VERSION: '103', MONTANT: '0000001000', NUMQUESTION: '0000000042' });
    expect(authorized.CODEREPONSE).toBe('00000');
    const numbers = { NUMTRANS: bare(authorized.NUMTRANS), NUMAPPEL: bare(authorized.NUMAPPEL) };
    expect(numbers).not.toEqual(numbersOf(authorized));
    expect((await follow(bench, '2', numbers, '1000')).CODEREPONSE).toBe('00000');
    expect(await inquire(bench, numbers, { TYPE: '17' })).toMatchObject({ STATUS: 'Capturé', ...numbersOf(authorized) });
    expect((await order(bench, { TYPE: '1', NUMQUESTION: '42' })).CODEREPONSE).toBe('00005');
  });

  test('are accepted in the TYPE of a subscriber operation', async () => {
    const bench = openTestSimulator();
    const registration = await register(bench, { TYPE: '56' });
    expect((await bench.ask({ TYPE: '53', ...onSubscriber(registration) })).CODEREPONSE).toBe('00000');
  });
});
