import { createRequire } from 'node:module';
import { StoreError } from '../store.js';
import { loadNodeDriver } from './node-driver.js';

/** A prepared statement. */
export interface PreparedStatement {
  get(...values: unknown[]): unknown;
  all(...values: unknown[]): unknown[];
  iterate(...values: unknown[]): IterableIterator<unknown>;
  run(...values: unknown[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
  /** Makes each row the value of its first column. */
  pluck(): PreparedStatement;
  /** Makes each row the array of its values. */
  raw(): PreparedStatement;
}

/** Runs work in a transaction that begins as its name says. It is rolled back if the work throws. */
export interface TransactionRunner<Result> {
  (): Result;
  immediate(): Result;
  exclusive(): Result;
}

/** A connection to a SQLite file. */
export interface Database {
  /** The path with which it was opened. */
  readonly name: string;
  prepare(sql: string): PreparedStatement;
  exec(sql: string): unknown;
  /** Runs a PRAGMA. Returns its rows, or with `simple` the first column of the first one. */
  pragma(sql: string, options?: { readonly simple?: boolean }): unknown;
  transaction<Result>(work: () => Result): TransactionRunner<Result>;
  close(): unknown;
}

/** What a connection may do, and the milliseconds that it waits for a lock. */
export interface ConnectionOptions {
  readonly readonly?: boolean;
  readonly timeout?: number;
}

/** What opens SQLite files: the part of better-sqlite3 that the simulator uses. */
export type Driver = new (file: string, options?: ConnectionOptions) => Database;

/** How long SQLite itself waits for the lock of another process. Milliseconds. It blocks the event loop. */
export const BUSY_TIMEOUT = 2000;

function driverProblem(cause: unknown): string {
  const { code, message = '' } = cause as NodeJS.ErrnoException;
  if (code === 'MODULE_NOT_FOUND' && message.includes("'better-sqlite3'"))
    return 'better-sqlite3 is not installed, so no database file can be opened. Run npm install better-sqlite3';
  const why = code === 'ERR_DLOPEN_FAILED' ? 'was built for another Node.js or another machine' : 'is not built or is damaged';
  return `better-sqlite3 ${why}, so no database file can be opened. Run npm rebuild better-sqlite3 (npm 11: after npm approve-scripts better-sqlite3)`;
}

function findDriver(): Driver {
  try {
    const BetterSqlite3 = createRequire(import.meta.url)('better-sqlite3') as Driver;
    // It loads its native code when it opens its first database.
    new BetterSqlite3(':memory:').close();
    return BetterSqlite3;
  } catch (cause) {
    const nodeDriver = loadNodeDriver();
    if (nodeDriver) return nodeDriver;
    throw new StoreError(`${driverProblem(cause)}, use Node.js 22.13 or newer, or omit --db to keep the state in memory.`, { cause });
  }
}

let loaded: Driver | undefined;

/**
 * Loads better-sqlite3 or, where it cannot be loaded, the SQLite of Node.js. Call it only when a file is opened: the memory store works
 * without both.
 *
 * @throws StoreError when there is neither
 */
export function loadDriver(): Driver {
  loaded ??= findDriver();
  return loaded;
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
