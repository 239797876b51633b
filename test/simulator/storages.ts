import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { decodeReply, encodeForm } from '../../contracts/index.js';
import type { PaymentInput, SimulatorOptions } from '../../simulator/index.js';
import { hasPostgres, postgres } from '../support/postgres.js';
import { CARD, HEAD, type Variables } from '../support/question.js';
import { tempFolder } from '../support/temp-folder.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';

/** A way to keep the state, and the options that choose it for one test. */
export interface StorageKind {
  readonly storage: string;
  readonly options: () => Promise<SimulatorOptions>;
}

/** Every way to keep the state. */
export const STORAGES: readonly StorageKind[] = [
  { storage: 'memory', options: async () => ({}) },
  { storage: 'SQLite', options: async () => ({ db: join(await tempFolder(), 'state.db') }) },
  ...(hasPostgres ? [{ storage: 'PostgreSQL', options: async () => ({ db: (await postgres()).makeDatabase() }) }] : []),
];

/** Those that several simulators can share, and that are there again when they are opened again. */
export const SHARED_STORAGES = STORAGES.filter(({ storage }) => storage !== 'memory');

/** A payment that Paybox System's hosted page took. */
export const HOSTED: PaymentInput = {
  SITE: '1999888',
  RANG: '32',
  NUMTRANS: '42',
  NUMAPPEL: '43',
  MONTANT: 1000,
  DEVISE: '978',
  REFERENCE: 'hosted',
  status: 'captured',
};

/** A bench on this storage, closed when the test is over. */
export async function benchOn({ options }: StorageKind, more: SimulatorOptions = {}): Promise<TestSimulator> {
  return closedAfter(openTestSimulator({ ...(await options()), ...more }));
}

/** A bench that keeps its state in this file, closed when the test is over. */
export function benchOnFile(db: string, more: SimulatorOptions = {}): TestSimulator {
  return closedAfter(openTestSimulator({ db, ...more }));
}

function closedAfter(bench: TestSimulator): TestSimulator {
  onTestFinished(() => bench.simulator.close());
  return bench;
}

/** Puts a question to the separate gateway at `/s/<name>`. NUMQUESTION is 1 unless it is given. */
export async function askSession({ simulator }: TestSimulator, name: string, variables: Variables): Promise<Variables> {
  const body = encodeForm(Object.entries({ ...HEAD, NUMQUESTION: '1', ...variables }));
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const response = await simulator.fetch(new Request(`http://localhost/s/${name}/PPPS.php`, { method: 'POST', body, headers }));
  return Object.fromEntries(decodeReply(new Uint8Array(await response.arrayBuffer())));
}

/** A payment of 10.00 EUR on the accepted test card. */
export const PAY: Variables = { ...CARD, TYPE: '00003', MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-1' };
