import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Campaign, median } from './campaign.js';
import { load } from './load.js';
import { paymentBody } from './question.js';
import { startServer } from './server.js';
import { type Contender, MEMORY, SQLITE } from './throughput.js';

async function untilExit(...args: readonly string[]): Promise<number> {
  const began = performance.now();
  await once(spawn(process.execPath, args, { stdio: 'ignore' }), 'exit');
  return performance.now() - began;
}

async function untilReply({ script, args }: Contender, file: string): Promise<number> {
  const began = performance.now();
  const server = await startServer(script, args(file));
  await load(server.port, {
    connections: 1,
    requests: 1,
    first: 1,
    makeBody: paymentBody,
    isGood: (reply) => reply.includes('CODEREPONSE=00000'),
  });
  const took = performance.now() - began;
  await server.stop();
  return took;
}

/** From the command to the first payment's reply, beside node that does nothing, and node that loads better-sqlite3. */
export const start: Campaign = async ({ folder, rounds, print }) => {
  const all: { empty: number; loading: number; memory: number; sqlite: number }[] = [];
  for (let round = 0; round < rounds * 3; round++) {
    all.push({
      empty: await untilExit('-e', '0'),
      loading: await untilExit('-e', "require('better-sqlite3')(':memory:')"),
      memory: await untilReply(MEMORY, ''),
      sqlite: await untilReply(SQLITE, join(folder, `start-${round}.db`)),
    });
  }
  const mid = (read: (round: (typeof all)[number]) => number): number => median(all.map(read));
  const result = {
    nodeEmpty: mid((r) => r.empty),
    nodeLoadingSqlite: mid((r) => r.loading),
    memory: mid((r) => r.memory),
    sqlite: mid((r) => r.sqlite),
    memoryRatio: mid((r) => r.memory / r.loading),
    sqliteRatio: mid((r) => r.sqlite / r.loading),
  };
  print(
    `From the command to the first reply: ${result.memory.toFixed(0)} ms (memory), ${result.sqlite.toFixed(0)} ms (new SQLite file); ` +
      `${result.memoryRatio.toFixed(2)} and ${result.sqliteRatio.toFixed(2)} times node loading better-sqlite3 (${result.nodeLoadingSqlite.toFixed(0)} ms; node -e 0: ${result.nodeEmpty.toFixed(0)} ms)`,
  );
  return result;
};
