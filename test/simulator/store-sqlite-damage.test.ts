import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { numbersOf } from '../support/question.js';
import { openSqlite } from '../support/sqlite.js';
import { tempFolder } from '../support/temp-folder.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { benchOnFile, PAY } from './storages.js';

test('requests for a payment with a damaged row are answered 00003 or 503 with advice, and other requests succeed', async () => {
  const db = join(await tempFolder(), 'state.db');
  const failures: (string | undefined)[] = [];
  const bench = benchOnFile(db, { onExchange: (_, __, failure) => failures.push(failure) });
  const damaged = await bench.ask({ ...PAY, TYPE: '00001' });
  const whole = await bench.ask({ ...PAY, TYPE: '00001', REFERENCE: 'order-2' });
  const file = openSqlite(db);
  file.prepare('UPDATE transactions SET kind = ? WHERE NUMTRANS = ?').run('capturf', Number(damaged.NUMTRANS));

  const capture = { TYPE: '00002', MONTANT: '1000', DEVISE: '978' };
  const [onDamaged, onWhole] = await Promise.all([
    bench.ask({ ...capture, ...numbersOf(damaged) }),
    bench.ask({ ...capture, ...numbersOf(whole) }),
  ]);
  expect([onDamaged.CODEREPONSE, onWhole.CODEREPONSE]).toEqual(['00003', '00000']);
  const message =
    /state\.db: a row of the table transactions has an invalid value in the column kind\. The file is damaged\. Restore a backup/;
  expect(failures.filter((failure) => failure !== undefined)).toEqual([expect.stringMatching(message)]);
  const { status, body } = await bench.control('GET', '/payments');
  expect([status, body.error]).toEqual([503, expect.stringMatching(message)]);

  file.prepare('UPDATE transactions SET kind = ? WHERE NUMTRANS = ?').run('authorization', Number(damaged.NUMTRANS));
  file.close();
  expect((await bench.ask({ ...capture, ...numbersOf(damaged) })).CODEREPONSE).toBe('00000');
});

test('a question for a subscriber with a damaged row is answered 00003', async () => {
  const db = join(await tempFolder(), 'state.db');
  const bench = benchOnFile(db);
  const { PORTEUR = '' } = await bench.ask({ ...PAY, TYPE: '00056', REFABONNE: 'alice' });
  const file = openSqlite(db);
  onTestFinished(() => void file.close());
  for (const damage of ['registered_at = 9e15', 'registered_at = 9223372036854775807', "registered_at = 0, forced_code = ''"]) {
    file.exec(`UPDATE subscribers SET ${damage}`);
    expect((await bench.ask({ ...PAY, TYPE: '00053', REFABONNE: 'alice', PORTEUR })).CODEREPONSE).toBe('00003');
    expect((await bench.control('GET', '/subscribers')).status).toBe(503);
  }
});

test('a journal with a damaged row is answered 503, and 200 after it is repaired', async () => {
  const db = join(await tempFolder(), 'state.db');
  const bench = benchOnFile(db);
  await bench.ask(PAY);
  const file = openSqlite(db);
  const { findings } = file.prepare('SELECT findings FROM journal').get() as { findings: string };
  for (const damaged of ['[{', 'null', '7']) {
    file.prepare('UPDATE journal SET findings = ?').run(damaged);
    const { status, body } = await bench.control('GET', '/journal');
    expect([status, body.error]).toEqual([
      503,
      expect.stringMatching(/a row of the table journal has an invalid value in the column findings\. The file is damaged/),
    ]);
  }
  file.prepare('UPDATE journal SET findings = ?').run(findings);
  file.close();
  expect((await bench.control('GET', '/journal')).status).toBe(200);
});

test('a gateway with a damaged configuration answers 00003, and succeeds after it is repaired', async () => {
  const db = join(await tempFolder(), 'state.db');
  const failures: (string | undefined)[] = [];
  const bench = benchOnFile(db, { onExchange: (_, __, failure) => failures.push(failure) });
  await bench.ask(PAY);
  const file = openSqlite(db);
  const { shared } = file.prepare('SELECT shared FROM gateways').get() as { shared: string };
  file.prepare('UPDATE gateways SET shared = ?').run(`${shared.slice(0, -1)}x`);
  expect((await bench.ask({ ...PAY, REFERENCE: 'order-2' })).CODEREPONSE).toBe('00003');
  expect(failures.at(-1)).toMatch(/state\.db: a row of the table gateways has an invalid value in the column shared\. The file is damaged/);
  file.prepare('UPDATE gateways SET shared = ?').run(shared);
  file.close();
  expect((await bench.ask({ ...PAY, REFERENCE: 'order-2' })).CODEREPONSE).toBe('00000');
});

test('a payment with a damaged number does not block the gateway', async () => {
  const db = join(await tempFolder(), 'state.db');
  const before = openTestSimulator({ db });
  await before.ask(PAY);
  await before.simulator.close();
  // Without STRICT the column accepts a text.
  await writeFile(db, (await readFile(db, 'latin1')).replaceAll('STRICT, WITHOUT', 'WITHOUT'.padStart(15)), 'latin1');
  const file = openSqlite(db);
  file.exec("UPDATE transactions SET payment = 'x'");
  file.close();

  const failures: (string | undefined)[] = [];
  const { ask } = benchOnFile(db, { onExchange: (_, __, failure) => failures.push(failure) });
  expect((await ask({ ...PAY, NUMQUESTION: '900', REFERENCE: 'order-2' })).CODEREPONSE).toBe('00003');
  expect(failures).toEqual([
    expect.stringMatching(/a row of the table transactions has an invalid value in the column payment\. The file is damaged/),
  ]);
});
