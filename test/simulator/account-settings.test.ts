import { describe, expect, test } from 'vitest';
import type { AccountInput } from '../../simulator/index.js';
import { NOON } from '../support/question.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { follow, inquire, onSubscriber, order, register } from './orders.js';

/** A test simulator whose account 1999888/032 has these settings. */
const benchWith = (settings: Omit<AccountInput, 'SITE' | 'RANG'>): TestSimulator =>
  openTestSimulator({ accounts: [{ SITE: '1999888', RANG: '32', ...settings }] });

const MASTERCARD = '5555555555554444';

test('cvvRequired refuses a card without CVV, except that of a subscriber (00056, 00057)', async () => {
  const bench = benchWith({ cvvRequired: true });
  for (const TYPE of ['00001', '00003', '00004', '00012']) {
    expect((await order(bench, { TYPE, CVV: '' })).CODEREPONSE, TYPE).toBe('00020');
  }
  expect((await register(bench, { CVV: '' })).CODEREPONSE).toBe('00000');
  expect((await register(bench, { CVV: '', TYPE: '00057' })).CODEREPONSE).toBe('00000');
  expect((await order(bench)).CODEREPONSE).toBe('00000');
  expect((await order(bench, { CVV: '', RANG: '99' })).CODEREPONSE).toBe('00000');
});

test('acceptedBins refuses cards with other first digits', async () => {
  const bench = benchWith({ acceptedBins: ['4', '5555'] });
  expect((await order(bench)).CODEREPONSE).toBe('00021');
  expect((await order(bench, { PORTEUR: MASTERCARD })).CODEREPONSE).toBe('00000');
  expect((await order(bench, { PORTEUR: '4975660000000004' })).CODEREPONSE).toBe('00000');
});

test('acceptedBins refuses a credit (00004) with a text of its own, before the card number is checked', async () => {
  const bench = benchWith({ acceptedBins: ['4'] });
  const refused = { CODEREPONSE: '00021', COMMENTAIRE: 'PAYBOX : Bin non autorisé pour cette opération' };
  expect(await order(bench, { TYPE: '00004' })).toMatchObject(refused);
  expect(await order(bench, { TYPE: '00004', PORTEUR: '1111222233334445' })).toMatchObject(refused);
  expect((await order(bench, { TYPE: '00004', PORTEUR: '4012001037141113' })).CODEREPONSE).toBe('00004');
  expect((await order(bench, { TYPE: '00004', PORTEUR: '4012001038443335' })).CODEREPONSE).toBe('00000');
  expect((await order(bench, { PORTEUR: '1111222233334445' })).CODEREPONSE).toBe('00004');
  expect(await order(bench)).toMatchObject({ CODEREPONSE: '00021', COMMENTAIRE: 'PAYBOX : Carte non autorisée' });
});

test('acceptedCountries refuses cards of other countries', async () => {
  const bench = benchWith({ acceptedCountries: ['FRA'] });
  expect((await order(bench, { PORTEUR: '4012001038443335' })).CODEREPONSE).toBe('00024');
  expect((await order(bench, { PORTEUR: '4970100000025102' })).CODEREPONSE).toBe('00000');
});

test('ceiling refuses a higher amount of a card or a subscriber, and accepts an equal one', async () => {
  const bench = benchWith({ ceiling: 1500 });
  const registration = await register(bench);
  for (const ask of [
    (MONTANT: string) => order(bench, { MONTANT }),
    (MONTANT: string) => bench.ask({ TYPE: '00053', ...onSubscriber(registration), MONTANT }),
  ]) {
    expect((await ask('1501')).CODEREPONSE).toBe('00022');
    expect((await ask('1500')).CODEREPONSE).toBe('00000');
  }
});

test('ceiling does not apply to later operations on a payment made before it was lowered', async () => {
  const bench = benchWith({ ceiling: 1500 });
  const registration = await register(bench);
  const [toCapture, toCancel] = [
    await bench.ask({ TYPE: '00051', ...onSubscriber(registration) }),
    await bench.ask({ TYPE: '00053', ...onSubscriber(registration) }),
  ];
  bench.simulator.gateway.setAccount({ SITE: '1999888', RANG: '32', ceiling: 500 });
  expect((await follow(bench, '00052', toCapture, '1000', { REFABONNE: 'alice' })).CODEREPONSE).toBe('00000');
  expect((await follow(bench, '00055', toCancel, '1000', { REFABONNE: 'alice' })).CODEREPONSE).toBe('00000');
});

test('oneCardADay refuses a second payment with the same card until the next day in Paris', async () => {
  const bench = benchWith({ oneCardADay: true });
  expect((await order(bench)).CODEREPONSE).toBe('00000');
  expect((await order(bench)).CODEREPONSE).toBe('00023');
  expect((await order(bench, { PORTEUR: MASTERCARD })).CODEREPONSE).toBe('00000');
  bench.simulator.clock.set('2026-06-10T23:59:59.999');
  expect((await order(bench)).CODEREPONSE).toBe('00023');
  bench.simulator.clock.set('2026-06-11T00:00');
  expect((await order(bench)).CODEREPONSE).toBe('00000');
});

test('oneCardADay does not count a refused payment', async () => {
  const bench = benchWith({ oneCardADay: true });
  expect((await order(bench, { MONTANT: '9900105' })).CODEREPONSE).toBe('00105');
  expect((await order(bench)).CODEREPONSE).toBe('00000');
});

test('authorizationNumbers: realistic answers six digits, and later operations answer the same', async () => {
  const bench = benchWith({ authorizationNumbers: 'realistic' });
  const authorized = await order(bench, { TYPE: '00001' });
  expect(authorized.AUTORISATION).toMatch(/^\d{6}$/);
  expect((await follow(bench, '00002', authorized, '1000')).AUTORISATION).toBe(authorized.AUTORISATION);
  expect((await inquire(bench, authorized)).AUTORISATION).toBe(authorized.AUTORISATION);
  expect((await order(bench)).AUTORISATION).not.toBe(authorized.AUTORISATION);
});

describe('authorizationDays', () => {
  test.each([
    [undefined, '2026-06-17T12:00'],
    [1, '2026-06-11T12:00'],
    [30, '2026-07-10T12:00'],
  ])('of %s: an authorization expires exactly at %s', async (authorizationDays, end) => {
    const bench = benchWith(authorizationDays === undefined ? {} : { authorizationDays });
    bench.simulator.clock.set(NOON);
    const [early, late] = [await order(bench, { TYPE: '00001' }), await order(bench, { TYPE: '00001' })];
    bench.simulator.clock.set(end);
    bench.simulator.clock.advance('-PT0.001S');
    expect((await follow(bench, '00002', early, '1000')).CODEREPONSE).toBe('00000');
    bench.simulator.clock.set(end);
    for (const TYPE of ['00002', '00005', '00013']) {
      expect((await follow(bench, TYPE, late, '1000')).CODEREPONSE, TYPE).toBe('00015');
    }
    expect((await inquire(bench, late)).STATUS).toBe('Autorisé');
  });

  test('are days in Paris: the day of the change to winter time is an hour longer', async () => {
    const bench = benchWith({ authorizationDays: 1 });
    bench.simulator.clock.set('2026-10-24T12:00');
    const authorized = await order(bench, { TYPE: '00001' });
    bench.simulator.clock.advance('PT24H30M');
    expect((await follow(bench, '00002', authorized, '1000')).CODEREPONSE).toBe('00000');
  });
});

describe('questionNumbers', () => {
  test('per-day-and-type (the default) lets a capture reuse the number of its authorization', async () => {
    const bench = benchWith({});
    const authorized = await order(bench, { TYPE: '00001', NUMQUESTION: '7' });
    expect((await follow(bench, '00002', authorized, '1000', { NUMQUESTION: '7' })).CODEREPONSE).toBe('00000');
    expect((await order(bench, { TYPE: '00001', NUMQUESTION: '7' })).CODEREPONSE).toBe('00005');
    expect((await order(bench, { TYPE: '00001', NUMQUESTION: '0000000007' })).CODEREPONSE).toBe('00005');
  });

  test('per-day does not let a capture reuse the number of its authorization', async () => {
    const bench = benchWith({ questionNumbers: 'per-day' });
    const authorized = await order(bench, { TYPE: '00001', NUMQUESTION: '7' });
    expect((await follow(bench, '00002', authorized, '1000', { NUMQUESTION: '7' })).CODEREPONSE).toBe('00005');
    expect((await follow(bench, '00002', authorized, '1000', { NUMQUESTION: '8' })).CODEREPONSE).toBe('00000');
  });

  test('off accepts every number again', async () => {
    const bench = benchWith({ questionNumbers: 'off' });
    for (let i = 0; i < 3; i++) expect((await order(bench, { NUMQUESTION: '7' })).CODEREPONSE).toBe('00000');
  });

  test.each(['per-day-and-type', 'per-day'] as const)('%s counts per account and per day in Paris', async (questionNumbers) => {
    const bench = benchWith({ questionNumbers });
    bench.simulator.clock.set('2026-06-10T23:59:59.999');
    expect((await order(bench, { NUMQUESTION: '7' })).CODEREPONSE).toBe('00000');
    expect((await order(bench, { NUMQUESTION: '7' })).CODEREPONSE).toBe('00005');
    expect((await order(bench, { NUMQUESTION: '7', RANG: '032' })).CODEREPONSE).toBe('00005');
    expect((await order(bench, { NUMQUESTION: '7', RANG: '99' })).CODEREPONSE).toBe('00000');
    bench.simulator.clock.set('2026-06-11T00:00');
    expect((await order(bench, { NUMQUESTION: '7' })).CODEREPONSE).toBe('00000');
  });

  test('are used by a question refused for its card or state, but not by one refused for its format', async () => {
    const bench = benchWith({});
    expect((await order(bench, { NUMQUESTION: '7', DEVISE: '000' })).CODEREPONSE).toBe('00010');
    expect((await order(bench, { NUMQUESTION: '7', DATEVAL: '0120' })).CODEREPONSE).toBe('00008');
    expect((await order(bench, { NUMQUESTION: '7' })).CODEREPONSE).toBe('00005');
  });
});

describe('answer', () => {
  test('answers every question of the account with its code', async () => {
    const bench = openTestSimulator();
    const paid = await order(bench);
    bench.simulator.gateway.setAccount({ SITE: '1999888', RANG: '32', answer: '00001' });
    expect((await order(bench)).CODEREPONSE).toBe('00001');
    expect((await inquire(bench, paid)).CODEREPONSE).toBe('00001');
    expect((await follow(bench, '00014', paid, '1000')).CODEREPONSE).toBe('00001');
    expect((await order(bench, { RANG: '99' })).CODEREPONSE).toBe('00000');
    bench.simulator.gateway.setAccount({ SITE: '1999888', RANG: '32', answer: '' });
    expect((await follow(bench, '00014', paid, '1000')).CODEREPONSE).toBe('00000');
  });

  test('of 00000 gives every question its ordinary answer', async () => {
    const bench = benchWith({ answer: '00000' });
    const paid = await order(bench);
    expect(paid.CODEREPONSE).toBe('00000');
    expect((await inquire(bench, paid)).STATUS).toBe('Capturé');
  });
});
