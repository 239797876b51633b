import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { buildSimulator, serveProcess } from '../support/built-simulator.js';
import { CARD, numbersOf, type Variables } from '../support/question.js';
import { tempFolder } from '../support/temp-folder.js';
import { type Campaign, campaign } from './campaign.js';
import { askAtOnce, codesOf, openFilesAllowed } from './crowd.js';
import { Random } from './random.js';

const SPARE_FILES = 500;
const LONG = 10_000;
const CAPTURED = 1000;

let build: string;

beforeAll(async () => {
  build = await buildSimulator();
});

afterAll(() => rm(build, { recursive: true, force: true }));

const crowd = (name: string): Campaign => ({
  name,
  unit: 'at once',
  short: 300,
  long: LONG,
  ...(openFilesAllowed() < LONG + SPARE_FILES && { cannot: 'too few files may be open (ulimit -n)' }),
});

const MONEY: Variables = { MONTANT: String(CAPTURED), REFERENCE: 'order' };

async function served(): Promise<string> {
  return (await serveProcess(build, join(await tempFolder(), 'state.db'))).firstLine;
}

async function askOne(url: string, question: Variables): Promise<Variables> {
  const [reply = {}] = await askAtOnce(url, [question]);
  return reply;
}

const shown = (codes: Readonly<Record<string, number>>): string =>
  Object.entries(codes)
    .map(([code, times]) => `${times} × ${code}`)
    .join(', ');

campaign(crowd('captures of one authorization, each with its own question number: one succeeds'), async (count) => {
  const url = await served();
  const authorization = await askOne(url, { ...CARD, ...MONEY, TYPE: '00001', NUMQUESTION: '1' });
  const capture = { ...MONEY, TYPE: '00002', ...numbersOf(authorization) };
  const codes = codesOf(
    await askAtOnce(
      url,
      Array.from({ length: count }, (_, n) => ({ ...capture, NUMQUESTION: String(n + 2) })),
    ),
  );
  expect(codes).toEqual({ '00000': 1, '00015': count - 1 });
  return shown(codes);
});

campaign(crowd('one capture sent over and over with one question number: one succeeds'), async (count) => {
  const url = await served();
  const authorization = await askOne(url, { ...CARD, ...MONEY, TYPE: '00001', NUMQUESTION: '1' });
  const capture = { ...MONEY, TYPE: '00002', ...numbersOf(authorization), NUMQUESTION: '1' };
  const codes = codesOf(
    await askAtOnce(
      url,
      Array.from({ length: count }, () => capture),
    ),
  );
  expect(codes).toEqual({ '00000': 1, '00039': count - 1 });
  return shown(codes);
});

campaign(crowd('refunds of one payment: never more than was captured, and all of it where they fit'), async (count, seed) => {
  const random = new Random(seed);
  const url = await served();
  const payment = await askOne(url, { ...CARD, ...MONEY, TYPE: '00003', NUMQUESTION: '1' });
  const refunds = Array.from({ length: count }, (_, n) => ({
    ...{ TYPE: '00014', MONTANT: String(random.between(1, 60)), NUMQUESTION: String(n + 2) },
    ...numbersOf(payment),
  }));
  const replies = await askAtOnce(url, refunds);
  const done = refunds.filter((_, n) => replies[n]?.CODEREPONSE === '00000');
  const refunded = done.reduce((sum, { MONTANT }) => sum + Number(MONTANT), 0);
  expect(refunded).toBe(CAPTURED);
  expect(Object.keys(codesOf(replies)).sort()).toEqual(['00000', '00011']);
  const inquiry = await askOne(url, { TYPE: '00017', NUMQUESTION: String(count + 2), ...numbersOf(payment) });
  expect(inquiry.STATUS).toBe('Remboursé');
  const state = await (await fetch(`${url}/_sim/payments/${payment.NUMTRANS}`)).json();
  expect(state).toMatchObject({ captured: CAPTURED, refunded: CAPTURED, refundable: 0 });
  return `${refunded} of ${CAPTURED} refunded; ${shown(codesOf(replies))}`;
});
