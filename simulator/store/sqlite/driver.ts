import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';
import { StoreError } from '../store.js';

/** The package better-sqlite3: makes connections. */
export type Driver = typeof BetterSqlite3;
/** A connection to a SQLite file. */
export type Database = BetterSqlite3.Database;
/** A prepared statement. */
export type PreparedStatement = BetterSqlite3.Statement<unknown[]>;

/** How long SQLite itself waits for the lock of another process. Milliseconds. It blocks the event loop. */
export const BUSY_TIMEOUT = 2000;

function driverProblem(cause: unknown): string {
  const { code, message = '' } = cause as NodeJS.ErrnoException;
  if (code === 'MODULE_NOT_FOUND' && message.includes("'better-sqlite3'"))
    return 'better-sqlite3 is not installed, so no database file can be opened. Run npm install better-sqlite3';
  const why = code === 'ERR_DLOPEN_FAILED' ? 'was built for another Node.js or another machine' : 'is not built or is damaged';
  return `better-sqlite3 ${why}, so no database file can be opened. Run npm rebuild better-sqlite3 (npm 11: after npm approve-scripts better-sqlite3)`;
}

/**
 * Loads better-sqlite3. Called only when a file is opened: the memory store works without native code.
 *
 * @throws StoreError when it is not installed or cannot be loaded
 */
export function loadDriver(): Driver {
  try {
    const Driver = createRequire(import.meta.url)('better-sqlite3') as Driver;
    // The driver loads its native code when it opens its first database.
    new Driver(':memory:').close();
    return Driver;
  } catch (cause) {
    throw new StoreError(`${driverProblem(cause)}, or omit --db to keep the state in memory.`, { cause });
  }
}

/** Runs work that may wait up to {@link BUSY_TIMEOUT} for the lock of another process, and blocks the event loop while it waits. */
export function withBusyTimeout<Result>(database: Database, work: () => Result): Result {
  database.pragma(`busy_timeout = ${BUSY_TIMEOUT}`);
  try {
    return work();
  } finally {
    database.pragma('busy_timeout = 0');
  }
}
