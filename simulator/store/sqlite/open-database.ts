import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';
import { StoreError } from '../store.js';
import { sqliteError } from './errors.js';
import { APPLICATION_ID, MIGRATIONS } from './schema.js';

/** A connection to a SQLite file. */
export type Database = BetterSqlite3.Database;
/** A prepared statement. */
export type PreparedStatement = BetterSqlite3.Statement<unknown[]>;

/**
 * Pages in the write-ahead log before they are copied into the file: 32 MiB. A page that many payments change is then copied once, and not
 * after every few hundred payments.
 */
const CHECKPOINT_PAGES = 8000;

/** How long SQLite itself waits for the lock of another process. Milliseconds. It blocks the event loop. */
const BUSY_TIMEOUT = 2000;

// Loaded only when a file is opened: the memory store works without native code.
function loadDriver(): typeof BetterSqlite3 {
  try {
    const Driver = createRequire(import.meta.url)('better-sqlite3') as typeof BetterSqlite3;
    // The driver loads its native code when it opens its first database.
    new Driver(':memory:').close();
    return Driver;
  } catch (cause) {
    throw new StoreError(
      'better-sqlite3 cannot be loaded, so no database file can be opened. Run npm rebuild better-sqlite3 (npm 11: after npm approve-scripts better-sqlite3), or omit --db to keep the state in memory.',
      { cause },
    );
  }
}

function checkOwner(database: Database, file: string): void {
  const owner = database.pragma('application_id', { simple: true });
  const tables = database.prepare("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").pluck().get() as number;
  if (owner !== APPLICATION_ID && tables > 0) {
    throw new StoreError(`Database ${file} belongs to another program. It was not changed. Use another file name.`);
  }
}

function checkVersion(database: Database, file: string): void {
  const version = database.pragma('user_version', { simple: true }) as number;
  if (version > MIGRATIONS.length) {
    throw new StoreError(
      `Database ${file} has schema version ${version}; this version of the simulator supports versions up to ${MIGRATIONS.length}. It was not changed. Use a newer simulator or another file name.`,
    );
  }
}

function migrate(database: Database): void {
  if (database.pragma('user_version', { simple: true }) === MIGRATIONS.length) return;
  database
    .transaction(() => {
      // Another process may have migrated the file before this one got the lock.
      const from = database.pragma('user_version', { simple: true }) as number;
      for (const step of MIGRATIONS.slice(from)) database.exec(step);
      database.pragma(`application_id = ${APPLICATION_ID}`);
      database.pragma(`user_version = ${MIGRATIONS.length}`);
    })
    .immediate();
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

/**
 * Opens a database file of the simulator. Creates it if it does not exist, and migrates it to the current schema.
 *
 * @throws StoreError when the file belongs to another program, has a newer schema, or cannot be read or written
 */
export function openSqliteDatabase(file: string): Database {
  const Driver = loadDriver();
  let database: Database | undefined;
  try {
    database = new Driver(file, { timeout: BUSY_TIMEOUT });
    // Before the first write: setting the journal mode changes the file.
    checkOwner(database, file);
    checkVersion(database, file);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    migrate(database);
    // From now on the storage retries on a timer, so that a lock does not block the event loop.
    database.pragma('busy_timeout = 0');
    return database;
  } catch (cause) {
    database?.close();
    throw sqliteError(file, cause);
  }
}

/** Kibibytes of pages that a reader caches: it reads each page once. */
const READER_CACHE = 2000;

/**
 * Opens a second connection to the file of another one, in a transaction that sees the file as it is now. The writer does not wait for it.
 * The caller closes it.
 */
export function openReader(database: Database): Database {
  const Driver = loadDriver();
  const { name, memory } = database;
  // A database in memory has one connection: the reader gets a copy.
  const reader = memory ? new Driver(database.serialize()) : new Driver(name, { readonly: true, timeout: BUSY_TIMEOUT });
  try {
    reader.pragma(`cache_size = -${READER_CACHE}`);
    reader.exec('BEGIN');
    // The first read fixes what the transaction sees.
    reader.prepare('SELECT 1 FROM gateways').get();
    return reader;
  } catch (cause) {
    reader.close();
    throw cause;
  }
}
