import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSimulator, StoreError } from '../../simulator/index.js';
import type { Database } from '../../simulator/store/sqlite/driver.js';
import { openSqlite } from '../support/sqlite.js';
import { tempFolder } from '../support/temp-folder.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { PAY } from './storages.js';

function refusal(db: string): string {
  try {
    createSimulator({ db });
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError);
    return (error as StoreError).message;
  }
  throw new Error(`${db} was opened.`);
}

async function usedFile(): Promise<string> {
  const db = join(await tempFolder(), 'state.db');
  const { ask, simulator } = openTestSimulator({ db });
  await ask(PAY);
  await simulator.close();
  return db;
}

function sqlite(file: string, work: (database: Database) => void): void {
  const database = openSqlite(file);
  work(database);
  database.close();
}

// Linux lists the open files of a process there.
const OPEN_FILES = '/proc/self/fd';

test.skipIf(!existsSync(OPEN_FILES))('a file that is refused is closed', async () => {
  const db = await usedFile();
  sqlite(db, (database) => database.pragma('user_version = 99'));
  refusal(db);
  const open = readdirSync(OPEN_FILES).flatMap((descriptor) => {
    try {
      return readlinkSync(join(OPEN_FILES, descriptor));
    } catch {
      return [];
    }
  });
  expect(open.filter((path) => path.startsWith(db))).toEqual([]);
});

test.each(['wal', 'delete'])('a file with a newer schema (journal mode %s) is rejected and not changed', async (mode) => {
  const db = await usedFile();
  sqlite(db, (database) => {
    database.pragma('user_version = 99');
    database.pragma(`journal_mode = ${mode}`);
  });
  const before = readFileSync(db);

  const message = refusal(db);
  expect(message).toContain(db);
  expect(message).toMatch(/schema version 99; this version of the simulator supports versions up to \d+/);
  expect(message).toMatch(/Use a newer simulator or another file name/);
  expect(readFileSync(db).equals(before)).toBe(true);
});

test('a SQLite file of another program is rejected and not changed', async () => {
  const db = join(await tempFolder(), 'shop.db');
  sqlite(db, (database) => database.exec('CREATE TABLE orders (id INTEGER); INSERT INTO orders VALUES (1)'));
  const before = readFileSync(db);

  expect(refusal(db)).toMatch(/shop\.db belongs to another program\. It was not changed\. Use another file name/);
  expect(readFileSync(db).equals(before)).toBe(true);
});

test.each([
  ['short', 'hello\n'],
  ['long', 'REFERENCE;MONTANT\n'.repeat(1000)],
])('a %s file that is not a database is rejected and not changed', async (_, text) => {
  const db = join(await tempFolder(), 'orders.csv');
  writeFileSync(db, text);

  expect(refusal(db)).toMatch(/orders\.csv: .*The file is not a SQLite database\. Use another file name/);
  expect(readFileSync(db, 'utf8')).toBe(text);
});

test('a damaged file of the simulator is rejected', async () => {
  const db = await usedFile();
  const bytes = readFileSync(db);
  writeFileSync(db, Buffer.concat([bytes.subarray(0, 100), Buffer.alloc(bytes.length - 100, 0xff)]));

  expect(refusal(db)).toMatch(/state\.db: .*The file is damaged\. Restore a backup, or use another file name/);
});

test('a folder that does not exist is reported with advice', async () => {
  const folder = await tempFolder();
  const message = refusal(join(folder, 'missing', 'state.db'));

  expect(message).toContain(join('missing', 'state.db'));
  expect(message).toMatch(/directory does not exist\. The folder of the file does not exist or is not writable/);
  expect(readdirSync(folder)).toEqual([]);
});

test('a folder instead of a file is rejected', async () => {
  expect(refusal(await tempFolder())).toMatch(/is not writable/);
});

test.each(['-mark', '-wal', '-shm'])('a folder in place of the file state.db%s is rejected with advice', async (part) => {
  const db = await usedFile();
  mkdirSync(db + part);
  const expected = new RegExp(`^Database .*state\\.db: .*state\\.db${part} is a folder.*Move or delete the folder`);
  expect(refusal(db)).toMatch(expected);
  rmSync(db);
  expect(refusal(db)).toMatch(expected);
});

test('an empty file is used as a new database', async () => {
  const db = join(await tempFolder(), 'state.db');
  writeFileSync(db, '');
  const { ask, simulator } = openTestSimulator({ db });

  expect((await ask(PAY)).CODEREPONSE).toBe('00000');
  await simulator.close();
});

test('closing leaves the database file only', async () => {
  const db = await usedFile();
  expect(readdirSync(join(db, '..'))).toEqual(['state.db']);
});
