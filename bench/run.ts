import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { millisecondsInProcess } from './in-process.js';
import { type Load, load } from './load.js';
import { paymentBody } from './question.js';
import { startServer } from './server.js';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '32' },
  },
});
const REQUESTS = Number(values.requests);
const ROUNDS = Number(values.rounds);
const CONNECTIONS = Number(values.connections);

interface Contender {
  readonly name: string;
  readonly script: string;
  readonly args: (file: string) => readonly string[];
}

const FLOOR: Contender = {
  name: 'floor: node:http + better-sqlite3, SELECT + 2 INSERT',
  script: './floor-server.js',
  args: (file) => [file],
};
const HONO: Contender = { name: 'floor: Hono reading bytes', script: './hono-floor-server.js', args: () => [] };
const SQLITE: Contender = {
  name: 'simulator, SQLite file',
  script: '../cli/main.js',
  args: (file) => ['--port', '0', '--quiet', '--json', '--db', file],
};
const MEMORY: Contender = { name: 'simulator, memory', script: '../cli/main.js', args: () => ['--port', '0', '--quiet', '--json'] };

const folder = mkdtempSync(join(tmpdir(), 'paybox-bench-'));

async function measure({ script, args }: Contender, round: number): Promise<Load> {
  const server = await startServer(script, args(join(folder, `${script.replace(/\W/g, '')}-${round}.db`)));
  const work = { connections: CONNECTIONS, makeBody: paymentBody, isGood: (reply: Buffer) => reply.includes('CODEREPONSE=00000') };
  const warmUp = Math.min(2000, REQUESTS);
  await load(server.port, { ...work, requests: warmUp, first: 1 });
  const measured = await load(server.port, { ...work, requests: REQUESTS, first: warmUp + 1 });
  await server.stop();
  return measured;
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

async function pair(contender: Contender, floor: Contender) {
  const rounds: { contender: Load; floor: Load }[] = [];
  for (let round = 0; round < ROUNDS; round++)
    rounds.push({ floor: await measure(floor, round), contender: await measure(contender, round) });
  const mid = (read: (round: (typeof rounds)[number]) => number): number => median(rounds.map(read));
  return {
    contender: contender.name,
    floor: floor.name,
    requestsPerSecond: mid((r) => r.contender.requestsPerSecond),
    floorRequestsPerSecond: mid((r) => r.floor.requestsPerSecond),
    throughputRatio: mid((r) => r.contender.requestsPerSecond / r.floor.requestsPerSecond),
    p99: mid((r) => r.contender.p99),
    floorP99: mid((r) => r.floor.p99),
    p99Ratio: mid((r) => r.contender.p99 / r.floor.p99),
  };
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  const inProcess = {
    memory: await millisecondsInProcess({}, Math.min(5000, REQUESTS)),
    sqlite: await millisecondsInProcess({ db: join(folder, 'in-process.db') }, Math.min(5000, REQUESTS)),
  };
  print(
    `TYPE 00003 in process, one at a time: ${inProcess.memory.toFixed(3)} ms (memory), ${inProcess.sqlite.toFixed(3)} ms (SQLite file)`,
  );
  const pairs = [await pair(SQLITE, FLOOR), await pair(MEMORY, HONO)];
  print(`TYPE 00003 over HTTP, ${CONNECTIONS} connections, ${REQUESTS} requests, median of ${ROUNDS} rounds, each beside its floor:`);
  for (const p of pairs) {
    print(`  ${p.contender.padEnd(24)} ${p.requestsPerSecond.toFixed(0).padStart(6)}/s, p99 ${p.p99.toFixed(1)} ms`);
    print(`  ${p.floor.padEnd(24)} ${p.floorRequestsPerSecond.toFixed(0).padStart(6)}/s, p99 ${p.floorP99.toFixed(1)} ms`);
    print(`  ratio                    ${p.throughputRatio.toFixed(2)} of its throughput, ${p.p99Ratio.toFixed(2)} of its p99`);
  }
  mkdirSync('bench/results', { recursive: true });
  writeFileSync(
    'bench/results/type-00003.json',
    `${JSON.stringify({ node: process.version, requests: REQUESTS, rounds: ROUNDS, connections: CONNECTIONS, inProcess, pairs }, null, 2)}\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
