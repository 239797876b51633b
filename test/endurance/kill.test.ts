import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from 'vitest';
import { buildSimulator, serveProcess } from '../support/built-simulator.js';
import { tempFolder } from '../support/temp-folder.js';
import { expectStored, GivenNumbers } from './acknowledged.js';
import { campaign } from './campaign.js';
import { type CheckedFile, checkFile } from './file-check.js';
import { Random } from './random.js';
import { type Acknowledged, Shop } from './shop.js';

const CUSTOMERS = 24;
const MAX_REPLIES = 400;
const QUESTIONS_PER_ROUND = 10_000;
/** One in this many kills happens while the server is starting. */
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

/** Starts a gateway and customers, and kills the gateway after a number of replies. Returns the questions with their replies. */
async function killUnderLoad(db: string, round: number, replies: number): Promise<readonly Acknowledged[]> {
  const { firstLine: url, kill } = await serveProcess(build, db);
  const shop = new Shop(url, 1 + round * QUESTIONS_PER_ROUND, (count) => {
    if (count === replies) void kill();
  });
  await shop.serve(CUSTOMERS);
  await kill();
  return shop.acknowledged;
}

/** Starts a gateway on the file, which recovers it, and checks the file. */
async function checkAfterRestart(db: string): Promise<CheckedFile> {
  const { kill } = await serveProcess(build, db);
  const content = checkFile(db);
  await kill();
  return content;
}

campaign(
  {
    name: 'kill -9 under load: all acknowledged questions are stored, the file is consistent, and no number is given twice',
    unit: 'kills',
    short: 4,
    long: 200,
  },
  async (kills, seed) => {
    const random = new Random(seed);
    const db = join(await tempFolder(), 'state.db');
    const all: Acknowledged[] = [];
    const given = new GivenNumbers();
    for (let round = 0; round < kills; round++) {
      if (round % STARTING === 1) await killWhileStarting(db, random.below(400));
      else {
        const acknowledged = await killUnderLoad(db, round, random.between(1, MAX_REPLIES));
        expectStored(acknowledged, await checkAfterRestart(db));
        all.push(...acknowledged);
        given.add(acknowledged);
      }
    }
    const content = await checkAfterRestart(db);
    expectStored(all, content);
    expect(all.length).toBeGreaterThan(0);
    return `${all.length} acknowledged, ${content.entries} exchanges and ${content.transactions} transactions stored`;
  },
);
