import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { buildSimulator, serveProcess } from '../support/built-simulator.js';
import { CARD, numbersOf, type Variables } from '../support/question.js';
import { tempFolder } from '../support/temp-folder.js';
import { askAtOnce, codesOf, maxOpenFiles } from './ask-at-once.js';
import { type Campaign, campaign } from './campaign.js';
import { Random } from './random.js';

/** Files that the process needs in addition to its connections. */
const SPARE_FILES = 500;
const LONG_COUNT = 10_000;
const CAPTURED = 1000;

let build: string;

beforeAll(async () => {
  build = await buildSimulator();
});

afterAll(() => rm(build, { recursive: true, force: true }));

const concurrentCampaign = (name: string): Campaign => ({
  name,
  unit: 'at once',
  short: 300,
  long: LONG_COUNT,
  ...(maxOpenFiles() < LONG_COUNT + SPARE_FILES && { skipReason: 'the limit of open files is too low (ulimit -n)' }),
});

const MONEY: Variables = { MONTANT: String(CAPTURED), REFERENCE: 'order' };

async function startServer(): Promise<string> {
  return (await serveProcess(build, join(await tempFolder(), 'state.db'))).firstLine;
}

async function askOne(url: string, question: Variables): Promise<Variables> {
  const [reply = {}] = await askAtOnce(url, [question]);
  return reply;
}

const formatCodes = (codes: Readonly<Record<string, number>>): string =>
  Object.entries(codes)
    .map(([code, times]) => `${times} × ${code}`)
    .join(', ');

campaign(concurrentCampaign('concurrent captures of one authorization, each with its own question number: one succeeds'), async (count) => {
  const url = await startServer();
  const authorization = await askOne(url, { ...CARD, ...MONEY, TYPE: '00001', NUMQUESTION: '1' });
  const capture = { ...MONEY, TYPE: '00002', ...numbersOf(authorization) };
  const codes = codesOf(
    await askAtOnce(
      url,
      Array.from({ length: count }, (_, n) => ({ ...capture, NUMQUESTION: String(n + 2) })),
    ),
  );
  expect(codes).toEqual({ '00000': 1, '00015': count - 1 });
  return formatCodes(codes);
});

campaign(concurrentCampaign('one capture sent many times at once with the same question number: one succeeds'), async (count) => {
  const url = await startServer();
  const authorization = await askOne(url, { ...CARD, ...MONEY, TYPE: '00001', NUMQUESTION: '1' });
  const capture = { ...MONEY, TYPE: '00002', ...numbersOf(authorization), NUMQUESTION: '1' };
  const codes = codesOf(
    await askAtOnce(
      url,
      Array.from({ length: count }, () => capture),
    ),
  );
  expect(codes).toEqual({ '00000': 1, '00005': count - 1 });
  return formatCodes(codes);
});

campaign(concurrentCampaign('concurrent refunds of one payment: exactly the captured amount is refunded'), async (count, seed) => {
  const random = new Random(seed);
  const url = await startServer();
  const payment = await askOne(url, { ...CARD, ...MONEY, TYPE: '00003', NUMQUESTION: '1' });
  const refunds = Array.from({ length: count }, (_, n) => ({
    ...{ TYPE: '00014', MONTANT: String(random.between(1, 60)), NUMQUESTION: String(n + 2) },
    ...numbersOf(payment),
  }));
  const replies = await askAtOnce(url, refunds);
  const accepted = refunds.filter((_, n) => replies[n]?.CODEREPONSE === '00000');
  const refunded = accepted.reduce((sum, { MONTANT }) => sum + Number(MONTANT), 0);
  expect(refunded).toBe(CAPTURED);
  expect(Object.keys(codesOf(replies)).sort()).toEqual(['00000', '00011']);
  const inquiry = await askOne(url, { TYPE: '00017', NUMQUESTION: String(count + 2), ...numbersOf(payment) });
  expect(inquiry.STATUS).toBe('Remboursé');
  const state = await (await fetch(`${url}/_sim/payments/${payment.NUMTRANS}`)).json();
  expect(state).toMatchObject({ captured: CAPTURED, refunded: CAPTURED, refundable: 0 });
  return `${refunded} of ${CAPTURED} refunded; ${formatCodes(codesOf(replies))}`;
});
