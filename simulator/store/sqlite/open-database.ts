import { StoreError } from '../store.js';
import { checkExisting } from './check-existing.js';
import { BEGIN_COUNT, READ_COUNT } from './commit-count.js';
import { CommitMark } from './commit-mark.js';
import { BUSY_TIMEOUT, type Database, type Driver, loadDriver } from './driver.js';
import { isBusy, sqliteError } from './errors.js';
import { APPLICATION_ID, MIGRATIONS } from './schema.js';

/**
 * Pages in the write-ahead log before they are copied into the file: 32 MiB. A page that many payments change is then copied once, and not
 * after every few hundred payments.
 */
const CHECKPOINT_PAGES = 8000;

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

/** The absolute path, also if the process changes its folder later. */
function pathOf(database: Database): string {
  const [{ file }] = database.pragma('database_list') as [{ readonly file: string }];
  return file;
}

/** The paths of the files that this process has open, each as often as it is open. */
const openFiles: string[] = [];

/** A database file in use. */
export interface OpenDatabase {
  readonly path: string;
  readonly database: Database;
  readonly mark: CommitMark;
}

function open(Driver: Driver, file: string): OpenDatabase {
  checkExisting(Driver, file, openFiles);
  const database = new Driver(file, { timeout: BUSY_TIMEOUT });
  let mark: CommitMark | undefined;
  try {
    // Before the first write: setting the journal mode changes the file.
    checkOwner(database, file);
    checkVersion(database, file);
    const path = pathOf(database);
    mark = new CommitMark(path);
    database.pragma('synchronous = NORMAL');
    // Before there is a log: without its log, a new file is empty, and not a file without tables.
    migrate(database);
    database.pragma('journal_mode = WAL');
    database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    // Opens the log, and reads the schema: a checkpoint that has to read it itself fails.
    if (database.prepare(READ_COUNT).get() === undefined) database.exec(BEGIN_COUNT);
    mark.begin();
    database.pragma('wal_checkpoint(PASSIVE)');
    // From now on the storage retries on a timer, so that a lock does not block the event loop.
    database.pragma('busy_timeout = 0');
    openFiles.push(path);
    return { path, database, mark };
  } catch (cause) {
    database.close();
    mark?.close();
    throw cause;
  }
}

const sleep = (milliseconds: number): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

/**
 * Opens a database file of the simulator. Creates it if it does not exist, and migrates it to the current schema.
 *
 * @throws StoreError when the file belongs to another program, has a newer schema, has lost commits, or cannot be read or written
 */
export function openSqliteDatabase(file: string): OpenDatabase {
  const Driver = loadDriver();
  const until = performance.now() + BUSY_TIMEOUT;
  for (;;) {
    try {
      return open(Driver, file);
    } catch (cause) {
      // SQLite does not wait for another process that opens or closes the file and changes its journal mode at the same time.
      if (!isBusy(cause) || performance.now() > until) throw sqliteError(file, cause);
      sleep(5);
    }
  }
}

function removeLog({ database, mark }: OpenDatabase): void {
  try {
    // Fails if another connection uses the file.
    database.pragma('journal_mode = DELETE');
    // Another process may have begun a new log before the lock.
    const finish = (): void => {
      if (database.pragma('journal_mode', { simple: true }) === 'delete') mark.delete();
    };
    database.transaction(finish).exclusive();
  } catch {
    // The log and the mark stay: the next simulator reads them.
  }
}

/** Closes a database as if another process used it too: SQLite then leaves the log alone. */
function closeAsShared({ path, database }: OpenDatabase): void {
  const Driver = loadDriver();
  const holder = new Driver(path, { readonly: true });
  try {
    // Locks the file; whether the log can be read does not matter.
    holder.pragma('schema_version');
  } catch {}
  database.close();
  holder.close();
}

/**
 * Closes a database. If no other process uses the file, its log and its mark are removed, so that it is complete without them. If the file or
 * its log was replaced, what is at its path now stays as it is.
 */
export function closeSqliteDatabase(file: OpenDatabase): void {
  const { path, database, mark } = file;
  if (mark.hasFiles) removeLog(file);
  // If the database itself was moved, SQLite leaves the log at its path alone.
  if (mark.hasOtherLog) closeAsShared(file);
  else database.close();
  mark.close();
  openFiles.splice(openFiles.indexOf(path), 1);
}

/** Kibibytes of pages that a reader caches: it reads each page once. */
const READER_CACHE = 2000;

/**
 * Opens a second connection to the file of another one, in a transaction that sees the file as it is now. The writer does not wait for it.
 * The caller closes it.
 */
export function openReader(database: Database): Database {
  const Driver = loadDriver();
  const reader = new Driver(database.name, { readonly: true, timeout: BUSY_TIMEOUT });
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
