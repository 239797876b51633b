import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import type { Benchmark, BenchmarkSettings } from './benchmark.js';
import { runLoad } from './load.js';
import { paymentBody } from './question.js';
import { copyPayment, createFileWithPayment, residentMemory } from './scale.js';
import { type ServerProcess, startServer } from './server-process.js';
import type { SteadyLoadData, TimedPayment } from './steady-load.js';
import { MEMORY, SQLITE } from './throughput.js';

/** Payments per second while a request runs beside them. */
const RATE = 100;
/** How long payments are measured alone, and beside readers of the event stream. Milliseconds. */
const ALONE = 5000;
const READERS = 1000;
const RULES = 50_000;
const ADDED_RULES = 2744;
/** More payments than this do not fit into the memory store. */
const MOST_PAYMENTS = 1_000_000;

interface Latencies {
  readonly p99: number;
  readonly max: number;
}

/** Payments beside one request. */
interface Stall extends Latencies {
  readonly request: string;
  /** Milliseconds that the request took. */
  readonly took: number;
  readonly p99Ratio: number;
  readonly maxRatio: number;
  /** By how much the resident memory of the server grew meanwhile, MiB. */
  readonly growth: number;
}

function latenciesOf(payments: readonly TimedPayment[]): Latencies {
  const sorted = payments.map(({ latency }) => latency).sort((a, b) => a - b);
  return { p99: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}

/** Payments at a steady rate, sent by a thread of their own. */
class SteadyLoad {
  readonly #worker: Worker;

  /** Rejects when a payment has failed. */
  readonly #failure: Promise<never>;

  constructor(data: SteadyLoadData) {
    this.#worker = new Worker(new URL('./steady-load.js', import.meta.url), { workerData: data });
    this.#failure = new Promise((_, reject) => {
      this.#worker.once('error', reject);
    });
    this.#failure.catch(() => {});
  }

  /** Stops the load without waiting for its replies. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  /** Returns the latencies of the payments that were due since the last call. */
  async latencies(): Promise<Latencies> {
    const taken = once(this.#worker, 'message') as Promise<[readonly TimedPayment[]]>;
    this.#worker.postMessage('take');
    const [payments] = await Promise.race([taken, this.#failure]);
    return latenciesOf(payments);
  }
}

/** A request, or several, that must not delay the payments. */
interface Disturbance {
  readonly request: string;
  readonly run: (port: number) => Promise<void>;
}

/** Sends a request on a connection of its own and discards the body of its response. */
async function send(port: number, method: string, path: string, body?: unknown): Promise<void> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) };
  const status = await new Promise<number | undefined>((resolve, reject) => {
    request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      response
        .on('end', () => resolve(response.statusCode))
        .on('error', reject)
        .resume();
    })
      .on('error', reject)
      .end(text);
  });
  if (status === undefined || status >= 400) throw new Error(`${method} ${path} was answered with HTTP status ${status}.`);
}

const sending = (method: string, path: string): Disturbance => ({
  request: `${method} ${path}`,
  run: (port) => send(port, method, path),
});

/** Opens readers of the event stream, and counts the bytes that they receive. */
async function readEvents(port: number): Promise<void> {
  const sockets = Array.from({ length: READERS }, () =>
    connect({ port, host: '127.0.0.1' }, function (this: ReturnType<typeof connect>) {
      this.write('GET /_sim/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    })
      .on('data', () => {})
      .on('error', () => {}),
  );
  await delay(ALONE);
  for (const socket of sockets) socket.destroy();
}

const REQUESTS: readonly Disturbance[] = [
  sending('GET', '/_sim/payments?REFERENCE=NONE'),
  sending('GET', '/_sim/payments?limit=1000'),
  sending('GET', '/_sim/journal?REFERENCE=NONE'),
  sending('GET', '/_sim/journal?CODEREPONSE=00151&since=2000-01-01'),
  sending('GET', '/_sim/journal?limit=1000'),
  sending('GET', '/_sim/?q=none'),
  sending('GET', '/_sim/ui/payments?q=none'),
  sending('GET', '/_sim/ui/findings'),
  sending('GET', '/_sim/snapshot'),
  { request: `${READERS} readers of GET /_sim/events`, run: readEvents },
  sending('GET', '/_sim/sessions'),
  sending('DELETE', '/_sim/sessions/session-7'),
  sending('DELETE', '/_sim/sessions/large'),
  { request: `${ADDED_RULES} times POST /_sim/rules`, run: addRules },
  sending('POST', '/_sim/reset'),
];

async function addRules(port: number): Promise<void> {
  for (let n = 0; n < ADDED_RULES; n++) await send(port, 'POST', '/_sim/rules', { match: { REFERENCE: `RULE-${n}` }, answer: '00151' });
}

const ms = (value: number): string => value.toFixed(1).padStart(7);

const line = ({ request, took, p99, max, p99Ratio, maxRatio, growth }: Stall): string =>
  `  ${request.padEnd(52)} ${(took / 1000).toFixed(2).padStart(7)} s; p99 ${ms(p99)} ms (${p99Ratio.toFixed(1)} times), ` +
  `longest ${ms(max)} ms (${maxRatio.toFixed(1)} times); +${growth.toFixed(0)} MiB`;

interface Measured {
  readonly alone: Latencies;
  readonly stalls: readonly Stall[];
}

async function measure(server: ServerProcess, first: number, only: string | undefined, print: (line: string) => void): Promise<Measured> {
  const load = new SteadyLoad({ port: server.port, rate: RATE, first });
  try {
    return await measureBeside(load, server, only, print);
  } finally {
    await load.end();
  }
}

/** Prints each figure when it is measured: the next request may end the process. */
async function measureBeside(
  load: SteadyLoad,
  server: ServerProcess,
  only: string | undefined,
  print: (line: string) => void,
): Promise<Measured> {
  await delay(ALONE);
  await load.latencies();
  await delay(ALONE);
  const alone = await load.latencies();
  print(`  ${RATE} payments per second alone: p99 ${alone.p99.toFixed(1)} ms, longest ${alone.max.toFixed(1)} ms`);
  const stalls: Stall[] = [];
  for (const { request, run } of REQUESTS.filter((one) => only === undefined || one.request.includes(only))) {
    const before = residentMemory(server.pid);
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, residentMemory(server.pid));
    }, 50);
    const began = performance.now();
    await run(server.port);
    const took = performance.now() - began;
    // At least a second, so that what the request leaves behind counts too.
    await delay(1000);
    clearInterval(watch);
    const beside = await load.latencies();
    const ratios = { p99Ratio: beside.p99 / alone.p99, maxRatio: beside.max / alone.max };
    const stall = { request, took, ...beside, ...ratios, growth: most - before };
    print(line(stall));
    stalls.push(stall);
  }
  return { alone, stalls };
}

/** Adds sessions to a file: many with nothing in them, and one with a tenth of the payments. */
function addSessions(file: string, sessions: number): void {
  const database = new Database(file);
  database.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${sessions})
    INSERT INTO gateways (name, shared) SELECT 'session-' || i, shared FROM n, gateways WHERE name = 'main'`);
  database.exec(
    `INSERT INTO gateways (name, sequence, entries, shared) SELECT 'large', sequence, entries, shared FROM gateways WHERE name = 'main'`,
  );
  for (const table of ['transactions', 'questions', 'journal']) {
    const columns = (database.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name).slice(1);
    database.exec(`INSERT INTO ${table} SELECT (SELECT id FROM gateways WHERE name = 'large'), ${columns.join(', ')} FROM ${table}
      WHERE gateway = (SELECT id FROM gateways WHERE name = 'main') LIMIT (SELECT entries / 10 FROM gateways WHERE name = 'main')`);
  }
  database.close();
}

/** Fills a server in memory through its port. */
async function fill(port: number, payments: number, sessions: number): Promise<void> {
  const isExpected = (reply: Buffer): boolean => reply.includes('CODEREPONSE=00000');
  const share = 50_000;
  for (let first = 1; first <= payments; first += share)
    await runLoad(port, {
      connections: 32,
      requests: Math.min(share, payments - first + 1),
      first,
      makeBody: (n) => paymentBody(n),
      isExpected,
    });
  for (let n = 1; n <= sessions; n++) await send(port, 'GET', `/s/session-${n}/PPPS.php?VERSION=00103`);
  await send(port, 'POST', '/s/large/_sim/seed', { payments: Math.min(10_000, payments / 10) });
}

async function rulesStart({ folder, print }: BenchmarkSettings): Promise<number> {
  const config = join(folder, 'rules.json');
  const rules = Array.from({ length: RULES }, (_, n) => ({ match: { REFERENCE: `RULE-${n}` }, answer: '00151' }));
  writeFileSync(config, JSON.stringify({ rules }));
  const began = performance.now();
  const server = await startServer(MEMORY.script, [...MEMORY.args(''), '--config', config]);
  const took = performance.now() - began;
  await server.stop();
  print(`${RULES} rules in a configuration: listens ${(took / 1000).toFixed(1)} s after the command`);
  return took;
}

/**
 * Measures payments at a steady rate, alone and while another request runs, with many payments in the store.
 * `STALLS_ONLY` in the environment selects requests by a part of their text, `STALLS_STORE` one of `file` and `memory`.
 */
export const stalls: Benchmark = async (settings) => {
  const payments = Math.min(settings.payments, MOST_PAYMENTS);
  const only = process.env.STALLS_ONLY;
  const store = process.env.STALLS_STORE;
  const result: Record<string, unknown> = { payments, rate: RATE };
  if (store !== 'memory') {
    const file = join(settings.folder, 'stalls.db');
    await createFileWithPayment(file);
    copyPayment(file, payments);
    addSessions(file, Math.ceil(payments / 12));
    const server = await startServer(SQLITE.script, SQLITE.args(file));
    settings.print(`SQLite file with ${payments} payments:`);
    result.file = await measure(server, 10, only, settings.print).finally(() => server.stop());
  }
  if (store !== 'file') {
    const server = await startServer(MEMORY.script, MEMORY.args(''));
    settings.print(`Memory with ${payments} payments:`);
    const filled = fill(server.port, payments, Math.ceil(payments / 120));
    result.memory = await filled.then(() => measure(server, payments + 10, only, settings.print)).finally(() => server.stop());
  }
  return { ...result, rulesStart: only === undefined ? await rulesStart(settings) : undefined };
};
