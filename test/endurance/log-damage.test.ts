import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createSimulator, type Simulator, StoreError } from '../../simulator/index.js';
import { CARD } from '../support/question.js';
import { contentOf, copyInUse } from '../support/sqlite-files.js';
import { tempFolder } from '../support/temp-folder.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { campaign } from './campaign.js';
import { Random } from './random.js';

const MAX_PAYMENTS = 40;

/** Ways in which the log of a killed simulator is damaged. Each returns the bytes that are left; undefined: no file. */
const DAMAGES: readonly ((log: Buffer, random: Random) => Buffer | undefined)[] = [
  () => undefined,
  (log, random) => log.subarray(0, random.below(log.length)),
  (log, random) => changed(log, random, 1),
  (log, random) => changed(log, random, random.between(2, 100)),
  (log, random) => {
    const zeroed = Buffer.from(log);
    const from = random.below(log.length);
    return zeroed.fill(0, from, Math.min(log.length, from + random.between(1, 8192)));
  },
];

function changed(log: Buffer, random: Random, bytes: number): Buffer {
  const copy = Buffer.from(log);
  for (let n = 0; n < bytes; n++) copy[random.below(log.length)] = random.below(256);
  return copy;
}

/** Writes payments into a file, and copies it as it is when the simulator is killed. Returns how many were acknowledged. */
async function makeKilled(db: string, killed: string, random: Random): Promise<number> {
  const { ask, simulator } = openTestSimulator({ db });
  const payments = random.between(1, MAX_PAYMENTS);
  for (let n = 0; n < payments; n++) {
    const reply = await ask({ ...CARD, TYPE: '00003', MONTANT: '1000', DEVISE: '978', REFERENCE: `order-${n}` });
    expect(reply.CODEREPONSE).toBe('00000');
  }
  copyInUse(db, killed);
  await simulator.close();
  rmSync(db);
  return payments;
}

function open(db: string): Simulator | undefined {
  try {
    return createSimulator({ db });
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError);
    expect((error as StoreError).message).toMatch(/has lost the last \d+ of \d+ commits/);
    return undefined;
  }
}

campaign(
  {
    name: 'the log of a killed simulator is missing, cut or damaged: the file is refused and not changed, or everything acknowledged is there',
    unit: 'damaged logs',
    short: 60,
    long: 2000,
  },
  async (logs, seed) => {
    const random = new Random(seed);
    const folder = await tempFolder();
    let refused = 0;
    for (let n = 0; n < logs; n++) {
      const killed = join(folder, `${n}.db`);
      const payments = await makeKilled(join(folder, 'shop.db'), killed, random);
      const damage = DAMAGES[n % DAMAGES.length] as (typeof DAMAGES)[number];
      const whole = readFileSync(`${killed}-wal`);
      const left = damage(whole, random);
      if (left) writeFileSync(`${killed}-wal`, left);
      else rmSync(`${killed}-wal`);
      const before = contentOf(killed);
      let simulator = open(killed);
      if (!simulator) {
        refused++;
        expect(contentOf(killed)).toEqual(before);
        writeFileSync(`${killed}-wal`, whole);
        simulator = open(killed);
      }
      expect(await simulator?.gateway.payments({ limit: 1000 })).toHaveLength(payments);
      await simulator?.close();
      for (const part of ['', '-wal', '-shm', '-mark']) rmSync(killed + part, { force: true });
    }
    expect(refused).toBeGreaterThan(0);
    return `${refused} refused, and complete with the right log; ${logs - refused} complete`;
  },
);
