import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Campaign, median } from './campaign.js';
import type { Load } from './load.js';
import { paymentBody } from './question.js';
import { startServer } from './server.js';
import { loadOn, SQLITE, WARM_UP } from './throughput.js';

/** Where the numbers of made-up payments begin: far from those that the load will take. */
const FIRST = 2_000_000_000;

/** Copies the one payment of a file, with all that was written for it, as many times as are wanted. */
function multiply(file: string, payments: number): void {
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

interface Visit {
  readonly load: Load;
  /** Milliseconds until it listened. */
  readonly opening: number;
  /** Resident MiB before the load and after it. */
  readonly memory: readonly [before: number, after: number];
}

const resident = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;

async function visit(file: string, requests: number, first: number): Promise<Visit> {
  const began = performance.now();
  const server = await startServer(SQLITE.script, SQLITE.args(file));
  const opening = performance.now() - began;
  const before = resident(server.pid);
  const load = await loadOn(server.port, requests, first);
  const after = resident(server.pid);
  await server.stop();
  return { load, opening, memory: [before, after] };
}

async function firstPayment(file: string): Promise<void> {
  const server = await startServer(SQLITE.script, SQLITE.args(file));
  const body = paymentBody(1);
  await fetch(`http://127.0.0.1:${server.port}/PPPS.php`, { method: 'POST', body }).then((response) => response.text());
  await server.stop();
}

/** The same load on an empty file and on one that holds millions of payments. */
export const scale: Campaign = async ({ folder, rounds, requests, payments, print }) => {
  const large = join(folder, 'large.db');
  await firstPayment(large);
  multiply(large, payments);
  const gibibytes = statSync(large).size / 2 ** 30;
  print(`A file with ${payments} payments, their question numbers and journal: ${gibibytes.toFixed(2)} GiB`);
  const all: { empty: Visit; large: Visit }[] = [];
  for (let round = 0; round < rounds; round++) {
    const first = 10 + round * (requests + WARM_UP);
    all.push({ empty: await visit(join(folder, `empty-${round}.db`), requests, first), large: await visit(large, requests, first) });
  }
  const mid = (read: (round: (typeof all)[number]) => number): number => median(all.map(read));
  const result = {
    payments,
    gibibytes,
    emptyRequestsPerSecond: mid((r) => r.empty.load.requestsPerSecond),
    requestsPerSecond: mid((r) => r.large.load.requestsPerSecond),
    throughputRatio: mid((r) => r.large.load.requestsPerSecond / r.empty.load.requestsPerSecond),
    p99Ratio: mid((r) => r.large.load.p99 / r.empty.load.p99),
    opening: mid((r) => r.large.opening),
    emptyOpening: mid((r) => r.empty.opening),
    memory: mid((r) => r.large.memory[1]),
    emptyMemory: mid((r) => r.empty.memory[1]),
  };
  print(
    `  ${result.requestsPerSecond.toFixed(0)}/s, ${result.throughputRatio.toFixed(2)} of those on an empty file (${result.emptyRequestsPerSecond.toFixed(0)}/s); p99 ${result.p99Ratio.toFixed(2)} times`,
  );
  print(
    `  listens ${result.opening.toFixed(0)} ms after the command (empty: ${result.emptyOpening.toFixed(0)} ms); ${result.memory.toFixed(0)} MiB resident after the load (empty: ${result.emptyMemory.toFixed(0)} MiB)`,
  );
  return result;
};
