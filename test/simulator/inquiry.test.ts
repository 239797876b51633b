import { describe, expect, onTestFinished, test } from 'vitest';
import { encodeForm } from '../../contracts/index.js';
import { authenticate } from '../support/cardholder.js';
import { HEAD, numbersOf } from '../support/question.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { follow, inquire, ORDER, order } from './orders.js';

const exists = { TYPE: '00011', MONTANT: ORDER.MONTANT ?? '', DEVISE: '978', REFERENCE: 'order-1' };

describe('inquiry (00017)', () => {
  test('answers the numbers of the transaction and makes no transaction', async () => {
    const bench = openTestSimulator();
    const authorized = await order(bench, { TYPE: '00001' });
    const captured = await follow(bench, '00002', authorized, '1000');
    const refunded = await follow(bench, '00014', captured, '400');
    expect(await inquire(bench, authorized)).toMatchObject({ CODEREPONSE: '00000', ...numbersOf(authorized) });
    expect(await inquire(bench, captured)).toMatchObject({ CODEREPONSE: '00000', ...numbersOf(captured) });
    expect(await inquire(bench, refunded)).toMatchObject({ CODEREPONSE: '00000', ...numbersOf(refunded) });
    const { body } = await bench.control('GET', `/payments/${authorized.NUMTRANS}`);
    expect(body.transactions).toHaveLength(3);
  });

  test('finds the transaction by its NUMTRANS with the NUMAPPEL of another transaction of the payment', async () => {
    const bench = openTestSimulator();
    const paid = await order(bench);
    const cancelled = await follow(bench, '00005', paid, '1000');
    const mixed = { NUMTRANS: cancelled.NUMTRANS ?? '', NUMAPPEL: paid.NUMAPPEL ?? '' };
    expect(await inquire(bench, mixed)).toMatchObject({ CODEREPONSE: '00000', STATUS: 'Annulé', ...numbersOf(cancelled) });
    const other = { NUMTRANS: paid.NUMTRANS ?? '', NUMAPPEL: (await order(bench)).NUMAPPEL ?? '' };
    expect((await inquire(bench, other)).CODEREPONSE).toBe('00018');
  });

  test("answers Remboursé for a refund's NUMTRANS, also of a partial refund, and the payment's STATUS for its own", async () => {
    const bench = openTestSimulator();
    const paid = await order(bench);
    const refunded = await follow(bench, '00014', paid, '400');
    expect(refunded.NUMTRANS).not.toBe(paid.NUMTRANS);
    expect(refunded.NUMAPPEL).toBe(paid.NUMAPPEL);
    expect((await inquire(bench, refunded)).STATUS).toBe('Remboursé');
    expect((await inquire(bench, paid)).STATUS).toBe('Capturé');
    await follow(bench, '00014', paid, '600');
    expect((await inquire(bench, paid)).STATUS).toBe('Remboursé');
  });

  test('needs no NUMAPPEL, but finds no transaction with a wrong one', async () => {
    const bench = openTestSimulator();
    const paid = await order(bench);
    expect(await inquire(bench, paid, { NUMAPPEL: '' })).toMatchObject({ CODEREPONSE: '00000', ...numbersOf(paid) });
    expect((await inquire(bench, paid, { NUMAPPEL: paid.NUMTRANS ?? '' })).CODEREPONSE).toBe('00018');
  });

  test.each(['1', '1000', 'abc'])('ignores a MONTANT of %s', async (MONTANT) => {
    const bench = openTestSimulator();
    expect((await inquire(bench, await order(bench), { MONTANT })).CODEREPONSE).toBe('00000');
  });

  test('of an unknown transaction is answered 00018', async () => {
    const bench = openTestSimulator();
    const reply = await bench.ask({ TYPE: '00017', NUMTRANS: '0999999999' });
    expect(reply).toMatchObject({ CODEREPONSE: '00018', NUMTRANS: '0000000000', NUMAPPEL: '0000000000' });
    expect(reply).not.toHaveProperty('STATUS');
  });

  test('always answers STATUS, and REMISE only after the remittance', async () => {
    const bench = openTestSimulator();
    const paid = await order(bench);
    expect(await inquire(bench, paid)).not.toHaveProperty('REMISE');
    bench.simulator.clock.remit();
    const remitted = await inquire(bench, paid);
    expect(remitted.STATUS).toBe('Capturé');
    expect(remitted.REMISE).toMatch(/^[1-9]\d{0,8}$/);
  });

  test('answers the same REMISE for payments of one account and night, and a different one for the next', async () => {
    const bench = openTestSimulator();
    const first = await order(bench);
    const second = await order(bench, { REFERENCE: 'order-2' });
    const elsewhere = await order(bench, { RANG: '99' });
    bench.simulator.clock.remit();
    const third = await order(bench, { REFERENCE: 'order-3' });
    bench.simulator.clock.remit();
    const remise = async (paid: typeof first, RANG = '32') => (await inquire(bench, paid, { RANG })).REMISE;
    expect(await remise(second)).toBe(await remise(first));
    expect(await remise(third)).not.toBe(await remise(first));
    expect(await remise(elsewhere, '99')).not.toBe(await remise(first));
  });

  test('answers no REMISE for an authorization or a cancelled payment', async () => {
    const bench = openTestSimulator();
    const authorized = await order(bench, { TYPE: '00001' });
    const cancelled = await order(bench);
    await follow(bench, '00005', cancelled, '1000');
    bench.simulator.clock.advance('P3D');
    expect(await inquire(bench, authorized)).not.toHaveProperty('REMISE');
    expect(await inquire(bench, cancelled)).not.toHaveProperty('REMISE');
  });

  test('answers for a refund the REMISE of its own remittance', async () => {
    const bench = openTestSimulator();
    const paid = await order(bench);
    bench.simulator.clock.remit();
    const refunded = await follow(bench, '00014', paid, '400');
    expect(await inquire(bench, refunded)).not.toHaveProperty('REMISE');
    bench.simulator.clock.remit();
    const { REMISE } = await inquire(bench, refunded);
    expect(REMISE).toMatch(/^\d{9}$/);
    expect(REMISE).not.toBe((await inquire(bench, paid)).REMISE);
  });
});

describe('check that a transaction exists (00011)', () => {
  test('answers the numbers of the order, without STATUS', async () => {
    const bench = openTestSimulator();
    const paid = await order(bench);
    const found = await bench.ask(exists);
    expect(found).toMatchObject({ CODEREPONSE: '00000', ...numbersOf(paid) });
    expect(found).not.toHaveProperty('STATUS');
  });

  test('answers the newest of several payments', async () => {
    const bench = openTestSimulator();
    await order(bench);
    const second = await order(bench);
    expect(await bench.ask(exists)).toMatchObject(numbersOf(second));
  });

  test.each([{ MONTANT: '1001' }, { DEVISE: '840' }, { REFERENCE: 'order-2' }, { RANG: '99' }])(
    'finds no payment with %o',
    async (other) => {
      const bench = openTestSimulator();
      await order(bench);
      expect((await bench.ask({ ...exists, ...other })).CODEREPONSE).toBe('00018');
    },
  );

  test('answers the numbers of the first operation after a capture', async () => {
    const bench = openTestSimulator();
    const authorized = await order(bench, { TYPE: '00001' });
    await follow(bench, '00002', authorized, '700');
    expect(await bench.ask(exists)).toMatchObject({ CODEREPONSE: '00000', ...numbersOf(authorized) });
  });
});

describe('the header X-Simulator-ID3D', () => {
  const inquireFor = async (fetch: (request: Request) => Promise<Response>, url: string, NUMTRANS: string): Promise<Response> => {
    const body = encodeForm(Object.entries({ ...HEAD, TYPE: '00017', NUMTRANS, NUMQUESTION: '901' }));
    return fetch(new Request(`${url}/PPPS.php`, { method: 'POST', body }));
  };

  test('names the authentication of the payment and its outcome, in process and on a port', async () => {
    const bench = openTestSimulator({ accounts: [{ SITE: '1999888', RANG: '32', questionNumbers: 'off' }] });
    onTestFinished(() => bench.simulator.close());
    const ID3D = await authenticate(bench.simulator);
    await bench.ask({ ...ORDER, TYPE: '00003', PORTEUR: '4000000000001091', ID3D });
    const expected = `${ID3D}; authenticated`;
    const inProcess = await inquireFor(bench.simulator.fetch, 'http://localhost', '1000002');
    expect(inProcess.headers.get('X-Simulator-ID3D')).toBe(expected);
    const url = await bench.simulator.listen();
    expect((await inquireFor(fetch, url, '1000002')).headers.get('X-Simulator-ID3D')).toBe(expected);
  });

  test('is absent for a payment without an authentication', async () => {
    const bench = openTestSimulator();
    await order(bench);
    const reply = await inquireFor(bench.simulator.fetch, 'http://localhost', '1000001');
    expect(reply.headers.has('X-Simulator-ID3D')).toBe(false);
  });
});
