import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_VARIANTS } from '../../contracts/index.js';
import { createSimulator } from '../../simulator/index.js';
import { CARD, numbersOf } from '../support/question.js';
import { openSqlite } from '../support/sqlite.js';
import { tempFolder } from '../support/temp-folder.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { control, sendQuestion } from './deployment.js';
import { askSession, benchOnFile, HOSTED, PAY } from './storages.js';

test('a reopened file has all its content', async () => {
  const db = join(await tempFolder(), 'state.db');
  const before = openTestSimulator({ db });
  const authorization = await before.ask({ ...PAY, TYPE: '00001', NUMQUESTION: '900' });
  const { PORTEUR } = await before.ask({ ...CARD, TYPE: '00056', MONTANT: '0', DEVISE: '978', REFABONNE: 'alice' });
  await askSession(before, 'a', PAY);
  const { content } = await before.simulator.gateway.snapshot();
  await before.simulator.close();

  const after = benchOnFile(db);
  expect((await after.simulator.gateway.snapshot()).content).toEqual(content);
  const capture = { TYPE: '00002', MONTANT: '1000', DEVISE: '978', ...numbersOf(authorization) };
  expect((await after.ask(capture)).CODEREPONSE).toBe('00000');
  expect((await after.ask({ ...PAY, TYPE: '00001', NUMQUESTION: '900' })).CODEREPONSE).toBe('00005');
  const renewal = {
    TYPE: '00053',
    MONTANT: '500',
    DEVISE: '978',
    REFERENCE: 'r',
    REFABONNE: 'alice',
    PORTEUR: PORTEUR ?? '',
    DATEVAL: '1299',
  };
  expect((await after.ask(renewal)).CODEREPONSE).toBe('00000');
  expect((await after.control('GET', '/sessions')).body).toEqual({ sessions: ['a'] });
  expect((await askSession(after, 'a', { ...PAY, NUMQUESTION: '2' })).NUMTRANS).toBe('0001000002');
});

test('the clock continues at its saved position, for the first question and for the control API', async () => {
  const db = join(await tempFolder(), 'state.db');
  const before = createSimulator({ db });
  before.clock.set('2031-05-06T07:08', true);
  before.session('a').clock.set('2032-05-06T07:08', true);
  await before.close();

  const after = createSimulator({ db });
  const { entry } = await after.gateway.answer({ body: new Uint8Array() });
  expect(entry.at).toBe(Date.parse('2031-05-06T07:08+02:00'));
  const reply = await after.fetch(new Request('http://localhost/s/a/_sim/clock'));
  expect(await reply.json()).toMatchObject({ now: '2032-05-06T07:08:00.000+02:00', frozen: true });
  await after.close();
});

test('a clock that is set right after opening the file is not reset to its saved position', async () => {
  const db = join(await tempFolder(), 'state.db');
  const before = createSimulator({ db });
  before.clock.set('2031-05-06T07:08', true);
  await before.close();

  const after = createSimulator({ db });
  after.clock.set('2033-01-01T00:00', true);
  await after.gateway.ready();
  expect(after.clock.state().now).toBe('2033-01-01T00:00:00.000+01:00');
  await after.close();
});

test('a clock in the options wins over the saved position', async () => {
  const db = join(await tempFolder(), 'state.db');
  const before = createSimulator({ db });
  before.clock.set('2031-05-06T07:08', true);
  await before.close();

  const after = createSimulator({ db, clock: '2020-01-01T12:00' });
  await after.gateway.ready();
  expect(after.clock.state().now).toContain('2020-01-01T12:00');
  await after.close();
});

test('the variants of an account are kept, and the accounts of an earlier version, which have none, get the defaults', async () => {
  const db = join(await tempFolder(), 'state.db');
  const before = createSimulator({ db });
  await control(before, 'PUT', '/_sim/accounts/7654321/1', { CLE: 'SECRETKEY', ceiling: 700, variants: { echo: 'normalised' } });
  await before.close();
  const question = { ...PAY, SITE: '7654321', RANG: '001', CLE: 'SECRETKEY', MONTANT: '500' };
  const kept = createSimulator({ db });
  expect(await sendQuestion(kept, { ...question, NUMQUESTION: '1' })).toMatchObject({ CODEREPONSE: '00000', RANG: '1' });
  await kept.close();

  const file = openSqlite(db);
  const shared = JSON.parse(file.prepare("SELECT shared FROM gateways WHERE name = 'main'").pluck().get() as string);
  for (const account of shared.accounts) delete account.variants;
  file.prepare("UPDATE gateways SET shared = ? WHERE name = 'main'").run(JSON.stringify(shared));
  file.close();

  const after = createSimulator({ db });
  expect(await sendQuestion(after, { ...question, NUMQUESTION: '2' })).toMatchObject({ CODEREPONSE: '00000', RANG: '001' });
  expect((await sendQuestion(after, { ...question, MONTANT: '701', NUMQUESTION: '3' })).CODEREPONSE).toBe('00022');
  expect(after.gateway.account('7654321', '1')?.variants).toEqual(DEFAULT_VARIANTS);
  const accounts = after.gateway.accounts.map(({ id }) => id);
  expect(new Set(accounts).size).toBe(accounts.length);
  await after.close();
});

test('payments of the options are imported once, not at every start', async () => {
  const db = join(await tempFolder(), 'state.db');
  const before = openTestSimulator({ db, payments: [HOSTED] });
  await before.ask({ TYPE: '00014', MONTANT: '400', DEVISE: '978', NUMTRANS: '42', NUMAPPEL: '43' });
  await before.simulator.close();

  const after = benchOnFile(db, { payments: [HOSTED] });
  const { body } = await after.control('GET', '/payments');
  expect(body.payments).toHaveLength(1);
  expect(body.payments[0]).toMatchObject({ id: '0000000042', refunded: 400, refundable: 600 });
});

test('two simulators on one file share numbers, payments and question numbers', async () => {
  const db = join(await tempFolder(), 'state.db');
  const [left, right] = [benchOnFile(db), benchOnFile(db)];
  const authorization = await left.ask({ ...PAY, TYPE: '00001', NUMQUESTION: '900' });
  const capture = await right.ask({ TYPE: '00002', MONTANT: '1000', DEVISE: '978', ...numbersOf(authorization), NUMQUESTION: '900' });
  const replay = await right.ask({ ...PAY, TYPE: '00001', NUMQUESTION: '900' });

  expect([authorization, capture].map(({ CODEREPONSE, NUMTRANS }) => [CODEREPONSE, NUMTRANS])).toEqual([
    ['00000', '0001000001'],
    ['00000', '0001000001'],
  ]);
  expect((await left.ask({ ...PAY, NUMQUESTION: '901' })).NUMTRANS).toBe('0001000002');
  expect(replay.CODEREPONSE).toBe('00005');
  expect(await left.simulator.journal()).toEqual(await right.simulator.journal());
});
