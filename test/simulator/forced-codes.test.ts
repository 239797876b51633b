import { describe, expect, test } from 'vitest';
import { ISSUER_CODES, magicAmount, magicCard, RESPONSE_CODES } from '../../contracts/index.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { follow, inquire, lastEntry, ORDER, onSubscriber, order, register } from './orders.js';

const exists = { TYPE: '00011', MONTANT: ORDER.MONTANT ?? '', DEVISE: '978', REFERENCE: 'order-1' };
const CODES = RESPONSE_CODES.map(({ code }) => code).filter((code) => code !== '00000');
const ISSUER_REFUSALS = ISSUER_CODES.map(({ code }) => `001${code}`).filter((code) => code !== '00100');
const GATEWAY_CODES = CODES.filter((code) => !code.startsWith('001'));

describe('ERRORCODETEST', () => {
  test('answers with every code and its text', async () => {
    const bench = openTestSimulator();
    for (const ERRORCODETEST of CODES) {
      const reply = await order(bench, { ERRORCODETEST });
      expect(reply).toMatchObject({ CODEREPONSE: ERRORCODETEST, NUMTRANS: '0000000000' });
      expect(reply.COMMENTAIRE).toMatch(ERRORCODETEST.startsWith('001') ? /^(?!PAYBOX)./ : /^PAYBOX : ./);
    }
  });

  test.each([
    ['12345', '12345', 'PAYBOX : Refus 12345'],
    ['00201', '00201', 'PAYBOX : Refus 00201'],
    ['001A1', '001A1', '*** Code erreur en retour de la banque inconnu ***'],
    ['00162', '00162', '*** Code erreur en retour de la banque inconnu ***'],
    ['abcde', 'abcde', 'PAYBOX : Refus abcde'],
    ['abc', '00abc', 'PAYBOX : Refus 00abc'],
  ])('of "%s", which is not in the table of codes, answers %s', async (ERRORCODETEST, CODEREPONSE, COMMENTAIRE) => {
    const bench = openTestSimulator();
    expect(await order(bench, { ERRORCODETEST })).toMatchObject({ CODEREPONSE, COMMENTAIRE, NUMTRANS: '0000000000' });
    expect((await lastEntry(bench)).CODEREPONSE).toBe(CODEREPONSE);
    expect((await bench.control('GET', '/payments')).body.payments).toEqual([]);
  });

  test('changes no state: makes no payment, and the question number can be used again', async () => {
    const bench = openTestSimulator();
    for (const ERRORCODETEST of ['00097', '00105']) {
      expect((await order(bench, { NUMQUESTION: '7', ERRORCODETEST })).CODEREPONSE).toBe(ERRORCODETEST);
    }
    expect((await bench.control('GET', '/payments')).body.payments).toEqual([]);
    expect((await order(bench, { NUMQUESTION: '7' })).CODEREPONSE).toBe('00000');
  });

  test('does not change the payment that the question names', async () => {
    const bench = openTestSimulator();
    const paid = await order(bench);
    expect((await follow(bench, '00014', paid, '1000', { ERRORCODETEST: '00003' })).CODEREPONSE).toBe('00003');
    expect((await inquire(bench, paid)).STATUS).toBe('Capturé');
  });

  test.each(['', '0', '00000', '123456', '001-5', '001 5', '0010é'])('of "%s" changes nothing', async (ERRORCODETEST) => {
    expect((await order(openTestSimulator(), { ERRORCODETEST })).CODEREPONSE).toBe('00000');
  });

  test('may be sent without leading zeros', async () => {
    expect((await order(openTestSimulator(), { ERRORCODETEST: '105' })).CODEREPONSE).toBe('00105');
  });

  test('is ignored if errorCodeTest is false', async () => {
    const bench = openTestSimulator({ accounts: [{ SITE: '1999888', RANG: '32', errorCodeTest: false }] });
    expect((await order(bench, { ERRORCODETEST: '00105' })).CODEREPONSE).toBe('00000');
  });
});

describe('magic cards', () => {
  test('request every code', async () => {
    const bench = openTestSimulator();
    for (const code of CODES) expect((await order(bench, { PORTEUR: magicCard(code) })).CODEREPONSE).toBe(code);
  });

  test.each([
    ['00002', '00105'],
    ['00002', '00015'],
    ['00005', '00003'],
    ['00013', '00011'],
    ['00017', '00099'],
  ])('make TYPE %s answer %s, and do not affect other operations', async (TYPE, code) => {
    const bench = openTestSimulator();
    const authorized = await order(bench, { TYPE: '00001', PORTEUR: magicCard(code, TYPE) });
    expect(authorized.CODEREPONSE).toBe('00000');
    expect((await follow(bench, TYPE, authorized, '1000')).CODEREPONSE).toBe(code);
    expect((await follow(bench, TYPE, authorized, '1000')).CODEREPONSE).toBe(code);
    const other = TYPE === '00002' ? '00005' : '00002';
    expect((await follow(bench, other, authorized, '1000')).CODEREPONSE).toBe('00000');
  });

  test('make a refund answer their code after an accepted capture', async () => {
    const bench = openTestSimulator();
    const authorized = await order(bench, { TYPE: '00001', PORTEUR: magicCard('00011', '00014') });
    const captured = await follow(bench, '00002', authorized, '1000');
    expect(captured.CODEREPONSE).toBe('00000');
    expect((await follow(bench, '00014', captured, '1000')).CODEREPONSE).toBe('00011');
    expect((await inquire(bench, captured)).STATUS).toBe('Capturé');
  });

  test('make a payment of a subscriber (00053) answer their code after an accepted registration (00056)', async () => {
    const bench = openTestSimulator();
    const registration = await register(bench, { PORTEUR: magicCard('00151', '00053') });
    expect(registration.CODEREPONSE).toBe('00000');
    expect((await bench.ask({ TYPE: '00051', ...onSubscriber(registration) })).CODEREPONSE).toBe('00000');
    const refused = await bench.ask({ TYPE: '00053', ...onSubscriber(registration), REFERENCE: 'renewal-2' });
    expect(refused.CODEREPONSE).toBe('00151');
    expect((await inquire(bench, refused)).STATUS).toBe('Refusé');
  });

  test('make the debit (00052) of a subscriber answer their code', async () => {
    const bench = openTestSimulator();
    const registration = await register(bench, { PORTEUR: magicCard('00003', '00052') });
    const authorized = await bench.ask({ TYPE: '00051', ...onSubscriber(registration) });
    for (const earlier of [registration, authorized]) {
      expect((await follow(bench, '00052', earlier, '1000', { REFABONNE: 'alice' })).CODEREPONSE).toBe('00003');
    }
  });

  test.each([
    ['00014', '00011'],
    ['00055', '00003'],
  ])('make TYPE %s on a payment by token answer their code after an accepted registration', async (TYPE, code) => {
    const bench = openTestSimulator();
    const registration = await register(bench, { PORTEUR: magicCard(code, TYPE) });
    const paid = await bench.ask({ TYPE: '00053', ...onSubscriber(registration) });
    expect(paid.CODEREPONSE).toBe('00000');
    expect((await follow(bench, TYPE, paid, '1000', { REFABONNE: 'alice' })).CODEREPONSE).toBe(code);
    expect((await inquire(bench, paid)).STATUS).toBe('Capturé');
  });

  test('still make a payment by token answer their code if the subscriber gets an ordinary card afterwards', async () => {
    const bench = openTestSimulator();
    const registration = await register(bench, { PORTEUR: magicCard('00011', '00014') });
    const paid = await bench.ask({ TYPE: '00053', ...onSubscriber(registration) });
    expect((await register(bench, { TYPE: '00057' })).CODEREPONSE).toBe('00000');
    expect((await follow(bench, '00014', paid, '1000')).CODEREPONSE).toBe('00011');
  });

  test('have no effect after the subscriber gets an ordinary card', async () => {
    const bench = openTestSimulator();
    const registration = await register(bench, { PORTEUR: magicCard('00151', '00053') });
    expect((await bench.ask({ TYPE: '00053', ...onSubscriber(registration) })).CODEREPONSE).toBe('00151');
    const modified = await register(bench, { TYPE: '00057' });
    expect(modified.CODEREPONSE).toBe('00000');
    expect((await bench.ask({ TYPE: '00053', ...onSubscriber(modified) })).CODEREPONSE).toBe('00000');
  });
});

describe('magic amounts', () => {
  test('request every code', async () => {
    const bench = openTestSimulator();
    for (const code of CODES) expect((await order(bench, { MONTANT: String(magicAmount(code)) })).CODEREPONSE).toBe(code);
  });

  test.each(['9900000', '9912345', '99105', '990010', '19900105'])('%s is an ordinary amount', async (MONTANT) => {
    expect((await order(openTestSimulator(), { MONTANT })).CODEREPONSE).toBe('00000');
  });

  test('request the code for a payment of a subscriber too', async () => {
    const bench = openTestSimulator();
    const reply = await bench.ask({ TYPE: '00053', ...onSubscriber(await register(bench)), MONTANT: '9900151' });
    expect(reply.CODEREPONSE).toBe('00151');
  });
});

test('00011 finds no payment for a refused magic amount', async () => {
  const bench = openTestSimulator();
  const MONTANT = String(magicAmount('00097'));
  expect((await order(bench, { MONTANT })).CODEREPONSE).toBe('00097');
  expect((await bench.ask({ ...exists, MONTANT })).CODEREPONSE).toBe('00018');
});

describe('a refusal', () => {
  test.each(ISSUER_REFUSALS)('of the issuer (%s) makes a refused payment that 00017 finds and 00011 does not', async (code) => {
    const bench = openTestSimulator();
    const refused = await order(bench, { PORTEUR: magicCard(code) });
    expect(refused.CODEREPONSE).toBe(code);
    expect(refused.NUMTRANS).not.toBe('0000000000');
    expect(await inquire(bench, refused)).toMatchObject({ CODEREPONSE: '00000', STATUS: 'Refusé' });
    expect((await bench.ask(exists)).CODEREPONSE).toBe('00018');
    for (const TYPE of ['00002', '00005', '00013', '00014']) {
      expect((await follow(bench, TYPE, refused, '1000')).CODEREPONSE, TYPE).toBe('00015');
    }
  });

  test.each(GATEWAY_CODES)('of the gateway (%s) makes no payment', async (code) => {
    const bench = openTestSimulator();
    const refused = await order(bench, { PORTEUR: magicCard(code) });
    expect(refused).toMatchObject({ CODEREPONSE: code, NUMTRANS: '0000000000', NUMAPPEL: '0000000000' });
    expect((await bench.control('GET', '/payments')).body.payments).toEqual([]);
  });

  test.each(['00011', '00017', '00002', '00005', '00013', '00014'])(
    'of the issuer, forced on TYPE %s, leaves the payment that it names and makes no other',
    async (TYPE) => {
      const bench = openTestSimulator();
      const authorized = await order(bench, { TYPE: '00001' });
      bench.simulator.gateway.rules.add({ match: { TYPE }, answer: '00105' });
      const before = (await bench.control('GET', '/payments')).body.payments;
      expect((await follow(bench, TYPE, authorized, '1000', { REFERENCE: 'order-1' })).CODEREPONSE).toBe('00105');
      expect((await bench.control('GET', '/payments')).body.payments).toEqual(before);
    },
  );

  test('of the issuer makes no subscriber', async () => {
    const bench = openTestSimulator();
    expect((await register(bench, { PORTEUR: magicCard('00105') })).CODEREPONSE).toBe('00105');
    expect((await register(bench)).CODEREPONSE).toBe('00000');
  });

  test('does not prevent 00011 from finding an earlier payment of the same order', async () => {
    const bench = openTestSimulator();
    const paid = await order(bench);
    await order(bench, { PORTEUR: magicCard('00105') });
    expect(await bench.ask(exists)).toMatchObject({ CODEREPONSE: '00000', NUMTRANS: paid.NUMTRANS });
  });
});
