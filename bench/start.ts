import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Benchmark, median } from './benchmark.js';
import { runLoad } from './load.js';
import { paymentBody } from './question.js';
import { startServer } from './server-process.js';
import { MEMORY, type ServerCommand, SQLITE } from './throughput.js';

async function millisecondsUntilExit(...args: readonly string[]): Promise<number> {
  const began = performance.now();
  await once(spawn(process.execPath, args, { stdio: 'ignore' }), 'exit');
  return performance.now() - began;
}

async function millisecondsUntilReply({ script, args }: ServerCommand, file: string): Promise<number> {
  const began = performance.now();
  const server = await startServer(script, args(file));
  await runLoad(server.port, {
    connections: 1,
    requests: 1,
    first: 1,
    makeBody: paymentBody,
    isExpected: (reply) => reply.includes('CODEREPONSE=00000'),
  });
  const took = performance.now() - began;
  await server.stop();
  return took;
}

/** Measures the time from the command to the reply of the first payment, compared with `node -e 0` and with Node.js that loads better-sqlite3. */
export const start: Benchmark = async ({ folder, rounds, print }) => {
  const all: { empty: number; loading: number; memory: number; sqlite: number }[] = [];
  for (let round = 0; round < rounds * 3; round++) {
    all.push({
      empty: await millisecondsUntilExit('-e', '0'),
      loading: await millisecondsUntilExit('-e', "require('better-sqlite3')(':memory:')"),
      memory: await millisecondsUntilReply(MEMORY, ''),
      sqlite: await millisecondsUntilReply(SQLITE, join(folder, `start-${round}.db`)),
    });
  }
  const medianOf = (read: (round: (typeof all)[number]) => number): number => median(all.map(read));
  const result = {
    nodeEmpty: medianOf((r) => r.empty),
    nodeLoadingSqlite: medianOf((r) => r.loading),
    memory: medianOf((r) => r.memory),
    sqlite: medianOf((r) => r.sqlite),
    memoryRatio: medianOf((r) => r.memory / r.loading),
    sqliteRatio: medianOf((r) => r.sqlite / r.loading),
  };
  print(
    `From the command to the first reply: ${result.memory.toFixed(0)} ms (memory), ${result.sqlite.toFixed(0)} ms (new SQLite file); ` +
      `${result.memoryRatio.toFixed(2)} and ${result.sqliteRatio.toFixed(2)} times Node.js that loads better-sqlite3 (${result.nodeLoadingSqlite.toFixed(0)} ms; node -e 0: ${result.nodeEmpty.toFixed(0)} ms)`,
  );
  return result;
};
