import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';
import { StoreError } from '../store.js';
import { APPLICATION_ID, MIGRATIONS } from './schema.js';

/** A connection to a SQLite file. */
export type Database = BetterSqlite3.Database;
/** A prepared statement. */
export type Statement = BetterSqlite3.Statement<unknown[]>;

/**
 * Pages in the log before they are brought into the file: 32 MiB. A page that many payments change is brought over once then, and not
 * every few hundred payments.
 */
const CHECKPOINT_PAGES = 8000;

/** How long another process's lock is waited for where nothing else can be done meanwhile. Milliseconds. */
const BUSY_MILLISECONDS = 2000;

// Loaded when a file is asked for and not before: the memory store needs no native code.
function loadDriver(): typeof BetterSqlite3 {
  try {
    return createRequire(import.meta.url)('better-sqlite3') as typeof BetterSqlite3;
  } catch (cause) {
    throw new StoreError(
      'better-sqlite3 cannot be loaded, so no database file can be opened. Install it again (npm rebuild better-sqlite3), or leave --db out to keep the state in memory.',
      { cause },
    );
  }
}

const LONGEST = 120;

const DAMAGED = 'It is damaged. Restore a copy of it, or give another file name.';

const ADVICE: Readonly<Record<string, string>> = {
  SQLITE_NOTADB: 'It is not a SQLite database. Give another file name.',
  SQLITE_CORRUPT: DAMAGED,
  // Columns and tables that are not there, rows that are there already.
  SQLITE_ERROR: DAMAGED,
  SQLITE_CONSTRAINT: DAMAGED,
  SQLITE_CANTOPEN: 'Its folder does not exist or may not be written to.',
  SQLITE_READONLY: 'It may not be written to. Check the permissions of the file and its folder.',
  SQLITE_BUSY: 'Another program holds it locked. Stop that program or give another file name.',
  SQLITE_FULL: 'The disk is full. Free some space and try again.',
  SQLITE_IOERR: 'The disk fails, or the file may not grow any further. Look at the disk, its quota and the limits of this user.',
};

/** An error of SQLite as a user can act on it. */
export function storeError(file: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const told = cause instanceof Error ? cause.message : String(cause);
  // Of a damaged schema SQLite tells a screenful.
  const text = told.length > LONGEST ? `${told.slice(0, LONGEST).replace(/\s+/g, ' ')}…` : told;
  // The driver looks for the folder itself and gives no code then.
  const code = text.includes('directory does not exist') ? 'SQLITE_CANTOPEN' : ((cause as { code?: string }).code ?? '');
  const advice = Object.entries(ADVICE).find(([known]) => code.startsWith(known))?.[1];
  return new StoreError(`Database ${file}: ${text}.${advice ? ` ${advice}` : ''}`, { cause });
}

function checkOwner(database: Database, file: string): void {
  const owner = database.pragma('application_id', { simple: true });
  const tables = database.prepare("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").pluck().get() as number;
  if (owner !== APPLICATION_ID && tables > 0) {
    throw new StoreError(`Database ${file} belongs to another program; it was left as it is. Give another file name.`);
  }
}

function checkVersion(database: Database, file: string): void {
  const version = database.pragma('user_version', { simple: true }) as number;
  if (version > MIGRATIONS.length) {
    throw new StoreError(
      `Database ${file} has schema version ${version}; this version of the simulator knows ${MIGRATIONS.length}. It was left as it is: use a newer simulator, or give another file name.`,
    );
  }
}

function migrate(database: Database): void {
  if (database.pragma('user_version', { simple: true }) === MIGRATIONS.length) return;
  database
    .transaction(() => {
      // Another process may have migrated between the look and the lock.
      const from = database.pragma('user_version', { simple: true }) as number;
      for (const step of MIGRATIONS.slice(from)) database.exec(step);
      database.pragma(`application_id = ${APPLICATION_ID}`);
      database.pragma(`user_version = ${MIGRATIONS.length}`);
    })
    .immediate();
}

/** Does something that waits for another process's lock as it stands: nothing else is done meanwhile. */
export function waitingForLocks<Result>(database: Database, work: () => Result): Result {
  database.pragma(`busy_timeout = ${BUSY_MILLISECONDS}`);
  try {
    return work();
  } finally {
    database.pragma('busy_timeout = 0');
  }
}

/**
 * Opens a file of the simulator's, making or migrating it.
 *
 * @throws StoreError when it is not the simulator's, is of a newer version, or cannot be read or written
 */
export function openDatabase(file: string): Database {
  const Driver = loadDriver();
  let database: Database | undefined;
  try {
    database = new Driver(file, { timeout: BUSY_MILLISECONDS });
    // Before anything is written: the journal mode stands in the file too.
    checkOwner(database, file);
    checkVersion(database, file);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    migrate(database);
    // From here on the event loop waits, and answers others meanwhile.
    database.pragma('busy_timeout = 0');
    return database;
  } catch (cause) {
    database?.close();
    throw storeError(file, cause);
  }
}
