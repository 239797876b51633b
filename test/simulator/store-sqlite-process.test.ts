import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeReply, encodeForm } from '../../contracts/index.js';
import type { StoreContent } from '../../simulator/index.js';
import { buildSimulator, serveProcess } from '../support/built-simulator.js';
import { CARD, HEAD, makeBench, numbersOf, type Variables } from '../support/question.js';
import { tempFolder } from '../support/temp-folder.js';
import { PAY } from './storages.js';

const CUSTOMERS = 24;
const ENOUGH = 250;
const NOBODY = 65534;

let build: string;

beforeAll(async () => {
  build = await buildSimulator();
});

afterAll(() => rm(build, { recursive: true, force: true }));

/** A question that was answered, and its reply. */
interface Acknowledged {
  readonly question: Variables;
  readonly reply: Variables;
}

async function put(url: string, question: Variables): Promise<Variables> {
  const response = await fetch(`${url}/PPPS.php`, { method: 'POST', body: encodeForm(Object.entries({ ...HEAD, ...question })) });
  return Object.fromEntries(decodeReply(new Uint8Array(await response.arrayBuffer())));
}

/** Customers who authorize, capture and refund without a pause until the gateway is gone; answers what they were told. */
async function shopUntilGone(url: string, round: number, onEnough: () => void): Promise<Acknowledged[]> {
  const acknowledged: Acknowledged[] = [];
  let questions = round * 1_000_000;
  const ask = async (variables: Variables): Promise<Variables> => {
    const question = { ...variables, MONTANT: '1000', DEVISE: '978', NUMQUESTION: String(++questions) };
    const reply = await put(url, question);
    acknowledged.push({ question, reply });
    if (acknowledged.length === ENOUGH) onEnough();
    return reply;
  };
  const shop = async (customer: number): Promise<void> => {
    for (let order = 0; ; order++) {
      const authorization = await ask({ ...CARD, TYPE: '00001', REFERENCE: `${round}-${customer}-${order}` });
      const capture = await ask({ TYPE: '00002', ...numbersOf(authorization) });
      await ask({ TYPE: '00014', ...numbersOf(capture) });
    }
  };
  await Promise.allSettled(Array.from({ length: CUSTOMERS }, (_, customer) => shop(customer)));
  return acknowledged;
}

function expectWhole({ payments, journal, questions, sequence }: StoreContent): void {
  const transactions = payments.flatMap((payment) => payment.transactions.map((transaction) => ({ payment: payment.id, ...transaction })));
  const numbers = transactions.map(({ NUMTRANS }) => NUMTRANS);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(sequence).toBe(numbers.length);
  expect(journal.map(({ seq }) => seq)).toEqual(journal.map((_, n) => n + 1));
  const told = journal
    .filter(({ CODEREPONSE }) => CODEREPONSE === '00000')
    .map(({ payment, reply, TYPE }) => [reply.NUMTRANS, payment, TYPE]);
  expect(told.sort()).toEqual(transactions.map(({ NUMTRANS, payment, TYPE }) => [NUMTRANS, payment, TYPE]).sort());
  const used = new Set(questions.map(([, , number, TYPE]) => `${number} ${TYPE}`));
  for (const { NUMQUESTION, TYPE } of transactions) expect(used).toContain(`${NUMQUESTION} ${TYPE}`);
}

test('what was acknowledged before a kill -9 is there, whole and with its own numbers, three times over', async () => {
  const db = join(await tempFolder(), 'state.db');
  const acknowledged: Acknowledged[] = [];
  for (const round of [1, 2, 3]) {
    const { said: url, kill } = await serveProcess(build, db);
    acknowledged.push(...(await shopUntilGone(url, round, () => void kill())));
    await kill();
  }

  const { ask, simulator } = makeBench({ db });
  const content = await simulator.gateway.store.dump();
  expect(acknowledged.length).toBeGreaterThanOrEqual(3 * ENOUGH);
  const kept = new Map(content.payments.flatMap(({ transactions }) => transactions.map((made) => [made.NUMTRANS, made])));
  for (const { question, reply } of acknowledged) {
    expect(reply.CODEREPONSE).toBe('00000');
    const { TYPE, NUMQUESTION } = question;
    expect(kept.get(reply.NUMTRANS ?? '')).toMatchObject({ TYPE, NUMQUESTION, NUMAPPEL: reply.NUMAPPEL, MONTANT: 1000 });
  }
  expect(new Set(acknowledged.map(({ reply }) => reply.NUMTRANS)).size).toBe(acknowledged.length);
  expectWhole(content);
  expect(kept.has((await ask(PAY)).NUMTRANS ?? '')).toBe(false);
  await simulator.close();
});

test.skipIf(process.platform === 'win32')('a file that may not be written to is refused, with what to do', async () => {
  const folder = await tempFolder();
  const db = join(folder, 'state.db');
  const { ask, simulator } = makeBench({ db });
  await ask(PAY);
  await simulator.close();
  await chmod(db, 0o444);
  await chmod(folder, 0o555);

  const { said } = await serveProcess(build, db, process.getuid?.() === 0 ? NOBODY : undefined);
  await chmod(folder, 0o755);
  expect(said).toMatch(
    /^StoreError: Database .*state\.db: .*It may not be written to\. Check the permissions of the file and its folder\.$/,
  );
});
