import { describe, expect, test } from 'vitest';
import { encodeForm } from '../../contracts/index.js';
import { createSimulator } from '../../simulator/index.js';
import { HEAD } from '../support/question.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { follow, inquire, ORDER, onSubscriber, order, register } from './orders.js';

const exists = { TYPE: '00011', MONTANT: ORDER.MONTANT ?? '', DEVISE: '978', REFERENCE: 'order-1' };

test('a paid order is found by its reference after many refused attempts with the same reference', async () => {
  const bench = openTestSimulator();
  const paid = await order(bench);
  for (let tries = 0; tries < 25; tries++) await order(bench, { PORTEUR: '1111220000001055' });
  expect(await bench.ask(exists)).toMatchObject({ CODEREPONSE: '00000', NUMTRANS: paid.NUMTRANS });
});

test('zeros instead of a card number are refused', async () => {
  expect((await order(openTestSimulator(), { PORTEUR: '000000000000000' })).CODEREPONSE).toBe('00004');
});

describe('the card of a subscriber', () => {
  test('is subject to the settings of the account, except cvvRequired', async () => {
    const bench = openTestSimulator();
    const subscriber = await register(bench);
    const pay = async (settings: object) => {
      await bench.control('PUT', '/accounts/1999888/32', settings);
      return (await bench.ask({ ...onSubscriber(subscriber), TYPE: '00053' })).CODEREPONSE;
    };
    expect(await pay({ cvvRequired: true })).toBe('00000');
    expect(await pay({ acceptedBins: ['4970'] })).toBe('00021');
    expect(await pay({ acceptedBins: ['11112222'] })).toBe('00000');
    expect(await pay({ acceptedCountries: ['FRA'] })).toBe('00024');
    expect(await pay({ acceptedCountries: [], ceiling: 1 })).toBe('00022');
  });

  test('counts for oneCardADay', async () => {
    const bench = openTestSimulator({ accounts: [{ SITE: '1999888', RANG: '32', oneCardADay: true }] });
    const subscriber = await register(bench);
    expect((await bench.ask({ ...onSubscriber(subscriber), TYPE: '00053' })).CODEREPONSE).toBe('00023');
  });

  test('is checked after the subscriber', async () => {
    const reply = await openTestSimulator().ask({ ...ORDER, TYPE: '00053', REFABONNE: 'nobody', PORTEUR: 'abcdefghijk', DATEVAL: '9999' });
    expect(reply.CODEREPONSE).toBe('00017');
  });
});

test('a credit by numbers (00054) needs a payment of the subscriber with these numbers', async () => {
  const bench = openTestSimulator();
  const subscriber = await register(bench);
  const paid = await bench.ask({ ...onSubscriber(subscriber), TYPE: '00053' });
  const credit = { TYPE: '00054', MONTANT: '100', DEVISE: '978', REFERENCE: 'back', REFABONNE: subscriber.REFABONNE ?? '' };
  const numbers = { NUMTRANS: paid.NUMTRANS ?? '', NUMAPPEL: paid.NUMAPPEL ?? '' };
  expect((await bench.ask({ ...credit, ...numbers })).CODEREPONSE).toBe('00000');
  expect((await bench.ask({ ...credit, NUMTRANS: '888', NUMAPPEL: '777' })).CODEREPONSE).toBe('00015');
  const other = await order(bench);
  expect((await bench.ask({ ...credit, NUMTRANS: other.NUMTRANS ?? '', NUMAPPEL: other.NUMAPPEL ?? '' })).CODEREPONSE).toBe('00015');
});

test('numbers in a reply to a question that was not processed are never used again', async () => {
  const bench = openTestSimulator({ rules: [{ fault: { processed: 'no' }, times: 1 }] });
  const promised = await order(bench);
  expect(promised.CODEREPONSE).toBe('00000');
  expect((await inquire(bench, promised)).CODEREPONSE).toBe('00018');
  expect((await order(bench)).NUMTRANS).not.toBe(promised.NUMTRANS);
});

test('a question that was not processed and whose reply has no new numbers uses none', async () => {
  const bench = openTestSimulator({ rules: [{ match: { TYPE: '00002' }, fault: { processed: 'no' } }] });
  const authorized = await order(bench, { TYPE: '00001' });
  expect((await follow(bench, '00002', authorized, '1000')).NUMTRANS).toBe(authorized.NUMTRANS);
  expect(Number((await order(bench)).NUMTRANS)).toBe(Number(authorized.NUMTRANS) + 1);
});

test.each([
  ['2026-03-28T12:00+09:00[Asia/Tokyo]', '2026-03-28T04:00:00.000+01:00'],
  ['2026-03-28T12:00-05', '2026-03-28T18:00:00.000+01:00'],
  ['2026-03-28T12:00[Asia/Tokyo]', '2026-03-28T04:00:00.000+01:00'],
  ['2026-03-28T12:00Z', '2026-03-28T13:00:00.000+01:00'],
  ['2026-03-28T12:00', '2026-03-28T12:00:00.000+01:00'],
  ['2026-03-28', '2026-03-28T00:00:00.000+01:00'],
])('the clock reads %s as %s', (written, read) => {
  const { clock } = createSimulator();
  clock.set(written, true);
  expect(clock.state().now).toBe(read);
});

test('leading zeros matter in the references of a rule, but not in its numbers', async () => {
  const bench = openTestSimulator({
    rules: [
      { match: { REFERENCE: '007' }, answer: '00151' },
      { match: { MONTANT: '500' }, answer: '00105' },
    ],
  });
  expect((await order(bench, { REFERENCE: '7' })).CODEREPONSE).toBe('00000');
  expect((await order(bench, { REFERENCE: '007' })).CODEREPONSE).toBe('00151');
  expect((await order(bench, { MONTANT: '0000000500' })).CODEREPONSE).toBe('00105');
});

test('a rule cannot match the value of a CVV, only its presence', async () => {
  const bench = openTestSimulator();
  expect((await bench.control('POST', '/rules', { match: { CVV: '123' }, answer: '00105' })).status).toBe(400);
  expect((await bench.control('POST', '/rules', { match: { CVV: { present: false } }, answer: '00020' })).status).toBe(200);
});

test('an error in onExchange is printed and does not affect the reply', async () => {
  const errors: unknown[] = [];
  const { error } = console;
  console.error = (...shown: unknown[]) => void errors.push(...shown);
  const simulator = createSimulator({
    onExchange: () => {
      throw new Error('The log is full.');
    },
  });
  const body = encodeForm(Object.entries({ ...HEAD, ...ORDER, TYPE: '00003', NUMQUESTION: '1' }));
  const { reply } = await simulator.gateway.answer({ body });
  console.error = error;
  expect(reply.CODEREPONSE).toBe('00000');
  expect(errors).toEqual([new Error('The log is full.')]);
});

test('a session that is deleted during a question is empty afterwards', async () => {
  const simulator = createSimulator();
  const ask = (NUMQUESTION: string) => {
    const body = encodeForm(Object.entries({ ...HEAD, ...ORDER, TYPE: '00003', NUMQUESTION }));
    return simulator.fetch(new Request('http://localhost/s/foo/PPPS.php', { method: 'POST', body }));
  };
  await ask('1');
  const asked = ask('2');
  const dropped = simulator.fetch(new Request('http://localhost/_sim/sessions/foo', { method: 'DELETE' }));
  await Promise.all([asked, dropped]);
  const sessions = await simulator.fetch(new Request('http://localhost/_sim/sessions'));
  expect(await sessions.json()).toEqual({ sessions: [] });
});

test('a refund after a full refund exceeds what can be refunded', async () => {
  const bench = openTestSimulator();
  const paid = await order(bench);
  await follow(bench, '00014', paid, '1000');
  expect((await follow(bench, '00014', paid, '1')).CODEREPONSE).toBe('00011');
});
