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
/** Where a file says what it is, and its schema. */
const BEGINNING = 4096;
const MONEY: Variables = { MONTANT: '1000', DEVISE: '978' };
const CLEAR =
  /^Database .*\.db: .*\. (It is damaged|It is not a SQLite database|.*belongs to another program|It may not be written to|Its folder|The disk)|belongs to another program|schema version \d+/s;

/** A file with payments, captures and subscribers; answers its bytes. */
async function usedFile(db: string): Promise<Buffer> {
  const { ask, simulator } = openTestSimulator({ db });
  for (let n = 0; n < ORDERS; n++) {
    const authorization = await ask({ ...CARD, ...MONEY, TYPE: '00001', REFERENCE: `order-${n}` });
    await ask({ ...MONEY, TYPE: '00002', ...numbersOf(authorization) });
    await ask({ ...CARD, ...MONEY, TYPE: '00056', REFABONNE: `subscriber-${n}` });
  }
  await simulator.close();
  return readFileSync(db);
}

function withFlips(bytes: Buffer, random: Random): Buffer {
  const flipped = Buffer.from(bytes);
  const reach = random.onceIn(4) ? BEGINNING : bytes.length;
  for (let flips = random.between(1, 200); flips > 0; flips--) flipped[random.below(reach)] = random.below(256);
  return flipped;
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

interface Seen {
  answered: number;
  failed: number;
}

async function askAll(simulator: Simulator, random: Random, seen: Seen): Promise<void> {
  for (let n = 0; n < QUESTIONS; n++) {
    const variables = { ...HEAD, NUMQUESTION: String(1_000_000 + n), ...question(random) };
    const { body, failure } = await simulator.gateway.answer({ body: encodeForm(Object.entries(variables)) });
    const { CODEREPONSE } = parseReply(body);
    if (failure === undefined) seen.answered++;
    else {
      seen.failed++;
      expect(CODEREPONSE).toBe('00003');
      expect(failure).toMatch(CLEAR);
    }
  }
}

async function lookAll(simulator: Simulator): Promise<void> {
  for (const path of ['journal', 'payments', 'subscribers', 'snapshot', 'sessions']) {
    const response = await simulator.fetch(new Request(`http://localhost/_sim/${path}`));
    const text = await response.text();
    expect([200, 503], `${path}: ${text.slice(0, 300)}`).toContain(response.status);
    if (response.status === 503) expect(JSON.parse(text).error).toMatch(CLEAR);
  }
}

campaign(
  {
    name: 'random bytes of the file change before it is opened: a clear message or an answer',
    unit: 'damaged files',
    short: 60,
    long: 5000,
  },
  async (files, seed) => {
    const random = new Random(seed);
    const folder = await tempFolder();
    const bytes = await usedFile(join(folder, 'whole.db'));
    const seen = { answered: 0, failed: 0, refused: 0 };
    for (let n = 0; n < files; n++) {
      const db = join(folder, `${n}.db`);
      writeFileSync(db, withFlips(bytes, random));
      let simulator: Simulator;
      try {
        simulator = createSimulator({ db, clock: NOON });
      } catch (error) {
        expect(error).toBeInstanceOf(StoreError);
        expect((error as StoreError).message).toMatch(CLEAR);
        seen.refused++;
        rmSync(db);
        continue;
      }
      await askAll(simulator, random, seen);
      await lookAll(simulator);
      await simulator.close();
      rmSync(db);
    }
    expect(seen.refused).toBeGreaterThan(0);
    expect(seen.failed).toBeGreaterThan(0);
    return `${seen.refused} refused at once, ${seen.answered} questions answered, ${seen.failed} answered 00003`;
  },
);

campaign(
  { name: 'random bytes of the file change under a running gateway: a clear message or an answer', unit: 'damages', short: 40, long: 1500 },
  async (damages, seed) => {
    const random = new Random(seed);
    const folder = await tempFolder();
    const bytes = await usedFile(join(folder, 'whole.db'));
    const seen = { answered: 0, failed: 0 };
    for (let n = 0; n < damages; n++) {
      const db = join(folder, `${n}.db`);
      writeFileSync(db, bytes);
      const simulator = createSimulator({ db, clock: NOON });
      await simulator.gateway.answer({ body: encodeForm(Object.entries({ ...HEAD, ...question(random), NUMQUESTION: '1' })) });
      overwrite(db, withFlips(bytes, random));
      await askAll(simulator, random, seen);
      await lookAll(simulator);
      await simulator.close();
      rmSync(db);
    }
    expect(seen.failed).toBeGreaterThan(0);
    return `${seen.answered} questions answered, ${seen.failed} answered 00003`;
  },
);

campaign(
  { name: 'a damaged file that is mended under the running gateway is used again', unit: 'mends', short: 30, long: 1000 },
  async (mends, seed) => {
    const random = new Random(seed);
    const folder = await tempFolder();
    const bytes = await usedFile(join(folder, 'whole.db'));
    let failed = 0;
    for (let n = 0; n < mends; n++) {
      const db = join(folder, `${n}.db`);
      writeFileSync(db, bytes);
      const simulator = createSimulator({ db, clock: NOON });
      overwrite(db, withFlips(bytes, random));
      // Looking only: what is decided on damaged pages may be written, and is then there to stay.
      for (const path of ['journal', 'payments', 'subscribers', 'snapshot']) {
        const { status } = await simulator.fetch(new Request(`http://localhost/_sim/${path}`));
        if (status !== 200) failed++;
      }
      overwrite(db, bytes);
      const seen = { answered: 0, failed: 0 };
      await askAll(simulator, random, seen);
      expect(seen.failed, `after mend ${n}`).toBe(0);
      await lookAll(simulator);
      await simulator.close();
      rmSync(db);
    }
    expect(failed).toBeGreaterThan(0);
    return `${failed} looks at damage were answered 503`;
  },
);
