import { expect, test } from 'vitest';
import { type Step, timelineOf } from '../../simulator/inspector/timeline.js';
import { type Bench, makeBench, numbersOf } from '../support/question.js';
import { HOSTED, PAY } from './storages.js';

async function timeline({ simulator }: Bench, id: string): Promise<readonly Step[]> {
  const payment = await simulator.gateway.payment(id);
  if (!payment) throw new Error(`There is no payment ${id}.`);
  return timelineOf(payment, (await simulator.journal({ payment: id })).reverse(), simulator.clock.now());
}

const said = (step: Step): string => {
  const { authorized, captured, refunded, remitted, standing } = step.state;
  const what = step.kind === 'exchange' ? `${step.entry.TYPE} ${step.entry.CODEREPONSE}` : step.kind;
  return `${what}: ${standing} ${authorized} ${captured} ${refunded} ${remitted}`;
};

test('each exchange stands with what the chain came to after it, whether or not it changed anything', async () => {
  const bench = makeBench();
  const { ask, simulator } = bench;
  const authorized = await ask({ ...PAY, TYPE: '00001' });
  await ask({ TYPE: '00014', MONTANT: '1000', DEVISE: '978', ...numbersOf(authorized) });
  const captured = await ask({ TYPE: '00002', MONTANT: '900', DEVISE: '978', ...numbersOf(authorized) });
  await ask({ TYPE: '00017', ...numbersOf(authorized) });
  simulator.clock.advance('P1D');
  await ask({ TYPE: '00014', MONTANT: '400', DEVISE: '978', ...numbersOf(captured) });
  expect((await timeline(bench, '0001000001')).map(said)).toEqual([
    '00001 00000: authorized 1000 0 0 0',
    '00014 00015: authorized 1000 0 0 0',
    '00002 00000: captured 1000 900 0 0',
    '00017 00000: captured 1000 900 0 0',
    'remitted: captured 1000 900 0 900',
    '00014 00000: captured 1000 900 400 900',
  ]);
});

test('a transaction whose exchange is not in the journal is there all the same', async () => {
  const bench = makeBench();
  await bench.simulator.gateway.importPayment(HOSTED);
  await bench.ask({ TYPE: '00014', MONTANT: '1', DEVISE: '978', NUMTRANS: '42', NUMAPPEL: '43' });
  expect((await timeline(bench, '0000000042')).map(said)).toEqual([
    'transaction: captured 1000 1000 0 0',
    '00014 00000: captured 1000 1000 1 0',
  ]);
});

test('an authorization that ended says when', async () => {
  const bench = makeBench();
  await bench.ask({ ...PAY, TYPE: '00001' });
  bench.simulator.clock.advance('P8D');
  const steps = await timeline(bench, '0001000001');
  expect(steps.map(said)).toEqual(['00001 00000: authorized 1000 0 0 0', 'expired: expired 1000 0 0 0']);
  expect(steps.at(-1)?.at).toBe(Date.parse('2026-06-17T12:00:00+02:00'));
});

test('a refused payment is one step', async () => {
  const bench = makeBench();
  await bench.ask({ ...PAY, PORTEUR: '1111220000001519' });
  expect((await timeline(bench, '0001000001')).map(said)).toEqual(['00003 00151: refused 0 0 0 0']);
});
