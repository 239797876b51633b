import { expect, test } from 'vitest';
import { stepsOf } from '../../simulator/inspector/journal-queries.js';
import { type TimelineEntry, timelineOf } from '../../simulator/inspector/timeline.js';
import { authenticate } from '../support/cardholder.js';
import { numbersOf } from '../support/question.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { HOSTED, PAY } from './storages.js';

async function timeline({ simulator }: TestSimulator, id: string): Promise<readonly TimelineEntry[]> {
  const payment = await simulator.gateway.payment(id);
  if (!payment) throw new Error(`Payment not found: ${id}.`);
  const authentication = await simulator.gateway.authentication(payment.ID3D ?? '');
  const steps = authentication ? await stepsOf(simulator.gateway, authentication) : [];
  const exchanges = [...(await simulator.journal({ payment: id })), ...steps].sort((a, b) => a.seq - b.seq);
  return timelineOf(payment, exchanges, simulator.clock.now());
}

const describeEntry = (entry: TimelineEntry): string => {
  if (entry.kind === 'step') return entry.exchange.operation;
  const { authorized, captured, refunded, remitted, standing } = entry.state;
  const what = entry.kind === 'exchange' ? `${entry.exchange.TYPE} ${entry.exchange.CODEREPONSE}` : entry.kind;
  return `${what}: ${standing} ${authorized} ${captured} ${refunded} ${remitted}`;
};

test('shows the state of the payment after each exchange, whether or not the exchange changed it', async () => {
  const bench = openTestSimulator();
  const { ask, simulator } = bench;
  const authorized = await ask({ ...PAY, TYPE: '00001' });
  await ask({ TYPE: '00014', MONTANT: '1000', DEVISE: '978', ...numbersOf(authorized) });
  const captured = await ask({ TYPE: '00002', MONTANT: '900', DEVISE: '978', ...numbersOf(authorized) });
  await ask({ TYPE: '00017', ...numbersOf(authorized) });
  simulator.clock.advance('P1D');
  await ask({ TYPE: '00014', MONTANT: '400', DEVISE: '978', ...numbersOf(captured) });
  expect((await timeline(bench, '0001000001')).map(describeEntry)).toEqual([
    '00001 00000: authorized 1000 0 0 0',
    '00014 00015: authorized 1000 0 0 0',
    '00002 00000: captured 1000 900 0 0',
    '00017 00000: captured 1000 900 0 0',
    'remitted: captured 1000 900 0 900',
    '00014 00000: captured 1000 900 400 900',
  ]);
});

test('contains a transaction whose exchange is not in the journal', async () => {
  const bench = openTestSimulator();
  await bench.simulator.gateway.importPayment(HOSTED);
  await bench.ask({ TYPE: '00014', MONTANT: '1', DEVISE: '978', NUMTRANS: '42', NUMAPPEL: '43' });
  expect((await timeline(bench, '0000000042')).map(describeEntry)).toEqual([
    'transaction: captured 1000 1000 0 0',
    '00014 00000: captured 1000 1000 1 0',
  ]);
});

test('contains the expiry of an authorization with its time', async () => {
  const bench = openTestSimulator();
  await bench.ask({ ...PAY, TYPE: '00001' });
  bench.simulator.clock.advance('P8D');
  const entries = await timeline(bench, '0001000001');
  expect(entries.map(describeEntry)).toEqual(['00001 00000: authorized 1000 0 0 0', 'expired: expired 1000 0 0 0']);
  expect(entries.at(-1)?.at).toBe(Date.parse('2026-06-17T12:00:00+02:00'));
});

test('has one entry for a refused payment', async () => {
  const bench = openTestSimulator();
  await bench.ask({ ...PAY, PORTEUR: '1111220000001519' });
  expect((await timeline(bench, '0001000001')).map(describeEntry)).toEqual(['00003 00151: refused 0 0 0 0']);
});

test('has the steps of the authentication that the payment was made with, and no others', async () => {
  const bench = openTestSimulator();
  const PORTEUR = '4000000000001091';
  const ID3D = await authenticate(bench.simulator);
  await authenticate(bench.simulator, { IdSession: 'another' });
  const paid = await bench.ask({ ...PAY, PORTEUR, ID3D });
  const entries = await timeline(bench, paid.NUMTRANS ?? '');
  expect(entries.map(describeEntry)).toEqual(['authenticate', 'challenge', '00003 00000: captured 1000 1000 0 0']);
});
