import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { decodeReply, encodeForm } from '../../contracts/index.js';
import { buildSimulator, serveProcess } from '../support/built-simulator.js';
import { HEAD } from '../support/question.js';
import { campaign } from './campaign.js';
import { type CheckedFile, checkFile } from './file-check.js';
import { Random } from './random.js';
import { type Acknowledged, Shop } from './shop.js';
import { smallDisk, WRITE_FAULTS, type WriteFault } from './write-faults.js';

const CUSTOMERS = 12;
const QUESTIONS_PER_ROUND = 100_000;
/** The fault starts after this many replies. */
const REPLIES_BEFORE_FAULT = 40;
/** A larger file has a larger log, whose pages are reused: the effect of a full disk then takes long. */
const FAULTS_PER_FILE = 12;
const REFUSED = '00003';

let build: string;

beforeAll(async () => {
  build = await buildSimulator();
});

afterAll(() => rm(build, { recursive: true, force: true }));

async function sendPayment(url: string, NUMQUESTION: number): Promise<Acknowledged> {
  const money = { MONTANT: '1000', DEVISE: '978', REFERENCE: 'after', PORTEUR: '1111222233334444', DATEVAL: '1299' };
  const question = { ...HEAD, ...money, TYPE: '00003', NUMQUESTION: String(NUMQUESTION) };
  const response = await fetch(`${url}/PPPS.php`, { method: 'POST', body: encodeForm(Object.entries(question)) });
  return { gateway: 'main', question, reply: Object.fromEntries(decodeReply(new Uint8Array(await response.arrayBuffer()))) };
}

/** Lets customers send questions during a fault, ends the fault and sends a payment. Returns all questions with their replies. */
async function runFault(url: string, first: number, fault: WriteFault, begin: () => () => void): Promise<Acknowledged[]> {
  let end: (() => void) | undefined;
  const shop = new Shop(url, first, (count) => {
    if (count === REPLIES_BEFORE_FAULT) end = begin();
    const refused = shop.acknowledged.filter(({ reply }) => reply.CODEREPONSE === REFUSED).length;
    if (refused >= fault.refusals) shop.close();
  });
  await shop.serve(CUSTOMERS);
  end?.();
  const after = await sendPayment(url, first + QUESTIONS_PER_ROUND - 1);
  expect(after.reply.CODEREPONSE, `after ${fault.name}`).toBe('00000');
  return [...shop.acknowledged, after];
}

/** Checks that the file contains all accepted questions and none of the refused ones. Returns how many were refused. */
function countRefused(acknowledged: readonly Acknowledged[], { replies }: CheckedFile): number {
  let refused = 0;
  for (const { gateway, question, reply } of acknowledged) {
    const stored = replies.get(`${gateway} ${question.TYPE} ${question.NUMQUESTION}`);
    if (reply.CODEREPONSE !== REFUSED) expect(stored).toMatchObject(reply);
    else {
      refused++;
      expect(stored, 'a refused question was stored').toBeUndefined();
    }
  }
  return refused;
}

campaign(
  {
    name: 'while nothing can be written, questions are answered 00003, nothing is lost, and the same process recovers',
    unit: 'faults',
    short: WRITE_FAULTS.length,
    long: 120,
  },
  async (faults, seed) => {
    const random = new Random(seed);
    const disk = await smallDisk();
    const counts = { stored: 0, refused: 0 };
    for (let first = 0; first < faults; first += FAULTS_PER_FILE) {
      const db = join(disk, `${first}.db`);
      const { firstLine: url, pid, kill } = await serveProcess(build, db);
      for (let round = 0; round < Math.min(FAULTS_PER_FILE, faults - first); round++) {
        const fault = WRITE_FAULTS[round % WRITE_FAULTS.length] as WriteFault;
        const acknowledged = await runFault(url, 1 + round * QUESTIONS_PER_ROUND, fault, () => fault.begin(pid, db, random));
        const refused = countRefused(acknowledged, checkFile(db));
        expect(refused).toBeGreaterThan(0);
        counts.refused += refused;
        counts.stored += acknowledged.length - refused;
      }
      await kill();
      for (const end of ['', '-wal', '-shm']) await rm(db + end, { force: true });
    }
    return `${WRITE_FAULTS.map(({ name }) => name).join(', ')} in turn; ${counts.stored} acknowledged and stored, ${counts.refused} answered ${REFUSED}`;
  },
);
