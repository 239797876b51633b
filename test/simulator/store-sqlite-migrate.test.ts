import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSimulator } from '../../simulator/index.js';
import { APPLICATION_ID, MIGRATIONS } from '../../simulator/store/sqlite/schema.js';
import { withAuthentications } from '../support/authentications.js';
import { withCheckouts } from '../support/checkouts.js';
import { openSqlite } from '../support/sqlite.js';
import { tempFolder } from '../support/temp-folder.js';
import { control, sendQuestion } from './deployment.js';
import { EXCHANGES, insertExchanges } from './json-journal.js';
import { insertSubscribers, MIGRATED_TOKENS, OLD_CARD } from './old-subscribers.js';
import { PAY } from './storages.js';

/** Makes a file with the first schema: the main gateway, whose clock was set, and a session, with one payment each. */
async function firstVersionFile(): Promise<string> {
  const db = join(await tempFolder(), 'state.db');
  const database = openSqlite(db);
  database.exec(MIGRATIONS[0] ?? '');
  database.pragma(`application_id = ${APPLICATION_ID}`);
  database.pragma('user_version = 1');
  const instant = Date.parse('2031-05-06T07:08+02:00');
  database.exec(`INSERT INTO gateways (name, sequence, entries, clock) VALUES
    ('main', 1, ${EXCHANGES.length}, '{"value":${instant},"frozen":true}'), ('a', 1, 0, NULL)`);
  for (const gateway of [1, 2]) {
    database.exec(`INSERT INTO transactions (gateway, payment, position, NUMTRANS, NUMAPPEL, TYPE, kind, MONTANT, DEVISE, at, AUTORISATION,
      NUMQUESTION, RANG, DIFFERE, CODEREPONSE, account, REFERENCE, origin, card_mask, card_sha1, TYPECARTE, PAYS, expires_at)
      VALUES (${gateway}, 1000001, 0, 1000001, 50000001, '00003', 'payment', 1000, '978', ${instant - 1000}, 'XXXXXX', '1', '32', 0, '00000',
      '1999888/032', 'old', 'direct', '111122******4444', '', 'CB', '???', 0)`);
  }
  database.exec(insertExchanges());
  database.exec(insertSubscribers());
  database.close();
  return db;
}

test('a file with the first schema keeps its clock, payments, journal and sessions, and is used further', async () => {
  const simulator = createSimulator({ db: await firstVersionFile() });
  expect((await simulator.journal()).map(({ request, reply }) => ({ request, reply })).reverse()).toEqual(EXCHANGES);
  expect(simulator.gateway.rules.list()).toEqual([]);
  expect(await control(simulator, 'GET', '/_sim/clock')).toMatchObject({ now: '2031-05-06T07:08:00.000+02:00', frozen: true });
  expect(await control(simulator, 'GET', '/s/a/_sim/clock')).toMatchObject({ frozen: false });
  expect(await control(simulator, 'GET', '/_sim/sessions')).toEqual({ sessions: ['a'] });
  for (const path of ['', '/s/a']) {
    expect((await control(simulator, 'GET', `${path}/_sim/payments`)).payments).toMatchObject([{ id: '0001000001', REFERENCE: 'old' }]);
    expect(await sendQuestion(simulator, { ...PAY, NUMQUESTION: '2' }, path)).toMatchObject({
      CODEREPONSE: '00000',
      NUMTRANS: '0001000002',
    });
  }
  await simulator.close();
});

/** Makes a file of a version before the table `commits`. Such versions left their files in the mode with a log, and wrote no mark. */
async function fileWithoutCommits(version: number): Promise<string> {
  const db = join(await tempFolder(), 'state.db');
  const before = createSimulator({ db });
  await sendQuestion(before, PAY);
  await before.close();
  const file = openSqlite(db);
  file.exec('DROP TABLE commits');
  file.exec('DROP TABLE checkouts; DROP TABLE authentications; ALTER TABLE transactions DROP COLUMN ID3D');
  if (version < 5) file.exec('DROP INDEX imported_calls');
  file.pragma(`user_version = ${version}`);
  file.pragma('journal_mode = WAL');
  file.close();
  return db;
}

/** What a version does not have yet. */
const LATER: Readonly<Record<number, string>> = {
  6: 'DROP TABLE checkouts; DROP TABLE authentications; ALTER TABLE transactions DROP COLUMN ID3D',
  7: 'DROP TABLE checkouts',
};

/** Makes a file of a version with the table `commits`, with one payment. */
async function fileOfVersion(version: 6 | 7): Promise<string> {
  const db = join(await tempFolder(), 'state.db');
  const before = createSimulator({ db });
  await sendQuestion(before, PAY);
  await before.close();
  const file = openSqlite(db);
  file.exec(LATER[version] ?? '');
  file.pragma(`user_version = ${version}`);
  file.close();
  return db;
}

test.each([4, 5])('a file of version %i, which left its files in the mode with a log, is opened, and needs no mark', async (version) => {
  const simulator = createSimulator({ db: await fileWithoutCommits(version) });
  expect(await sendQuestion(simulator, { ...PAY, NUMQUESTION: '2' })).toMatchObject({ CODEREPONSE: '00000', NUMTRANS: '0001000002' });
  await simulator.close();
});

test.each([4, 5])('a file of version %i next to the mark of a later file is refused', async (version) => {
  const db = await fileWithoutCommits(version);
  const mark = Buffer.alloc(8);
  mark.writeDoubleLE(3);
  await writeFile(`${db}-mark`, mark);
  expect(() => createSimulator({ db })).toThrow(/has lost the last 3 of 3 commits/);
});

test('in a file with the first schema, the card of several subscribers gets the token of the first of them, and each keeps its own', async () => {
  const simulator = createSimulator({ db: await firstVersionFile() });
  const { tokens } = (await simulator.gateway.snapshot()).content;
  expect([...tokens].sort()).toEqual(MIGRATED_TOKENS);
  const pay = (REFABONNE: string, PORTEUR: string, NUMQUESTION: string) =>
    sendQuestion(simulator, { ...PAY, TYPE: '00053', REFABONNE, PORTEUR, NUMQUESTION });
  expect(await pay('first', 'FirstTokenA', '11')).toMatchObject({ CODEREPONSE: '00000', PORTEUR: 'FirstTokenA' });
  expect(await pay('second', 'SecondToken', '12')).toMatchObject({ CODEREPONSE: '00000', PORTEUR: 'SecondToken' });
  expect((await pay('second', 'FirstTokenA', '13')).CODEREPONSE).toBe('00015');
  const register = (REFABONNE: string, NUMQUESTION: string, path = '') =>
    sendQuestion(simulator, { ...PAY, TYPE: '00056', REFABONNE, PORTEUR: OLD_CARD, NUMQUESTION }, path);
  expect(await register('third', '14')).toMatchObject({ CODEREPONSE: '00000', PORTEUR: 'FirstTokenA' });
  expect((await register('third', '15', '/s/a')).PORTEUR).toBe('OtherTokenB');
  await simulator.close();
});

test.each([1, 6] as const)('a file of version %i gets the table of authentications, and its payments have no ID3D', async (version) => {
  const db = version === 1 ? await firstVersionFile() : await fileOfVersion(version);
  const simulator = createSimulator({ db });
  const snapshot = await simulator.gateway.snapshot();
  const { payments, authentications } = snapshot.content;
  expect(authentications).toEqual([]);
  expect(payments.map((payment) => 'ID3D' in payment)).toEqual([false]);
  const more = withAuthentications(snapshot);
  await simulator.gateway.restore(more);
  await simulator.close();
  const reopened = createSimulator({ db });
  const { content } = await reopened.gateway.snapshot();
  expect(content.payments).toEqual(more.content.payments);
  expect(content.authentications).toEqual(more.content.authentications);
  expect(await sendQuestion(reopened, { ...PAY, NUMQUESTION: '2' })).toMatchObject({ CODEREPONSE: '00000', NUMTRANS: '0001000005' });
  await reopened.close();
});

test.each([1, 6, 7] as const)('a file of version %i gets the table of checkouts, with its indexes', async (version) => {
  const db = version === 1 ? await firstVersionFile() : await fileOfVersion(version);
  const simulator = createSimulator({ db });
  const snapshot = await simulator.gateway.snapshot();
  expect(snapshot.content.checkouts).toEqual([]);
  const more = withCheckouts(snapshot);
  await simulator.gateway.restore(more);
  await simulator.close();
  const file = openSqlite(db);
  const select = 'SELECT * FROM checkouts WHERE gateway = 1 AND due_at <= 5 ORDER BY due_at, id LIMIT 9';
  expect(JSON.stringify(file.prepare(`EXPLAIN QUERY PLAN ${select}`).all())).toMatch(/due_checkouts(?!.*TEMP B-TREE)/);
  file.close();
  const reopened = createSimulator({ db });
  const { content } = await reopened.gateway.snapshot();
  expect(content.checkouts).toEqual(more.content.checkouts);
  expect(content.authentications).toEqual(more.content.authentications);
  // The renewal of the checkouts that is due may be taken before it.
  const NUMTRANS = expect.stringMatching(/^000100000[67]$/);
  expect(await sendQuestion(reopened, { ...PAY, NUMQUESTION: '2' })).toMatchObject({ CODEREPONSE: '00000', NUMTRANS });
  await reopened.close();
});
