import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Database } from '../../simulator/store/sqlite/driver.js';
import { isBusy, isFileError, mayBeCommitted } from '../../simulator/store/sqlite/errors.js';
import { openSqlite } from '../support/sqlite.js';
import { tempFolder } from '../support/temp-folder.js';

// What the simulator expects of better-sqlite3 and of the SQLite of Node.js. Which of them is tested depends on the Node.js.

function opened(file = ':memory:'): Database {
  const database = openSqlite(file);
  onTestFinished(() => void database.close());
  return database;
}

function failure(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

test('rows are objects, arrays or values of the first column', () => {
  const database = opened();
  database.exec("CREATE TABLE t (a INTEGER, b TEXT); INSERT INTO t VALUES (1, 'x'), (2, NULL)");
  const select = (): ReturnType<Database['prepare']> => database.prepare('SELECT b, a FROM t WHERE a >= ? ORDER BY a');
  expect(select().all(1)).toEqual([
    { b: 'x', a: 1 },
    { b: null, a: 2 },
  ]);
  expect([...select().raw().iterate(1)]).toEqual([
    ['x', 1],
    [null, 2],
  ]);
  expect(select().pluck().all(1)).toEqual(['x', null]);
  expect([select().pluck().get(2), select().pluck().get(3), select().get(3)]).toEqual([null, undefined, undefined]);
  expect(database.prepare('INSERT INTO t VALUES (?, ?)').run(3, undefined)).toEqual({ changes: 1, lastInsertRowid: 3 });
  expect(select().get(3)).toEqual({ b: null, a: 3 });
});

test('an iteration that is left unfinished does not keep the table locked', () => {
  const database = opened();
  database.exec('CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (2)');
  for (const row of database.prepare('SELECT a FROM t').pluck().iterate()) {
    expect(row).toBe(1);
    break;
  }
  expect(failure(() => database.exec('DROP TABLE t'))).not.toBeInstanceOf(Error);
});

test('a PRAGMA returns its rows or its value', () => {
  const database = opened();
  database.pragma('user_version = 7');
  expect([database.pragma('user_version'), database.pragma('user_version', { simple: true })]).toEqual([[{ user_version: 7 }], 7]);
});

test.each(['deferred', 'immediate', 'exclusive'] as const)('work that fails in a transaction (%s) is rolled back', (kind) => {
  const database = opened();
  database.exec('CREATE TABLE t (a INTEGER)');
  const count = (): unknown => database.prepare('SELECT count(*) FROM t').pluck().get();
  const transact = <Result>(work: () => Result): Result => {
    const transaction = database.transaction(work);
    return kind === 'deferred' ? transaction() : transaction[kind]();
  };
  const insert = (): number => database.prepare('INSERT INTO t VALUES (1)').run().changes;
  const error = new Error('the work failed');
  expect(
    failure(() =>
      transact(() => {
        insert();
        throw error;
      }),
    ),
  ).toBe(error);
  expect(count()).toBe(0);
  expect([transact(insert), count()]).toEqual([1, 1]);
});

test('errors tell whether the file is locked, and whether the whole file is affected', async () => {
  const file = join(await tempFolder(), 'state.db');
  const [one, two] = [opened(file), opened(file)];
  one.exec('CREATE TABLE t (a INTEGER UNIQUE) STRICT; INSERT INTO t VALUES (1)');
  two.pragma('busy_timeout = 0');
  const duplicate = failure(() => one.exec('INSERT INTO t VALUES (1)'));
  const text = failure(() => one.exec("INSERT INTO t VALUES ('x')"));
  expect([duplicate, text].map((error) => [isBusy(error), isFileError(error)])).toEqual([
    [false, false],
    [false, false],
  ]);
  one.exec('BEGIN EXCLUSIVE');
  const locked = failure(() => two.transaction(() => undefined).immediate());
  expect([isBusy(locked), isFileError(locked)]).toEqual([true, true]);
});

test.each([
  ['SQLITE_IOERR_FSYNC', true],
  ['SQLITE_IOERR', true],
  ['SQLITE_IOERR_WRITE', false],
  ['SQLITE_FULL', false],
  ['SQLITE_BUSY', false],
])('a COMMIT that fails with %s may have been written: %s', (code, expected) => {
  expect(mayBeCommitted(Object.assign(new Error('disk I/O error'), { code }))).toBe(expected);
});
