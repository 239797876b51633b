import { join } from 'node:path';
import { type Benchmark, type BenchmarkSettings, median } from './benchmark.js';
import { millisecondsInProcess } from './in-process.js';
import { type LoadResult, runLoad } from './load.js';
import { paymentBody } from './question.js';
import { startServer } from './server-process.js';

const CONNECTIONS = 32;

/** Requests before the measured ones, until V8 has optimised the code. */
export const WARM_UP = 5000;

/** How a server is started that can be measured. */
export interface ServerCommand {
  readonly name: string;
  readonly script: string;
  /** Returns the arguments for a server that stores its state in a file, if it stores any. */
  readonly args: (file: string) => readonly string[];
}

const SQLITE_BASELINE: ServerCommand = {
  name: 'node:http + better-sqlite3, SELECT + 2 INSERT',
  script: './baseline-server.js',
  args: (file) => [file],
};
const MEMORY_BASELINE: ServerCommand = { name: 'Hono reading bytes', script: './hono-baseline-server.js', args: () => [] };
const QUIET = ['--port', '0', '--quiet', '--json'];

/** The simulator with a SQLite file. */
export const SQLITE: ServerCommand = { name: 'simulator, SQLite file', script: '../cli/main.js', args: (file) => [...QUIET, '--db', file] };
/** The simulator with its state in memory. */
export const MEMORY: ServerCommand = { name: 'simulator, memory', script: '../cli/main.js', args: () => QUIET };

/** Sends payments to the server on a port: first {@link WARM_UP} ones, then the measured ones. */
export async function measureLoad(port: number, requests: number, first = 1): Promise<LoadResult> {
  const options = { connections: CONNECTIONS, makeBody: paymentBody, isExpected: (reply: Buffer) => reply.includes('CODEREPONSE=00000') };
  const warmUp = Math.min(WARM_UP, requests);
  await runLoad(port, { ...options, requests: warmUp, first });
  return runLoad(port, { ...options, requests, first: first + warmUp });
}

/** Starts a server, measures it and stops it. */
export async function measureServer({ script, args }: ServerCommand, file: string, requests: number): Promise<LoadResult> {
  const server = await startServer(script, args(file));
  try {
    return await measureLoad(server.port, requests);
  } finally {
    await server.stop();
  }
}

/** Measures a server and its baseline alternately. Returns the medians of the rounds and of the ratios of each round. */
async function compare(server: ServerCommand, baseline: ServerCommand, { folder, rounds, requests, print }: BenchmarkSettings) {
  const measured: { server: LoadResult; baseline: LoadResult }[] = [];
  for (let round = 0; round < rounds; round++) {
    const file = (name: string): string => join(folder, `${name}-${server.name.replace(/\W/g, '')}-${round}.db`);
    measured.push({
      baseline: await measureServer(baseline, file('baseline'), requests),
      server: await measureServer(server, file('server'), requests),
    });
  }
  const medianOf = (read: (round: (typeof measured)[number]) => number): number => median(measured.map(read));
  const result = {
    contender: server.name,
    floor: baseline.name,
    requestsPerSecond: medianOf((round) => round.server.requestsPerSecond),
    floorRequestsPerSecond: medianOf((round) => round.baseline.requestsPerSecond),
    throughputRatio: medianOf((round) => round.server.requestsPerSecond / round.baseline.requestsPerSecond),
    p99: medianOf((round) => round.server.p99),
    floorP99: medianOf((round) => round.baseline.p99),
    p99Ratio: medianOf((round) => round.server.p99 / round.baseline.p99),
  };
  print(
    `  ${result.contender.padEnd(24)} ${result.requestsPerSecond.toFixed(0).padStart(6)}/s, p99 ${result.p99.toFixed(1)} ms; ` +
      `${result.throughputRatio.toFixed(2)} of the throughput and ${result.p99Ratio.toFixed(2)} of the p99 of ` +
      `${result.floor} (${result.floorRequestsPerSecond.toFixed(0)}/s, ${result.floorP99.toFixed(1)} ms)`,
  );
  return result;
}

/** Measures payments (TYPE 00003) over HTTP, compared with minimal servers, and in process. */
export const throughput: Benchmark = async (settings) => {
  const { folder, requests, rounds, print } = settings;
  const inProcess = {
    memory: await millisecondsInProcess({}, Math.min(5000, requests)),
    sqlite: await millisecondsInProcess({ db: join(folder, 'in-process.db') }, Math.min(5000, requests)),
  };
  print(
    `TYPE 00003 in process through fetch, one at a time: ${inProcess.memory.toFixed(3)} ms (memory), ${inProcess.sqlite.toFixed(3)} ms (SQLite file)`,
  );
  print(
    `TYPE 00003 over HTTP, ${CONNECTIONS} connections, ${requests} requests, median of ${rounds} rounds, compared with a minimal server:`,
  );
  return {
    requests,
    rounds,
    connections: CONNECTIONS,
    inProcess,
    pairs: [await compare(SQLITE, SQLITE_BASELINE, settings), await compare(MEMORY, MEMORY_BASELINE, settings)],
  };
};
