import { describe, expect, test } from 'vitest';
import { numbersOf, type Variables } from '../support/question.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { follow, inquire, onSubscriber, REGISTRATION, register } from './orders.js';

const MASTERCARD = '5555555555554444';
const CARD_TOKEN = 'SLDLrcsLMPC';
const CARD_NUMBER = '1111222233334444';

describe('a subscriber', () => {
  test('is registered with a token that cannot be derived from the card number', async () => {
    const registration = await register(openTestSimulator(), { PORTEUR: MASTERCARD });
    expect(registration.CODEREPONSE).toBe('00000');
    expect(registration.REFABONNE).toBe('alice');
    expect(registration.PORTEUR).toMatch(/^[A-Za-z]{11}$/);
    // Another card that is registered first by the same name gets the same letters: the card number has no part in them.
    const other = await register(openTestSimulator(), { PORTEUR: '4975660000000004' });
    expect(other.PORTEUR).toBe(registration.PORTEUR);
  });

  test('has the token of their card, which differs from that of every other card of the account', async () => {
    const bench = openTestSimulator();
    const alice = await register(bench, { PORTEUR: MASTERCARD });
    expect((await register(bench, { REFABONNE: 'bob', PORTEUR: MASTERCARD })).PORTEUR).toBe(alice.PORTEUR);
    const carol = await register(bench, { REFABONNE: 'carol', PORTEUR: '4975660000000004' });
    expect(carol.PORTEUR).toMatch(/^[A-Za-z]{11}$/);
    expect(carol.PORTEUR).not.toBe(alice.PORTEUR);
    expect((await register(bench, { RANG: '99', REFABONNE: 'bob', PORTEUR: MASTERCARD })).PORTEUR).not.toBe(alice.PORTEUR);
  });

  test('keeps the token of the card after all its subscribers are deleted', async () => {
    const bench = openTestSimulator();
    const { PORTEUR } = await register(bench, { PORTEUR: MASTERCARD });
    await bench.ask({ TYPE: '00058', REFABONNE: 'alice' });
    expect((await register(bench, { REFABONNE: 'zoe', PORTEUR: MASTERCARD })).PORTEUR).toBe(PORTEUR);
  });

  test.each([
    ['1111222233334444', CARD_TOKEN],
    ['4242424242424242', CARD_TOKEN],
    ['4012001038443335', 'CMDLpStLLLs'],
  ])('has with the card %s the token %s on every account', async (PORTEUR, token) => {
    const bench = openTestSimulator();
    for (const RANG of ['32', '99']) {
      expect(await register(bench, { PORTEUR, RANG })).toMatchObject({ CODEREPONSE: '00000', PORTEUR: token });
      expect((await register(bench, { PORTEUR, RANG, REFABONNE: 'bob' })).PORTEUR).toBe(token);
    }
  });

  test('may be registered with amount 0, without REFERENCE and CVV', async () => {
    expect((await register(openTestSimulator(), { MONTANT: '0', REFERENCE: '', CVV: '' })).CODEREPONSE).toBe('00000');
  });

  test('can be registered once per account', async () => {
    const bench = openTestSimulator();
    await register(bench);
    expect((await register(bench)).CODEREPONSE).toBe('00016');
    expect((await register(bench, { RANG: '99' })).CODEREPONSE).toBe('00000');
  });

  test('has the token of the new card after a modification, and pays with it', async () => {
    const bench = openTestSimulator();
    const registration = await register(bench);
    const modified = await bench.ask({ ...REGISTRATION, TYPE: '00057', PORTEUR: MASTERCARD, TYPECARTE: '' });
    expect(modified).toMatchObject({ CODEREPONSE: '00000', TYPECARTE: 'MASTERCARD', REFABONNE: 'alice' });
    expect(modified.PORTEUR).toMatch(/^[A-Za-z]{11}$/);
    expect(modified.PORTEUR).not.toBe(registration.PORTEUR);
    const paid = await bench.ask({ TYPE: '00053', ...onSubscriber(modified), TYPECARTE: '' });
    expect(paid).toMatchObject({ CODEREPONSE: '00000', TYPECARTE: 'MASTERCARD', PORTEUR: modified.PORTEUR });
    expect((await bench.ask({ TYPE: '00053', ...onSubscriber(registration) })).CODEREPONSE).toBe('00015');
  });

  test('keeps the token after a modification that changes only the expiry of the card', async () => {
    const bench = openTestSimulator();
    const registration = await register(bench, { PORTEUR: MASTERCARD });
    const modified = await bench.ask({ ...REGISTRATION, TYPE: '00057', PORTEUR: MASTERCARD, DATEVAL: '1249' });
    expect(modified).toMatchObject({ CODEREPONSE: '00000', PORTEUR: registration.PORTEUR });
  });

  test('does not exist after the deletion, which answers zeros and empty values', async () => {
    const bench = openTestSimulator();
    const registration = await register(bench);
    const deleted = await bench.ask({ TYPE: '00058', REFABONNE: 'alice', TYPECARTE: '', 'SHA-1': '' });
    expect(deleted).toMatchObject({
      CODEREPONSE: '00000',
      ...{ NUMTRANS: '0000000000', NUMAPPEL: '0000000000' },
      ...{ REFABONNE: 'alice', AUTORISATION: '', PORTEUR: '', TYPECARTE: '', 'SHA-1': '' },
    });
    await register(bench, { REFABONNE: 'bob' });
    const token = registration.PORTEUR ?? '';
    expect(await bench.ask({ TYPE: '00058', REFABONNE: 'bob', PORTEUR: token })).toMatchObject({ CODEREPONSE: '00000', PORTEUR: token });
    expect((await bench.ask({ TYPE: '00053', ...onSubscriber(registration) })).CODEREPONSE).toBe('00017');
    expect((await bench.ask({ TYPE: '00058', REFABONNE: 'alice' })).CODEREPONSE).toBe('00017');
    expect((await register(bench)).CODEREPONSE).toBe('00000');
  });

  test('who is unknown is refused by every operation on a subscriber', async () => {
    const bench = openTestSimulator();
    const token = { PORTEUR: 'abcdefghijk' };
    for (const TYPE of ['00051', '00053', '00054', '00061']) {
      const reply = await bench.ask({ TYPE, ...onSubscriber(token) });
      expect(reply, TYPE).toMatchObject({ CODEREPONSE: '00017', COMMENTAIRE: 'PAYBOX : Abonné inexistant', REFABONNE: 'alice' });
    }
    expect((await bench.ask({ ...REGISTRATION, TYPE: '00057' })).CODEREPONSE).toBe('00017');
    for (const TYPE of ['00052', '00055']) {
      const reply = await follow(bench, TYPE, { NUMTRANS: '1', NUMAPPEL: '1' }, '1000', { REFABONNE: 'alice' });
      expect(reply.CODEREPONSE, TYPE).toBe('00017');
    }
  });
});

describe('operations on a subscriber', () => {
  test.each([
    ['00051', 'Autorisé'],
    ['00053', 'Capturé'],
    ['00054', 'Crédit'],
    ['00061', 'Capturé'],
  ])('TYPE %s with the token, padded or not, makes a payment with STATUS %s and repeats it as sent', async (TYPE, STATUS) => {
    const bench = openTestSimulator();
    const { PORTEUR: token = '' } = await register(bench);
    for (const PORTEUR of [token, token.padEnd(19)]) {
      const reply = await bench.ask({ TYPE, ...onSubscriber({ PORTEUR }) });
      expect(reply).toMatchObject({ CODEREPONSE: '00000', REFABONNE: 'alice', PORTEUR });
      expect((await inquire(bench, reply)).STATUS).toBe(STATUS);
    }
  });

  test.each(['00051', '00053', '00054', '00061'])('TYPE %s refuses the token of another card, and zeros', async (TYPE) => {
    const bench = openTestSimulator();
    await register(bench);
    const bob = await register(bench, { REFABONNE: 'bob', PORTEUR: MASTERCARD });
    for (const PORTEUR of [bob.PORTEUR ?? '', ` ${CARD_TOKEN}`, CARD_TOKEN.toLowerCase(), '000000000000000']) {
      const reply = await bench.ask({ TYPE, ...onSubscriber({ PORTEUR }) });
      expect(reply).toMatchObject({ CODEREPONSE: '00015', COMMENTAIRE: 'PAYBOX : Erreur sur les données référencées', PORTEUR });
    }
  });

  test("TYPE 00053 accepts the full number of the subscriber's card, and repeats it as sent", async () => {
    const bench = openTestSimulator();
    await register(bench);
    const paid = await bench.ask({ TYPE: '00053', ...onSubscriber({ PORTEUR: CARD_NUMBER }) });
    expect(paid).toMatchObject({ CODEREPONSE: '00000', REFABONNE: 'alice', PORTEUR: CARD_NUMBER });
    expect((await inquire(bench, paid)).STATUS).toBe('Capturé');
    expect((await bench.ask({ TYPE: '00053', ...onSubscriber({ PORTEUR: MASTERCARD }) })).CODEREPONSE).toBe('00015');
  });

  test.each(['00051', '00054', '00061'])('TYPE %s refuses the full card number', async (TYPE) => {
    const bench = openTestSimulator();
    await register(bench);
    expect((await bench.ask({ TYPE, ...onSubscriber({ PORTEUR: CARD_NUMBER }) })).CODEREPONSE).toBe('00015');
  });

  test('an authorization can be captured (00052), also that of the registration', async () => {
    const bench = openTestSimulator();
    const registration = await register(bench);
    const authorized = await bench.ask({ TYPE: '00051', ...onSubscriber(registration) });
    for (const earlier of [registration, authorized]) {
      const captured = await follow(bench, '00052', earlier, '1000', { REFABONNE: 'alice' });
      expect(captured).toMatchObject({ CODEREPONSE: '00000', ...numbersOf(earlier), REFABONNE: 'alice', PORTEUR: '' });
      expect((await inquire(bench, earlier)).STATUS).toBe('Capturé');
    }
  });

  test('a payment of another subscriber cannot be captured or cancelled', async () => {
    const bench = openTestSimulator();
    const authorized = await bench.ask({ TYPE: '00051', ...onSubscriber(await register(bench)) });
    await register(bench, { REFABONNE: 'bob' });
    for (const TYPE of ['00052', '00055']) {
      const reply = await follow(bench, TYPE, authorized, '1000', { REFABONNE: 'bob', PORTEUR: '0', DATEVAL: '0000' });
      expect(reply.CODEREPONSE, TYPE).toBe('00015');
    }
  });

  test('a credit may name an earlier payment instead of the token', async () => {
    const bench = openTestSimulator();
    const registration = await register(bench);
    const paid = await bench.ask({ TYPE: '00053', ...onSubscriber(registration) });
    const credit = { TYPE: '00054', MONTANT: '500', DEVISE: '978', REFERENCE: 'gift-1', REFABONNE: 'alice' };
    expect(await bench.ask({ ...credit, ...numbersOf(paid) })).toMatchObject({ CODEREPONSE: '00000', PORTEUR: '' });
    expect((await bench.ask(credit)).COMMENTAIRE).toBe('Mandatory+values+missing+keyword:11+Type:22');
  });

  test.each([
    ['the token', (token: string) => ({ PORTEUR: token, DATEVAL: '1299' })],
    ['zeros', () => ({ PORTEUR: '000000000000000', DATEVAL: '0000' })],
    ['nothing', () => ({})],
  ])('a cancel (00055) accepts %s as the card and repeats it', async (_, card) => {
    const bench = openTestSimulator();
    const registration = await register(bench);
    const paid = await bench.ask({ TYPE: '00053', ...onSubscriber(registration) });
    const sent: Variables = card(registration.PORTEUR ?? '');
    const cancelled = await follow(bench, '00055', paid, '1000', { REFABONNE: 'alice', ...sent });
    expect(cancelled).toMatchObject({ CODEREPONSE: '00000', REFABONNE: 'alice', PORTEUR: sent.PORTEUR ?? '' });
    expect((await inquire(bench, paid)).STATUS).toBe('Annulé');
  });

  test('a cancel (00055) refuses another token', async () => {
    const bench = openTestSimulator();
    const paid = await bench.ask({ TYPE: '00053', ...onSubscriber(await register(bench)) });
    const bob = await register(bench, { REFABONNE: 'bob', PORTEUR: MASTERCARD });
    const card = { REFABONNE: 'alice', PORTEUR: bob.PORTEUR ?? '', DATEVAL: '0000' };
    expect((await follow(bench, '00055', paid, '1000', card)).CODEREPONSE).toBe('00015');
  });
});
