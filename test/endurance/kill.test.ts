import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from 'vitest';
import { buildSimulator, serveProcess } from '../support/built-simulator.js';
import { tempFolder } from '../support/temp-folder.js';
import { campaign } from './campaign.js';
import { checkFile, type WholeFile } from './file-check.js';
import { Random } from './random.js';
import { type Acknowledged, Shop } from './shop.js';

const CUSTOMERS = 24;
const MOST_REPLIES = 400;
const QUESTIONS_A_ROUND = 10_000;
/** One kill in so many meets a server that has not come to listening yet. */
const STARTING = 10;

let build: string;

beforeAll(async () => {
  build = await buildSimulator();
});

afterAll(() => rm(build, { recursive: true, force: true }));

async function killWhileStarting(db: string, milliseconds: number): Promise<void> {
  const child = spawn(process.execPath, [join(build, 'serve.mjs'), db], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  await wait(milliseconds);
  child.kill('SIGKILL');
  await ended;
}

/** Fills a shop, kills its gateway under it; answers what the customers were told. */
async function killUnderLoad(db: string, round: number, replies: number): Promise<readonly Acknowledged[]> {
  const { firstLine: url, kill } = await serveProcess(build, db);
  const shop = new Shop(url, 1 + round * QUESTIONS_A_ROUND, (count) => {
    if (count === replies) void kill();
  });
  await shop.openUntilGone(CUSTOMERS);
  await kill();
  return shop.acknowledged;
}

function expectKept(acknowledged: readonly Acknowledged[], { replies }: WholeFile): void {
  for (const { gateway, question, reply } of acknowledged) {
    expect(replies.get(`${gateway} ${question.TYPE} ${question.NUMQUESTION}`)).toMatchObject(reply);
  }
}

async function restarted(db: string): Promise<WholeFile> {
  const { kill } = await serveProcess(build, db);
  const whole = checkFile(db);
  await kill();
  return whole;
}

campaign(
  { name: 'kill -9 under load: what was acknowledged is there, whole, with numbers of its own', unit: 'kills', short: 4, long: 200 },
  async (kills, seed) => {
    const random = new Random(seed);
    const db = join(await tempFolder(), 'state.db');
    const all: Acknowledged[] = [];
    const given = new Set<string>();
    for (let round = 0; round < kills; round++) {
      if (round % STARTING === 1) await killWhileStarting(db, random.below(400));
      else {
        const acknowledged = await killUnderLoad(db, round, random.between(1, MOST_REPLIES));
        const whole = await restarted(db);
        expectKept(acknowledged, whole);
        all.push(...acknowledged);
        for (const { gateway, question, reply } of acknowledged) {
          if (reply.NUMTRANS === '0000000000' || question.TYPE === '00017') continue;
          const number = `${gateway} ${reply.NUMTRANS}`;
          expect(given, `${number} was given before`).not.toContain(number);
          given.add(number);
        }
      }
    }
    const whole = await restarted(db);
    expectKept(all, whole);
    expect(all.length).toBeGreaterThan(0);
    return `${all.length} acknowledged, ${whole.entries} exchanges and ${whole.transactions} transactions kept`;
  },
);
