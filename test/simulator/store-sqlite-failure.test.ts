import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CARD } from '../support/question.js';
import { openSqlite } from '../support/sqlite.js';
import { tempFolder } from '../support/temp-folder.js';
import { askSession, benchOnFile, HOSTED, PAY } from './storages.js';

/** Locks a file like another program. Returns a function that releases the lock. */
function lock(file: string): () => void {
  const database = openSqlite(file);
  database.exec('BEGIN EXCLUSIVE');
  onTestFinished(() => void database.close());
  return () => database.exec('ROLLBACK');
}

test('requests on a locked file are answered 00003 or 503, its content stays unchanged, and it is used again after the lock', async () => {
  const db = join(await tempFolder(), 'state.db');
  const failures: (string | undefined)[] = [];
  const bench = benchOnFile(db, { onExchange: (_, __, failure) => failures.push(failure) });
  await bench.ask(PAY);
  await bench.control('POST', '/rules', { id: 'kept', match: { REFERENCE: 'none' }, answer: '00105' });
  const content = await bench.simulator.gateway.snapshot();

  const unlock = lock(db);
  const register = { ...CARD, TYPE: '00056', MONTANT: '0', DEVISE: '978', REFABONNE: 'alice' };
  const [payment, registration, reset] = await Promise.all([
    bench.ask({ ...PAY, NUMQUESTION: '900' }),
    bench.ask({ ...register, NUMQUESTION: '901' }),
    bench.control('POST', '/reset'),
  ]);
  unlock();

  expect(payment).toMatchObject({ CODEREPONSE: '00003', NUMTRANS: '0000000000', NUMQUESTION: '900' });
  expect(registration).toMatchObject({ CODEREPONSE: '00003', NUMTRANS: '0000000000', NUMQUESTION: '901' });
  expect(failures.slice(1)).toEqual([expect.stringContaining('Another program has locked the file'), expect.stringContaining(db)]);
  expect(reset.status).toBe(503);
  expect(reset.body.error).toMatch(/state\.db: .*Another program has locked the file\. Stop that program, or use another file name/);
  expect(await bench.simulator.gateway.snapshot()).toEqual(content);
  expect((await bench.control('GET', '/rules/kept')).status).toBe(200);

  expect(await bench.ask({ ...PAY, NUMQUESTION: '900' })).toMatchObject({ CODEREPONSE: '00000', NUMTRANS: '0001000002' });
  expect((await bench.ask({ ...register, NUMQUESTION: '901' })).CODEREPONSE).toBe('00000');
  expect((await bench.simulator.journal()).map(({ seq }) => seq)).toEqual([3, 2, 1]);
});

test('a gateway whose initial payments could not be written tries again at the next question', async () => {
  const db = join(await tempFolder(), 'state.db');
  const bench = benchOnFile(db, { payments: [HOSTED] });
  await bench.simulator.gateway.ready();
  const inquiry = { TYPE: '00017', NUMTRANS: '42' };
  const unlock = lock(db);
  const refused = await askSession(bench, 'late', inquiry);
  unlock();

  expect(refused.CODEREPONSE).toBe('00003');
  expect((await askSession(bench, 'late', inquiry)).CODEREPONSE).toBe('00000');
});
