import { describe, expect, test } from 'vitest';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { follow, inquire, order } from './orders.js';

const benchAt = (time: string): TestSimulator => {
  const bench = openTestSimulator();
  bench.simulator.clock.set(time);
  return bench;
};

/** The time of the remittance of a payment that is made at `time`, from the control API. */
async function remittanceTimeOf(time: string, DIFFERE = ''): Promise<string> {
  const bench = benchAt(time);
  const { NUMTRANS } = await order(bench, { DIFFERE });
  return (await bench.control('GET', `/payments/${NUMTRANS}`)).body.remittance.at;
}

describe('the remittance', () => {
  test('runs in the night after the payment, at 3:30 in Paris', async () => {
    const bench = benchAt('2026-06-10T12:00');
    const paid = await order(bench);
    bench.simulator.clock.set('2026-06-11T03:29:59.999');
    expect(await inquire(bench, paid)).not.toHaveProperty('REMISE');
    bench.simulator.clock.set('2026-06-11T03:30');
    expect(await inquire(bench, paid)).toHaveProperty('REMISE');
  });

  test('includes payments made before 3:30 of the same night', async () => {
    expect(await remittanceTimeOf('2026-06-11T00:10')).toBe('2026-06-11T03:30:00.000+02:00');
    expect(await remittanceTimeOf('2026-06-11T03:29:59.999')).toBe('2026-06-11T03:30:00.000+02:00');
    expect(await remittanceTimeOf('2026-06-11T03:30')).toBe('2026-06-12T03:30:00.000+02:00');
  });

  test.each([
    ['in winter', '2026-01-15T12:00', '2026-01-16T03:30:00.000+01:00'],
    ['in summer', '2026-07-15T12:00', '2026-07-16T03:30:00.000+02:00'],
    ['before the change to summer time', '2026-03-28T12:00', '2026-03-29T03:30:00.000+02:00'],
    ['in the night of the change to summer time', '2026-03-29T01:59', '2026-03-29T03:30:00.000+02:00'],
    ['after the change to summer time', '2026-03-29T12:00', '2026-03-30T03:30:00.000+02:00'],
    ['before the change to winter time', '2026-10-24T12:00', '2026-10-25T03:30:00.000+01:00'],
    ['in the first hour of 2:00 of that night', '2026-10-25T02:30:00+02:00', '2026-10-25T03:30:00.000+01:00'],
    ['in the second hour of 2:00 of that night', '2026-10-25T02:30:00+01:00', '2026-10-25T03:30:00.000+01:00'],
    ['at the end of a month', '2026-04-30T23:00', '2026-05-01T03:30:00.000+02:00'],
    ['at the end of a year', '2026-12-31T23:59:59.999', '2027-01-01T03:30:00.000+01:00'],
    ['before a leap day', '2028-02-28T12:00', '2028-02-29T03:30:00.000+01:00'],
    ['on a leap day', '2028-02-29T12:00', '2028-03-01T03:30:00.000+01:00'],
    ['at the end of a February of 28 days', '2026-02-28T12:00', '2026-03-01T03:30:00.000+01:00'],
  ])('of a payment %s (%s) is at %s', async (_, time, due) => {
    expect(await remittanceTimeOf(time)).toBe(due);
  });

  test.each([
    ['0', '2026-06-11T03:30:00.000+02:00'],
    ['1', '2026-06-12T03:30:00.000+02:00'],
    ['007', '2026-06-18T03:30:00.000+02:00'],
    ['999', '2029-03-06T03:30:00.000+01:00'],
    ['x', '2026-06-11T03:30:00.000+02:00'],
  ])('is postponed by the days of DIFFERE=%s', async (DIFFERE, due) => {
    expect(await remittanceTimeOf('2026-06-10T12:00', DIFFERE)).toBe(due);
  });

  test('is postponed by days, not by hours, across a change to or from summer time', async () => {
    expect(await remittanceTimeOf('2026-03-27T12:00', '2')).toBe('2026-03-30T03:30:00.000+02:00');
    expect(await remittanceTimeOf('2026-10-23T12:00', '2')).toBe('2026-10-26T03:30:00.000+01:00');
  });

  test('of a postponed payment is postponed, so that the payment can be cancelled longer', async () => {
    const bench = benchAt('2026-06-10T12:00');
    const [early, late] = [await order(bench, { DIFFERE: '2' }), await order(bench, { DIFFERE: '2' })];
    bench.simulator.clock.set('2026-06-13T03:29:59.999');
    expect((await follow(bench, '00005', early, '1000')).CODEREPONSE).toBe('00000');
    bench.simulator.clock.set('2026-06-13T03:30');
    expect((await follow(bench, '00005', late, '1000')).CODEREPONSE).toBe('00015');
  });

  test('of a capture follows the capture, postponed by DIFFERE of the capture, else by that of the authorization', async () => {
    const bench = benchAt('2026-06-10T12:00');
    const authorized = () => order(bench, { TYPE: '00001', DIFFERE: '3' });
    const [inheriting, explicit] = [await authorized(), await authorized()];
    bench.simulator.clock.set('2026-06-11T12:00');
    await follow(bench, '00002', inheriting, '1000');
    await follow(bench, '00002', explicit, '1000', { DIFFERE: '0' });
    const due = async ({ NUMTRANS }: typeof explicit) => (await bench.control('GET', `/payments/${NUMTRANS}`)).body.remittance.at;
    expect(await due(inheriting)).toBe('2026-06-15T03:30:00.000+02:00');
    expect(await due(explicit)).toBe('2026-06-12T03:30:00.000+02:00');
  });

  test('has different REMISE numbers in the nights around a change to summer or winter time, a year’s end and a leap day', async () => {
    const seen = new Set<string>();
    const nights = ['2026-03-28', '2026-03-29', '2026-10-24', '2026-10-25', '2026-12-31', '2027-01-01', '2028-02-28', '2028-02-29'];
    for (const night of nights) {
      const bench = benchAt(`${night}T12:00`);
      const paid = await order(bench);
      bench.simulator.clock.remit();
      seen.add((await inquire(bench, paid)).REMISE ?? '');
    }
    expect(seen.size).toBe(nights.length);
  });

  test('sends the captured amount less the refunds that are remitted, and the credits as negative amounts', async () => {
    const bench = benchAt('2026-06-10T12:00');
    const paid = await order(bench);
    const credited = await order(bench, { TYPE: '00004', MONTANT: '300' });
    const remitted = async ({ NUMTRANS }: typeof paid) => (await bench.control('GET', `/payments/${NUMTRANS}`)).body.remitted;
    expect([await remitted(paid), await remitted(credited)]).toEqual([0, 0]);
    bench.simulator.clock.remit();
    await follow(bench, '00014', paid, '400');
    expect([await remitted(paid), await remitted(credited)]).toEqual([1000, -300]);
    bench.simulator.clock.remit();
    expect(await remitted(paid)).toBe(600);
  });
});

describe('the remitted amount', () => {
  const remittedOf = async (bench: TestSimulator, { NUMTRANS }: { readonly NUMTRANS?: string }): Promise<number> =>
    (await bench.control('GET', `/payments/${NUMTRANS}`)).body.remitted;

  test('of a payment that was cancelled before its remittance is 0', async () => {
    const bench = benchAt('2026-06-10T12:00');
    const paid = await order(bench);
    await follow(bench, '00005', paid, '1000');
    bench.simulator.clock.set('2026-06-12T12:00');
    expect(await remittedOf(bench, paid)).toBe(0);
  });

  test('of a postponed payment is 0 while only its refund would be remitted', async () => {
    const bench = benchAt('2026-06-10T12:00');
    const paid = await order(bench, { DIFFERE: '5' });
    await follow(bench, '00014', paid, '400');
    bench.simulator.clock.set('2026-06-12T12:00');
    expect(await remittedOf(bench, paid)).toBe(0);
    bench.simulator.clock.set('2026-06-17T12:00');
    expect(await remittedOf(bench, paid)).toBe(600);
  });

  test('of an authorization is 0', async () => {
    const bench = benchAt('2026-06-10T12:00');
    const authorized = await order(bench, { TYPE: '00001' });
    bench.simulator.clock.set('2026-06-12T12:00');
    expect(await remittedOf(bench, authorized)).toBe(0);
  });
});

test('an authorization expires at the same local time after a change to summer time', async () => {
  const bench = benchAt('2026-03-27T12:00');
  const { NUMTRANS } = await order(bench, { TYPE: '00001' });
  expect((await bench.control('GET', `/payments/${NUMTRANS}`)).body.expiresAt).toBe('2026-04-03T12:00:00.000+02:00');
});
