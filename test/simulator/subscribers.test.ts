import { describe, expect, test } from 'vitest';
import { numbersOf } from '../support/question.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { follow, inquire, onSubscriber, REGISTRATION, register } from './orders.js';

const MASTERCARD = '5555555555554444';

describe('a subscriber', () => {
  test('is registered with a token that does not depend on the card', async () => {
    const registration = await register(openTestSimulator());
    expect(registration.CODEREPONSE).toBe('00000');
    expect(registration.REFABONNE).toBe('alice');
    expect(registration.PORTEUR).toMatch(/^[A-Za-z]{11}$/);
    const other = await register(openTestSimulator(), { PORTEUR: MASTERCARD });
    expect(other.PORTEUR).toBe(registration.PORTEUR);
  });

  test('has their own token', async () => {
    const bench = openTestSimulator();
    const alice = await register(bench);
    expect((await register(bench, { REFABONNE: 'bob' })).PORTEUR).not.toBe(alice.PORTEUR);
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

  test('keeps the token after a modification, and pays with the new card', async () => {
    const bench = openTestSimulator();
    const registration = await register(bench);
    const modified = await bench.ask({ ...REGISTRATION, TYPE: '00057', PORTEUR: MASTERCARD, TYPECARTE: '' });
    expect(modified).toMatchObject({ CODEREPONSE: '00000', PORTEUR: registration.PORTEUR, TYPECARTE: 'MASTERCARD' });
    const paid = await bench.ask({ TYPE: '00053', ...onSubscriber(registration), TYPECARTE: '' });
    expect(paid).toMatchObject({ CODEREPONSE: '00000', TYPECARTE: 'MASTERCARD', PORTEUR: registration.PORTEUR });
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
  ])('TYPE %s with the token makes a payment with STATUS %s', async (TYPE, STATUS) => {
    const bench = openTestSimulator();
    const registration = await register(bench);
    const reply = await bench.ask({ TYPE, ...onSubscriber(registration) });
    expect(reply).toMatchObject({ CODEREPONSE: '00000', REFABONNE: 'alice', PORTEUR: registration.PORTEUR });
    expect((await inquire(bench, reply)).STATUS).toBe(STATUS);
  });

  test.each(['00051', '00053', '00054', '00061'])('TYPE %s refuses the token of another subscriber, and zeros', async (TYPE) => {
    const bench = openTestSimulator();
    await register(bench);
    const bob = await register(bench, { REFABONNE: 'bob' });
    expect((await bench.ask({ TYPE, ...onSubscriber(bob) })).CODEREPONSE).toBe('00015');
    expect((await bench.ask({ TYPE, ...onSubscriber({ PORTEUR: '000000000000000' }) })).CODEREPONSE).toBe('00015');
  });

  test('an authorization can be captured (00052), also that of the registration', async () => {
    const bench = openTestSimulator();
    const registration = await register(bench);
    const authorized = await bench.ask({ TYPE: '00051', ...onSubscriber(registration) });
    for (const earlier of [registration, authorized]) {
      const captured = await follow(bench, '00052', earlier, '1000', { REFABONNE: 'alice' });
      expect(captured).toMatchObject({ CODEREPONSE: '00000', PORTEUR: registration.PORTEUR });
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
    expect(await bench.ask({ ...credit, ...numbersOf(paid) })).toMatchObject({ CODEREPONSE: '00000', PORTEUR: registration.PORTEUR });
    expect((await bench.ask(credit)).COMMENTAIRE).toBe('Mandatory values missing keyword:10 Type:22');
  });

  test.each([
    ['the token', (token: string) => ({ PORTEUR: token, DATEVAL: '1299' })],
    ['zeros', () => ({ PORTEUR: '000000000000000', DATEVAL: '0000' })],
    ['nothing', () => ({})],
  ])('a cancel (00055) accepts %s as the card', async (_, card) => {
    const bench = openTestSimulator();
    const registration = await register(bench);
    const paid = await bench.ask({ TYPE: '00053', ...onSubscriber(registration) });
    const cancelled = await follow(bench, '00055', paid, '1000', { REFABONNE: 'alice', ...card(registration.PORTEUR ?? '') });
    expect(cancelled.CODEREPONSE).toBe('00000');
    expect((await inquire(bench, paid)).STATUS).toBe('Annulé');
  });

  test('a cancel (00055) refuses another token', async () => {
    const bench = openTestSimulator();
    const paid = await bench.ask({ TYPE: '00053', ...onSubscriber(await register(bench)) });
    const bob = await register(bench, { REFABONNE: 'bob' });
    const card = { REFABONNE: 'alice', PORTEUR: bob.PORTEUR ?? '', DATEVAL: '0000' };
    expect((await follow(bench, '00055', paid, '1000', card)).CODEREPONSE).toBe('00015');
  });
});
