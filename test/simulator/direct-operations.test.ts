import { describe, expect, test } from 'vitest';
import { numbersOf } from '../support/question.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { follow, inquire, order } from './orders.js';

describe('authorization and capture', () => {
  test('an authorization is not captured before its capture', async () => {
    const bench = openTestSimulator();
    const authorized = await order(bench, { TYPE: '00001' });
    expect(authorized.CODEREPONSE).toBe('00000');
    expect(authorized.COMMENTAIRE).toBe('Demande traitée avec succès');
    expect((await inquire(bench, authorized)).STATUS).toBe('Autorisé');

    expect((await follow(bench, '00002', authorized, '1000')).CODEREPONSE).toBe('00000');
    expect((await inquire(bench, authorized)).STATUS).toBe('Capturé');
  });

  test('the operations of a payment have numbers of ten digits: a capture those of its authorization, a refund a new NUMTRANS', async () => {
    const bench = openTestSimulator();
    const authorized = await order(bench, { TYPE: '00001' });
    const captured = await follow(bench, '00002', authorized, '1000');
    const refunded = await follow(bench, '00014', captured, '400');
    const replies = [authorized, captured, refunded];
    const numbers = replies.flatMap(({ NUMTRANS, NUMAPPEL }) => [NUMTRANS, NUMAPPEL]);
    expect(captured).toMatchObject(numbersOf(authorized));
    expect(refunded.NUMTRANS).not.toBe(authorized.NUMTRANS);
    expect(refunded.NUMAPPEL).toBe(authorized.NUMAPPEL);
    expect(new Set(numbers).size).toBe(3);
    for (const number of numbers) expect(number).toMatch(/^(?!0{10})\d{10}$/);
  });

  test('a capture may take less than was authorized, but only once', async () => {
    const bench = openTestSimulator();
    const authorized = await order(bench, { TYPE: '00001' });
    expect((await follow(bench, '00002', authorized, '700')).CODEREPONSE).toBe('00000');
    expect((await follow(bench, '00002', authorized, '300')).CODEREPONSE).toBe('00015');
    const { body } = await bench.control('GET', `/payments/${authorized.NUMTRANS}`);
    expect(body).toMatchObject({ authorized: 1000, captured: 700, refundable: 700 });
  });

  test('a capture above the authorized amount is refused and changes nothing', async () => {
    const bench = openTestSimulator();
    const authorized = await order(bench, { TYPE: '00001' });
    expect((await follow(bench, '00002', authorized, '1001')).CODEREPONSE).toBe('00011');
    expect((await inquire(bench, authorized)).STATUS).toBe('Autorisé');
    expect((await follow(bench, '00002', authorized, '1000')).CODEREPONSE).toBe('00000');
  });

  test('a capture needs no REFERENCE', async () => {
    const bench = openTestSimulator();
    const authorized = await order(bench, { TYPE: '00001' });
    expect((await follow(bench, '00002', authorized, '1000', { REFERENCE: '' })).CODEREPONSE).toBe('00000');
  });

  test('a capture of a payment that was captured immediately is refused', async () => {
    const bench = openTestSimulator();
    expect((await follow(bench, '00002', await order(bench), '1000')).CODEREPONSE).toBe('00015');
  });

  test('a capture in another currency is accepted', async () => {
    const bench = openTestSimulator();
    const authorized = await order(bench, { TYPE: '00001' });
    expect((await follow(bench, '00002', authorized, '1000', { DEVISE: '840' })).CODEREPONSE).toBe('00000');
  });
});

describe('operations that start a payment', () => {
  test.each([
    ['00001', 'Autorisé', { authorized: 1000, captured: 0, refundable: 0 }],
    ['00003', 'Capturé', { authorized: 1000, captured: 1000, refundable: 1000 }],
    ['00004', 'Crédit', { captured: 0, refundable: 0 }],
    ['00012', 'Capturé', { captured: 1000, refundable: 1000 }],
  ])('TYPE %s makes a payment with STATUS %s', async (TYPE, STATUS, sums) => {
    const bench = openTestSimulator();
    const reply = await order(bench, { TYPE });
    expect(reply.CODEREPONSE).toBe('00000');
    expect((await inquire(bench, reply)).STATUS).toBe(STATUS);
    expect((await bench.control('GET', `/payments/${reply.NUMTRANS}`)).body).toMatchObject(sums);
  });

  test('a credit cannot be captured, cancelled, changed or refunded', async () => {
    const bench = openTestSimulator();
    const credited = await order(bench, { TYPE: '00004' });
    for (const TYPE of ['00002', '00005', '00013', '00014']) {
      expect((await follow(bench, TYPE, credited, '1000')).CODEREPONSE, TYPE).toBe('00015');
    }
  });

  test('a transaction without authorization answers the authorization number that was sent', async () => {
    const bench = openTestSimulator();
    expect((await order(bench, { TYPE: '00012', AUTORISATION: 'TEL123' })).AUTORISATION).toBe('TEL123');
    expect((await order(bench, { TYPE: '00012' })).AUTORISATION).toBe('XXXXXX');
  });

  test('other operations ignore an authorization number that is sent', async () => {
    const bench = openTestSimulator();
    expect((await order(bench, { AUTORISATION: 'TEL123' })).AUTORISATION).toBe('XXXXXX');
  });

  test('an optional CVV may be missing', async () => {
    expect((await order(openTestSimulator(), { CVV: '' })).CODEREPONSE).toBe('00000');
  });
});
