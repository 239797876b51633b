import { join } from 'node:path';
import { type Campaign, median, type Setting } from './campaign.js';
import { millisecondsInProcess } from './in-process.js';
import { type Load, load } from './load.js';
import { paymentBody } from './question.js';
import { startServer } from './server.js';

const CONNECTIONS = 32;

/** Requests before those that are measured: code that is new to the engine is slow. */
export const WARM_UP = 5000;

/** A server that is measured. */
export interface Contender {
  readonly name: string;
  readonly script: string;
  readonly args: (file: string) => readonly string[];
}

const FLOOR: Contender = { name: 'node:http + better-sqlite3, SELECT + 2 INSERT', script: './floor-server.js', args: (file) => [file] };
const HONO: Contender = { name: 'Hono reading bytes', script: './hono-floor-server.js', args: () => [] };
const QUIET = ['--port', '0', '--quiet', '--json'];

/** The simulator with a SQLite file. */
export const SQLITE: Contender = { name: 'simulator, SQLite file', script: '../cli/main.js', args: (file) => [...QUIET, '--db', file] };
/** The simulator with its state in memory. */
export const MEMORY: Contender = { name: 'simulator, memory', script: '../cli/main.js', args: () => QUIET };

/** Puts payments to a server on a port, after some to warm it up. */
export async function loadOn(port: number, requests: number, first = 1): Promise<Load> {
  const work = { connections: CONNECTIONS, makeBody: paymentBody, isGood: (reply: Buffer) => reply.includes('CODEREPONSE=00000') };
  const warmUp = Math.min(WARM_UP, requests);
  await load(port, { ...work, requests: warmUp, first });
  return load(port, { ...work, requests, first: first + warmUp });
}

async function measure({ script, args }: Contender, file: string, requests: number): Promise<Load> {
  const server = await startServer(script, args(file));
  try {
    return await loadOn(server.port, requests);
  } finally {
    await server.stop();
  }
}

/** Two servers in turn, as many times as there are rounds: what each did, and their ratios, each the median. */
async function pair(contender: Contender, floor: Contender, { folder, rounds, requests, print }: Setting) {
  const measured: { contender: Load; floor: Load }[] = [];
  for (let round = 0; round < rounds; round++) {
    const file = (name: string): string => join(folder, `${name}-${contender.name.replace(/\W/g, '')}-${round}.db`);
    measured.push({
      floor: await measure(floor, file('floor'), requests),
      contender: await measure(contender, file('contender'), requests),
    });
  }
  const mid = (read: (round: (typeof measured)[number]) => number): number => median(measured.map(read));
  const result = {
    contender: contender.name,
    floor: floor.name,
    requestsPerSecond: mid((r) => r.contender.requestsPerSecond),
    floorRequestsPerSecond: mid((r) => r.floor.requestsPerSecond),
    throughputRatio: mid((r) => r.contender.requestsPerSecond / r.floor.requestsPerSecond),
    p99: mid((r) => r.contender.p99),
    floorP99: mid((r) => r.floor.p99),
    p99Ratio: mid((r) => r.contender.p99 / r.floor.p99),
  };
  print(
    `  ${result.contender.padEnd(24)} ${result.requestsPerSecond.toFixed(0).padStart(6)}/s, p99 ${result.p99.toFixed(1)} ms; ` +
      `${result.throughputRatio.toFixed(2)} of the throughput and ${result.p99Ratio.toFixed(2)} of the p99 of ` +
      `${result.floor} (${result.floorRequestsPerSecond.toFixed(0)}/s, ${result.floorP99.toFixed(1)} ms)`,
  );
  return result;
}

/** TYPE 00003 over HTTP beside bare servers, and in process. */
export const throughput: Campaign = async (setting) => {
  const { folder, requests, rounds, print } = setting;
  const inProcess = {
    memory: await millisecondsInProcess({}, Math.min(5000, requests)),
    sqlite: await millisecondsInProcess({ db: join(folder, 'in-process.db') }, Math.min(5000, requests)),
  };
  print(
    `TYPE 00003 in process through fetch, one at a time: ${inProcess.memory.toFixed(3)} ms (memory), ${inProcess.sqlite.toFixed(3)} ms (SQLite file)`,
  );
  print(`TYPE 00003 over HTTP, ${CONNECTIONS} connections, ${requests} requests, median of ${rounds} rounds, each beside its floor:`);
  return {
    requests,
    rounds,
    connections: CONNECTIONS,
    inProcess,
    pairs: [await pair(SQLITE, FLOOR, setting), await pair(MEMORY, HONO, setting)],
  };
};
