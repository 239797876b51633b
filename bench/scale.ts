import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Benchmark, median } from './benchmark.js';
import type { LoadResult } from './load.js';
import { paymentBody } from './question.js';
import { startServer } from './server-process.js';
import { measureLoad, SQLITE, WARM_UP } from './throughput.js';

/** The first number of the copied payments: far from the numbers that the load assigns. */
const FIRST = 2_000_000_000;

/** Copies the only payment of a file, with its question number and journal entry, this many times. */
export function copyPayment(file: string, payments: number): void {
  const database = new Database(file);
  database.pragma('journal_mode = OFF');
  database.pragma('synchronous = OFF');
  const copy = (table: string, changed: Readonly<Record<string, string>>): void => {
    const columns = (database.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name);
    const values = columns.map((name) => changed[name] ?? `${table}.${name}`);
    database.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${payments})
      INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values.join(', ')} FROM n, ${table}`);
  };
  const number = `${FIRST} + i`;
  copy('transactions', { payment: number, NUMTRANS: number, NUMAPPEL: number, REFERENCE: "'SCALE-' || i" });
  copy('questions', { NUMQUESTION: '2000000000 - i' });
  copy('journal', { seq: 'journal.seq + i', REFERENCE: "'SCALE-' || i", payment: number });
  database.exec(`UPDATE gateways SET entries = entries + ${payments}`);
  database.close();
}

interface FileResult {
  readonly load: LoadResult;
  /** Milliseconds from the start of the process until it listens. */
  readonly opening: number;
  /** Resident memory in MiB. */
  readonly memory: readonly [before: number, after: number];
}

/** The resident memory of a process in MiB. */
export const residentMemory = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;

async function measureFile(file: string, requests: number, first: number): Promise<FileResult> {
  const began = performance.now();
  const server = await startServer(SQLITE.script, SQLITE.args(file));
  const opening = performance.now() - began;
  const before = residentMemory(server.pid);
  const load = await measureLoad(server.port, requests, first);
  const after = residentMemory(server.pid);
  await server.stop();
  return { load, opening, memory: [before, after] };
}

/** Creates a database file with one payment. */
export async function createFileWithPayment(file: string): Promise<void> {
  const server = await startServer(SQLITE.script, SQLITE.args(file));
  const body = paymentBody(1);
  await fetch(`http://127.0.0.1:${server.port}/PPPS.php`, { method: 'POST', body }).then((response) => response.text());
  await server.stop();
}

/** Measures the same load with an empty file and with a file that contains millions of payments. */
export const scale: Benchmark = async ({ folder, rounds, requests, payments, print }) => {
  const large = join(folder, 'large.db');
  await createFileWithPayment(large);
  copyPayment(large, payments);
  const gibibytes = statSync(large).size / 2 ** 30;
  print(`A file with ${payments} payments, their question numbers and journal: ${gibibytes.toFixed(2)} GiB`);
  const all: { empty: FileResult; large: FileResult }[] = [];
  for (let round = 0; round < rounds; round++) {
    const first = 10 + round * (requests + WARM_UP);
    all.push({
      empty: await measureFile(join(folder, `empty-${round}.db`), requests, first),
      large: await measureFile(large, requests, first),
    });
  }
  const medianOf = (read: (round: (typeof all)[number]) => number): number => median(all.map(read));
  const result = {
    payments,
    gibibytes,
    emptyRequestsPerSecond: medianOf((r) => r.empty.load.requestsPerSecond),
    requestsPerSecond: medianOf((r) => r.large.load.requestsPerSecond),
    throughputRatio: medianOf((r) => r.large.load.requestsPerSecond / r.empty.load.requestsPerSecond),
    p99Ratio: medianOf((r) => r.large.load.p99 / r.empty.load.p99),
    opening: medianOf((r) => r.large.opening),
    emptyOpening: medianOf((r) => r.empty.opening),
    memory: medianOf((r) => r.large.memory[1]),
    emptyMemory: medianOf((r) => r.empty.memory[1]),
  };
  print(
    `  ${result.requestsPerSecond.toFixed(0)}/s, ${result.throughputRatio.toFixed(2)} of the throughput with an empty file (${result.emptyRequestsPerSecond.toFixed(0)}/s); p99 ${result.p99Ratio.toFixed(2)} times that of an empty file`,
  );
  print(
    `  listens ${result.opening.toFixed(0)} ms after the command (empty: ${result.emptyOpening.toFixed(0)} ms); ${result.memory.toFixed(0)} MiB resident after the load (empty: ${result.emptyMemory.toFixed(0)} MiB)`,
  );
  return result;
};
