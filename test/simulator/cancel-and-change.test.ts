import { describe, expect, test } from 'vitest';
import { numbersOf } from '../support/question.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { follow, inquire, order } from './orders.js';

describe('cancel', () => {
  test.each(['00001', '00003', '00012'])('undoes TYPE %s before the remittance', async (TYPE) => {
    const bench = openTestSimulator();
    const reply = await order(bench, { TYPE });
    expect((await follow(bench, '00005', reply, '1000')).CODEREPONSE).toBe('00000');
    expect((await inquire(bench, reply)).STATUS).toBe('Annulé');
    expect((await bench.control('GET', `/payments/${reply.NUMTRANS}`)).body).toMatchObject({ captured: 0, refundable: 0 });
  });

  test('undoes a capture by the numbers of the capture', async () => {
    const bench = openTestSimulator();
    const captured = await follow(bench, '00002', await order(bench, { TYPE: '00001' }), '1000');
    expect((await follow(bench, '00005', captured, '1000')).CODEREPONSE).toBe('00000');
  });

  test('has two new numbers', async () => {
    const bench = openTestSimulator();
    const paid = await order(bench);
    const cancelled = await follow(bench, '00005', paid, '1000');
    expect(cancelled.NUMTRANS).toMatch(/^(?!0{10})\d{10}$/);
    expect(cancelled.NUMTRANS).not.toBe(paid.NUMTRANS);
    expect(cancelled.NUMAPPEL).not.toBe(paid.NUMAPPEL);
  });

  test('undoes a capture by the numbers of its authorization', async () => {
    const bench = openTestSimulator();
    const authorized = await order(bench, { TYPE: '00001' });
    await follow(bench, '00002', authorized, '700');
    expect((await follow(bench, '00005', authorized, '700')).CODEREPONSE).toBe('00000');
  });

  test.each(['999', '1001'])('of another amount (%s for 1000) is refused', async (MONTANT) => {
    const bench = openTestSimulator();
    const reply = await order(bench);
    expect((await follow(bench, '00005', reply, MONTANT)).CODEREPONSE).toBe('00011');
    expect((await inquire(bench, reply)).STATUS).toBe('Capturé');
  });

  test('of a partial capture requires the captured amount, not the authorized one', async () => {
    const bench = openTestSimulator();
    const authorized = await order(bench, { TYPE: '00001' });
    await follow(bench, '00002', authorized, '700');
    expect((await follow(bench, '00005', authorized, '1000')).CODEREPONSE).toBe('00011');
    expect((await follow(bench, '00005', authorized, '700')).CODEREPONSE).toBe('00000');
  });

  test('is refused after the remittance of the payment', async () => {
    const bench = openTestSimulator();
    const reply = await order(bench);
    bench.simulator.clock.remit();
    expect((await follow(bench, '00005', reply, '1000')).CODEREPONSE).toBe('00015');
    expect((await inquire(bench, reply)).STATUS).toBe('Capturé');
  });

  test('of an authorization is accepted after the nightly remittance', async () => {
    const bench = openTestSimulator();
    const authorized = await order(bench, { TYPE: '00001' });
    bench.simulator.clock.remit();
    expect((await follow(bench, '00005', authorized, '1000')).CODEREPONSE).toBe('00000');
  });

  test('is refused a second time and after a refund', async () => {
    const bench = openTestSimulator();
    const cancelled = await order(bench);
    await follow(bench, '00005', cancelled, '1000');
    expect((await follow(bench, '00005', cancelled, '1000')).CODEREPONSE).toBe('00015');
    const refunded = await order(bench);
    await follow(bench, '00014', refunded, '400');
    expect((await follow(bench, '00005', refunded, '1000')).CODEREPONSE).toBe('00015');
    expect((await follow(bench, '00005', refunded, '600')).CODEREPONSE).toBe('00015');
  });

  test('ends the payment: it cannot be captured, changed or refunded', async () => {
    const bench = openTestSimulator();
    const authorized = await order(bench, { TYPE: '00001' });
    await follow(bench, '00005', authorized, '1000');
    for (const TYPE of ['00002', '00013', '00014']) {
      expect((await follow(bench, TYPE, authorized, '500')).CODEREPONSE, TYPE).toBe('00015');
    }
  });

  test('needs neither REFERENCE nor card, and accepts the zeros that some clients send', async () => {
    const bench = openTestSimulator();
    const reply = await order(bench);
    const zeros = { PORTEUR: '000000000000000', DATEVAL: '0000' };
    expect((await follow(bench, '00005', reply, '1000', zeros)).CODEREPONSE).toBe('00000');
  });
});

describe('change of the amount', () => {
  test('lowers the amount that can be captured', async () => {
    const bench = openTestSimulator();
    const authorized = await order(bench, { TYPE: '00001' });
    expect((await follow(bench, '00013', authorized, '600')).CODEREPONSE).toBe('00000');
    expect((await inquire(bench, authorized)).STATUS).toBe('Autorisé');
    expect((await follow(bench, '00002', authorized, '601')).CODEREPONSE).toBe('00011');
    expect((await follow(bench, '00002', authorized, '600')).CODEREPONSE).toBe('00000');
  });

  test('lowers the amount that a cancel must have', async () => {
    const bench = openTestSimulator();
    const authorized = await order(bench, { TYPE: '00001' });
    await follow(bench, '00013', authorized, '600');
    expect((await follow(bench, '00005', authorized, '1000')).CODEREPONSE).toBe('00011');
    expect((await follow(bench, '00005', authorized, '600')).CODEREPONSE).toBe('00000');
  });

  test('cannot raise the amount', async () => {
    const bench = openTestSimulator();
    const authorized = await order(bench, { TYPE: '00001' });
    expect((await follow(bench, '00013', authorized, '1001')).CODEREPONSE).toBe('00011');
  });

  test('can be repeated, and a capture may use its numbers', async () => {
    const bench = openTestSimulator();
    const changed = await follow(bench, '00013', await order(bench, { TYPE: '00001' }), '800');
    const again = await follow(bench, '00013', changed, '500');
    const mixed = { NUMTRANS: changed.NUMTRANS ?? '', NUMAPPEL: again.NUMAPPEL ?? '' };
    expect((await bench.ask({ TYPE: '00013', MONTANT: '400', DEVISE: '978', ...mixed })).CODEREPONSE).toBe('00000');
    expect((await bench.ask({ TYPE: '00002', MONTANT: '400', DEVISE: '978', ...numbersOf(again) })).CODEREPONSE).toBe('00000');
  });

  test('is refused after the capture', async () => {
    const bench = openTestSimulator();
    expect((await follow(bench, '00013', await order(bench), '500')).CODEREPONSE).toBe('00015');
  });
});
