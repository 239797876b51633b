import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { decodeReply, encodeForm } from '../../contracts/index.js';
import type { SimulatorOptions } from '../../simulator/index.js';
import { hasPostgres, postgres } from '../support/postgres.js';
import { HEAD, type Variables } from '../support/question.js';
import { tempFolder } from '../support/temp-folder.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';

export { HOSTED, PAY } from '../support/question.js';

/** A kind of storage. */
export interface StorageKind {
  readonly storage: string;
  /** Returns options that use an empty storage of this kind. */
  readonly options: () => Promise<SimulatorOptions>;
}

/** All kinds of storage; PostgreSQL only where it is installed. */
export const STORAGES: readonly StorageKind[] = [
  { storage: 'memory', options: async () => ({}) },
  { storage: 'SQLite', options: async () => ({ db: join(await tempFolder(), 'state.db') }) },
  ...(hasPostgres ? [{ storage: 'PostgreSQL', options: async () => ({ db: (await postgres()).makeDatabase() }) }] : []),
];

/** The kinds that several simulators can share and that can be reopened. */
export const SHARED_STORAGES = STORAGES.filter(({ storage }) => storage !== 'memory');

/** Makes a bench on this kind of storage. It is closed at the end of the test. */
export async function benchOn({ options }: StorageKind, more: SimulatorOptions = {}): Promise<TestSimulator> {
  return closeAfterTest(openTestSimulator({ ...(await options()), ...more }));
}

/** Makes a bench on this file or database URL. It is closed at the end of the test. */
export function benchOnFile(db: string, more: SimulatorOptions = {}): TestSimulator {
  return closeAfterTest(openTestSimulator({ db, ...more }));
}

function closeAfterTest(bench: TestSimulator): TestSimulator {
  onTestFinished(() => bench.simulator.close());
  return bench;
}

/** Sends a question to the separate gateway at `/s/<name>`. Default of NUMQUESTION: 1. */
export async function askSession({ simulator }: TestSimulator, name: string, variables: Variables): Promise<Variables> {
  const body = encodeForm(Object.entries({ ...HEAD, NUMQUESTION: '1', ...variables }));
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const response = await simulator.fetch(new Request(`http://localhost/s/${name}/PPPS.php`, { method: 'POST', body, headers }));
  return Object.fromEntries(decodeReply(new Uint8Array(await response.arrayBuffer())));
}
