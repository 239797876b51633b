import { closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { encodeForm } from '../../contracts/index.js';
import { createSimulator, type Simulator, StoreError } from '../../simulator/index.js';
import { CARD, HEAD, NOON, numbersOf, type Variables } from '../support/question.js';
import { tempFolder } from '../support/temp-folder.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { campaign } from './campaign.js';
import { Random } from './random.js';
import { parseReply } from './reply-parser.js';

const ORDERS = 60;
const QUESTIONS = 40;
/** The first page of the file, with its header and its schema. */
const FIRST_PAGE_SIZE = 4096;
const MONEY: Variables = { MONTANT: '1000', DEVISE: '978' };
/** Messages that say what is wrong. */
const CLEAR_MESSAGE =
  /^Database .*\.db: .*\. The (file is damaged|file is not a SQLite database|file is read-only|folder|disk)|belongs to another program|schema version \d+|was in use when it was copied/s;

/** Makes a file with payments, captures and subscribers. Returns its bytes. */
async function makeFile(db: string): Promise<Buffer> {
  const { ask, simulator } = openTestSimulator({ db });
  for (let n = 0; n < ORDERS; n++) {
    const authorization = await ask({ ...CARD, ...MONEY, TYPE: '00001', REFERENCE: `order-${n}` });
    await ask({ ...MONEY, TYPE: '00002', ...numbersOf(authorization) });
    await ask({ ...CARD, ...MONEY, TYPE: '00056', REFABONNE: `subscriber-${n}` });
  }
  await simulator.close();
  return readFileSync(db);
}

function corrupted(bytes: Buffer, random: Random): Buffer {
  const changed = Buffer.from(bytes);
  const range = random.onceIn(4) ? FIRST_PAGE_SIZE : bytes.length;
  for (let changes = random.between(1, 200); changes > 0; changes--) changed[random.below(range)] = random.below(256);
  return changed;
}

function overwrite(db: string, bytes: Buffer): void {
  const file = openSync(db, 'r+');
  writeSync(file, bytes, 0, bytes.length, 0);
  closeSync(file);
}

const number = (first: number, n: number): string => String(first + n);

function question(random: Random): Variables {
  const n = random.below(ORDERS) * 3;
  return random.pick<Variables>([
    { ...CARD, ...MONEY, TYPE: '00003', REFERENCE: `order-${n}` },
    { TYPE: '00017', NUMTRANS: number(1_000_001, n) },
    { ...MONEY, TYPE: '00014', NUMTRANS: number(1_000_002, n), NUMAPPEL: number(50_000_002, n) },
    { ...MONEY, TYPE: '00011', REFERENCE: `order-${n / 3}` },
    { TYPE: '00058', REFABONNE: `subscriber-${n / 3}` },
    { ...CARD, ...MONEY, TYPE: '00057', REFABONNE: `subscriber-${n / 3}` },
  ]);
}

interface Counts {
  answered: number;
  failed: number;
}

async function askAll(simulator: Simulator, random: Random, counts: Counts): Promise<void> {
  for (let n = 0; n < QUESTIONS; n++) {
    const variables = { ...HEAD, NUMQUESTION: String(1_000_000 + n), ...question(random) };
    const { body, failure } = await simulator.gateway.answer({ body: encodeForm(Object.entries(variables)) });
    const { CODEREPONSE } = parseReply(body);
    if (failure === undefined) counts.answered++;
    else {
      counts.failed++;
      expect(CODEREPONSE).toBe('00003');
      expect(failure).toMatch(CLEAR_MESSAGE);
    }
  }
}

/** Reads a list. A body that is sent in pieces fails where the damaged page is. Returns whether the list is whole. */
async function list(simulator: Simulator, path: string): Promise<boolean> {
  const response = await simulator.fetch(new Request(`http://localhost/_sim/${path}`));
  try {
    const text = await response.text();
    expect([200, 503], `${path}: ${text.slice(0, 300)}`).toContain(response.status);
    if (response.status === 503) expect(JSON.parse(text).error).toMatch(CLEAR_MESSAGE);
    return response.status === 200;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    expect(error.message).toMatch(CLEAR_MESSAGE);
    return false;
  }
}

async function listAll(simulator: Simulator): Promise<void> {
  for (const path of ['journal', 'payments', 'subscribers', 'snapshot', 'sessions']) await list(simulator, path);
}

/** The bytes of the header that say how the file is written. SQLite takes a file with others for read-only until it is opened again. */
const [FORMAT_START, FORMAT_END] = [18, 20];

campaign(
  {
    name: 'random bytes of a file are changed before it is opened: each request gets an answer or a clear message',
    unit: 'damaged files',
    short: 60,
    long: 5000,
  },
  async (files, seed) => {
    const random = new Random(seed);
    const folder = await tempFolder();
    const bytes = await makeFile(join(folder, 'whole.db'));
    const counts = { answered: 0, failed: 0, refused: 0 };
    for (let n = 0; n < files; n++) {
      const db = join(folder, `${n}.db`);
      writeFileSync(db, corrupted(bytes, random));
      let simulator: Simulator;
      try {
        simulator = createSimulator({ db, clock: NOON });
      } catch (error) {
        expect(error).toBeInstanceOf(StoreError);
        expect((error as StoreError).message).toMatch(CLEAR_MESSAGE);
        counts.refused++;
        rmSync(db);
        continue;
      }
      await askAll(simulator, random, counts);
      await listAll(simulator);
      await simulator.close();
      rmSync(db);
    }
    expect(counts.refused).toBeGreaterThan(0);
    expect(counts.failed).toBeGreaterThan(0);
    return `${counts.refused} rejected at once, ${counts.answered} questions answered, ${counts.failed} answered 00003`;
  },
);

campaign(
  {
    name: 'random bytes of a file are changed under a running gateway: each request gets an answer or a clear message',
    unit: 'damages',
    short: 40,
    long: 1500,
  },
  async (damages, seed) => {
    const random = new Random(seed);
    const folder = await tempFolder();
    const bytes = await makeFile(join(folder, 'whole.db'));
    const counts = { answered: 0, failed: 0 };
    for (let n = 0; n < damages; n++) {
      const db = join(folder, `${n}.db`);
      writeFileSync(db, bytes);
      const simulator = createSimulator({ db, clock: NOON });
      await simulator.gateway.answer({ body: encodeForm(Object.entries({ ...HEAD, ...question(random), NUMQUESTION: '1' })) });
      overwrite(db, corrupted(bytes, random));
      await askAll(simulator, random, counts);
      await listAll(simulator);
      await simulator.close();
      rmSync(db);
    }
    expect(counts.failed).toBeGreaterThan(0);
    return `${counts.answered} questions answered, ${counts.failed} answered 00003`;
  },
);

campaign(
  { name: 'a damaged file that is repaired under the running gateway is used again', unit: 'repairs', short: 30, long: 1000 },
  async (repairs, seed) => {
    const random = new Random(seed);
    const folder = await tempFolder();
    const bytes = await makeFile(join(folder, 'whole.db'));
    let failed = 0;
    for (let n = 0; n < repairs; n++) {
      const db = join(folder, `${n}.db`);
      writeFileSync(db, bytes);
      const simulator = createSimulator({ db, clock: NOON });
      const damaged = corrupted(bytes, random);
      bytes.copy(damaged, FORMAT_START, FORMAT_START, FORMAT_END);
      overwrite(db, damaged);
      // Reads only: a decision on damaged pages may be written, and would stay after the repair.
      for (const path of ['journal', 'payments', 'subscribers', 'snapshot']) {
        if (!(await list(simulator, path))) failed++;
      }
      overwrite(db, bytes);
      // A page that was read damaged may fail the first question that uses it, which frees it.
      await askAll(simulator, random, { answered: 0, failed: 0 });
      const counts = { answered: 0, failed: 0 };
      await askAll(simulator, random, counts);
      expect(counts.failed, `after repair ${n}`).toBe(0);
      await listAll(simulator);
      await simulator.close();
      rmSync(db);
    }
    expect(failed).toBeGreaterThan(0);
    return `${failed} requests on damaged files were answered 503`;
  },
);
