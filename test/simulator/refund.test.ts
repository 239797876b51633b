import { expect, test } from 'vitest';
import { numbersOf } from '../support/question.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { follow, inquire, onSubscriber, order, register } from './orders.js';

test('a payment can be fully refunded before the remittance', async () => {
  const bench = openTestSimulator();
  const paid = await order(bench);
  expect((await follow(bench, '00014', paid, '1000')).CODEREPONSE).toBe('00000');
  expect((await inquire(bench, paid)).STATUS).toBe('Remboursé');
});

test('a payment can be refunded after the remittance, but not cancelled', async () => {
  const bench = openTestSimulator();
  const paid = await order(bench);
  bench.simulator.clock.advance('P2M');
  expect((await follow(bench, '00005', paid, '1000')).CODEREPONSE).toBe('00015');
  expect((await follow(bench, '00014', paid, '1000')).CODEREPONSE).toBe('00000');
});

test('the sum of several refunds cannot exceed the captured amount', async () => {
  const bench = openTestSimulator();
  const paid = await order(bench);
  expect((await follow(bench, '00014', paid, '400')).CODEREPONSE).toBe('00000');
  expect((await follow(bench, '00014', paid, '500')).CODEREPONSE).toBe('00000');
  expect((await inquire(bench, paid)).STATUS).toBe('Capturé');
  expect((await follow(bench, '00014', paid, '101')).CODEREPONSE).toBe('00011');
  expect((await follow(bench, '00014', paid, '100')).CODEREPONSE).toBe('00000');
  expect((await inquire(bench, paid)).STATUS).toBe('Remboursé');
  expect((await follow(bench, '00014', paid, '1')).CODEREPONSE).toBe('00011');
  const { body } = await bench.control('GET', `/payments/${paid.NUMTRANS}`);
  expect(body).toMatchObject({ captured: 1000, refunded: 1000, refundable: 0 });
});

test('the captured amount limits a refund, not the authorized amount', async () => {
  const bench = openTestSimulator();
  const authorized = await order(bench, { TYPE: '00001' });
  const captured = await follow(bench, '00002', authorized, '700');
  expect((await follow(bench, '00014', captured, '701')).CODEREPONSE).toBe('00011');
  expect((await follow(bench, '00014', authorized, '700')).CODEREPONSE).toBe('00000');
});

test('a refund may use the numbers of an earlier refund of the same payment', async () => {
  const bench = openTestSimulator();
  const first = await follow(bench, '00014', await order(bench), '400');
  expect((await follow(bench, '00014', first, '600')).CODEREPONSE).toBe('00000');
  expect((await inquire(bench, first)).STATUS).toBe('Remboursé');
});

test('a refund has a new NUMTRANS and the NUMAPPEL of the payment', async () => {
  const bench = openTestSimulator();
  const paid = await order(bench);
  const [first, second] = [await follow(bench, '00014', paid, '400'), await follow(bench, '00014', paid, '100')];
  expect([first.NUMAPPEL, second.NUMAPPEL]).toEqual([paid.NUMAPPEL, paid.NUMAPPEL]);
  expect(new Set([paid.NUMTRANS, first.NUMTRANS, second.NUMTRANS]).size).toBe(3);
});

test('a capture repeats the numbers of its authorization', async () => {
  const bench = openTestSimulator();
  const authorized = await order(bench, { TYPE: '00001' });
  expect(await follow(bench, '00002', authorized, '700')).toMatchObject({ CODEREPONSE: '00000', ...numbersOf(authorized) });
  const next = await order(bench);
  expect(next.NUMTRANS).not.toBe(authorized.NUMTRANS);
  expect(next.NUMAPPEL).not.toBe(authorized.NUMAPPEL);
});

test('an authorization that was not captured cannot be refunded', async () => {
  const bench = openTestSimulator();
  expect((await follow(bench, '00014', await order(bench, { TYPE: '00001' }), '1000')).CODEREPONSE).toBe('00015');
});

test('a payment of a subscriber can be refunded', async () => {
  const bench = openTestSimulator();
  const paid = await bench.ask({ TYPE: '00053', ...onSubscriber(await register(bench)) });
  expect((await follow(bench, '00014', paid, '1000')).CODEREPONSE).toBe('00000');
});

test('the numbers of another account are not found', async () => {
  const bench = openTestSimulator();
  const paid = await order(bench);
  expect((await follow(bench, '00014', paid, '1000', { RANG: '99' })).CODEREPONSE).toBe('00015');
  expect((await inquire(bench, paid, { RANG: '99' })).CODEREPONSE).toBe('00018');
  expect((await follow(bench, '00014', paid, '1000', { RANG: '032' })).CODEREPONSE).toBe('00000');
});

test.each([
  ['an unknown NUMTRANS', { NUMTRANS: '0999999999' }],
  ['an unknown NUMAPPEL', { NUMAPPEL: '0999999999' }],
  ['a NUMTRANS that is not a number', { NUMTRANS: 'abc' }],
  ['a NUMTRANS of eleven digits', { NUMTRANS: '00001000001' }],
])('%s is not found', async (_, numbers) => {
  const bench = openTestSimulator();
  const reply = await follow(bench, '00014', await order(bench), '1000', numbers);
  expect(reply).toMatchObject({ CODEREPONSE: '00015', COMMENTAIRE: 'PAYBOX : Transaction non trouvée', NUMTRANS: '0000000000' });
});
