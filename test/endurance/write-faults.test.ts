import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { decodeReply, encodeForm } from '../../contracts/index.js';
import { buildSimulator, serveProcess } from '../support/built-simulator.js';
import { HEAD } from '../support/question.js';
import { campaign } from './campaign.js';
import { checkFile, type WholeFile } from './file-check.js';
import { Random } from './random.js';
import { type Acknowledged, Shop } from './shop.js';
import { smallDisk, WRITE_FAULTS, type WriteFault } from './write-faults.js';

const CUSTOMERS = 12;
const QUESTIONS_A_ROUND = 100_000;
const BEFORE = 40;
/** A full disk is long in coming where the log may be written over: the file grows all the while. */
const FAULTS_A_FILE = 12;
const REFUSED = '00003';

let build: string;

beforeAll(async () => {
  build = await buildSimulator();
});

afterAll(() => rm(build, { recursive: true, force: true }));

async function payment(url: string, NUMQUESTION: number): Promise<Acknowledged> {
  const money = { MONTANT: '1000', DEVISE: '978', REFERENCE: 'after', PORTEUR: '1111222233334444', DATEVAL: '1299' };
  const question = { ...HEAD, ...money, TYPE: '00003', NUMQUESTION: String(NUMQUESTION) };
  const response = await fetch(`${url}/PPPS.php`, { method: 'POST', body: encodeForm(Object.entries(question)) });
  return { gateway: 'main', question, reply: Object.fromEntries(decodeReply(new Uint8Array(await response.arrayBuffer()))) };
}

/** Lets customers buy while nothing can be written, then puts it right and asks for a payment. */
async function suffer(url: string, first: number, fault: WriteFault, begin: () => () => void): Promise<Acknowledged[]> {
  let end: (() => void) | undefined;
  const shop = new Shop(url, first, (count) => {
    if (count === BEFORE) end = begin();
    const refused = shop.acknowledged.filter(({ reply }) => reply.CODEREPONSE === REFUSED).length;
    if (refused >= fault.refusals) shop.close();
  });
  await shop.openUntilGone(CUSTOMERS);
  end?.();
  const after = await payment(url, first + QUESTIONS_A_ROUND - 1);
  expect(after.reply.CODEREPONSE, `after ${fault.name}`).toBe('00000');
  return [...shop.acknowledged, after];
}

/** How many were refused; those that were not are kept, those that were have left nothing. */
function refusedOf(acknowledged: readonly Acknowledged[], { replies }: WholeFile): number {
  let refused = 0;
  for (const { gateway, question, reply } of acknowledged) {
    const kept = replies.get(`${gateway} ${question.TYPE} ${question.NUMQUESTION}`);
    if (reply.CODEREPONSE !== REFUSED) expect(kept).toMatchObject(reply);
    else {
      refused++;
      expect(kept, 'a refused question left something').toBeUndefined();
    }
  }
  return refused;
}

campaign(
  {
    name: 'nothing can be written: 00003, nothing lost, on again in the same process',
    unit: 'faults',
    short: WRITE_FAULTS.length,
    long: 120,
  },
  async (faults, seed) => {
    const random = new Random(seed);
    const disk = await smallDisk();
    const seen = { kept: 0, refused: 0 };
    for (let first = 0; first < faults; first += FAULTS_A_FILE) {
      const db = join(disk, `${first}.db`);
      const { firstLine: url, pid, kill } = await serveProcess(build, db);
      for (let round = 0; round < Math.min(FAULTS_A_FILE, faults - first); round++) {
        const fault = WRITE_FAULTS[round % WRITE_FAULTS.length] as WriteFault;
        const acknowledged = await suffer(url, 1 + round * QUESTIONS_A_ROUND, fault, () => fault.begin(pid, db, random));
        const refused = refusedOf(acknowledged, checkFile(db));
        expect(refused).toBeGreaterThan(0);
        seen.refused += refused;
        seen.kept += acknowledged.length - refused;
      }
      await kill();
      for (const end of ['', '-wal', '-shm']) await rm(db + end, { force: true });
    }
    return `${WRITE_FAULTS.map(({ name }) => name).join(', ')} in turn; ${seen.kept} acknowledged and kept, ${seen.refused} answered ${REFUSED}`;
  },
);
