import { closeSync, existsSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { StoreError } from '../store.js';
import { CommitMark, deleteMark, lostCommits, readMark } from './commit-mark.js';
import { type Database, type Driver, loadDriver } from './driver.js';
import { isBusy, sqliteError } from './errors.js';
import { APPLICATION_ID, MIGRATIONS } from './schema.js';

/**
 * Pages in the write-ahead log before they are copied into the file: 32 MiB. A page that many payments change is then copied once, and not
 * after every few hundred payments.
 */
const CHECKPOINT_PAGES = 8000;

/** How long SQLite itself waits for the lock of another process. Milliseconds. It blocks the event loop. */
const BUSY_TIMEOUT = 2000;

const SELECT_COMMIT = "SELECT number FROM commits WHERE writer = ''";

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

/** The first version of the schema whose files have a mark while they are in use. */
const MARKED_VERSION = 5;

/**
 * Checks that a file and its log have all acknowledged commits. Reads only: closing a connection that could write would delete the log.
 *
 * @throws StoreError when commits are missing
 */
function checkComplete(Driver: Driver, file: string): void {
  const acknowledged = readMark(file);
  const database = new Driver(file, { readonly: true, timeout: BUSY_TIMEOUT });
  try {
    const version = database.pragma('user_version', { simple: true }) as number;
    if (version > MIGRATIONS.length) return;
    const hasCommits = version >= MARKED_VERSION && database.pragma('application_id', { simple: true }) === APPLICATION_ID;
    const hasLog = database.pragma('journal_mode', { simple: true }) === 'wal';
    const stored = hasCommits ? ((database.prepare(SELECT_COMMIT).pluck().get() as number | undefined) ?? 0) : 0;
    // A process makes the mark before the log: if it began both after the mark was read, the mark is there now.
    const isMissing = acknowledged === undefined && hasCommits && hasLog && readMark(file) === undefined;
    if (isMissing || (acknowledged ?? 0) > stored) throw lostCommits(file, stored, acknowledged);
  } finally {
    database.close();
  }
}

/** Offset of the byte that says whether a file has a log, and its value if it has none. */
const FORMAT_OFFSET = 18;
const WITHOUT_LOG = 1;

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

function readFormat(file: string): number | undefined {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(1);
    return readSync(descriptor, bytes, 0, 1, FORMAT_OFFSET) === 1 ? bytes[0] : undefined;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Checks that there is no log next to a file that was closed without one. SQLite would write its old pages into the file.
 *
 * @throws StoreError when there is one
 */
function checkLogBelongs(file: string): void {
  const log = `${file}-wal`;
  // Closing a file releases the locks that this process has on it: a file that it has open is not read.
  if (openFiles.includes(file) || sizeOf(log) === 0 || readFormat(file) !== WITHOUT_LOG || sizeOf(log) === 0) return;
  throw new StoreError(
    `Database ${file}: the log ${log} belongs to another file, perhaps to the one that ${file} replaced. Nothing was changed. Delete ${log} and ${file}-mark, or put the file of the log back.`,
  );
}

/**
 * Checks what is there of a file. A mark without a file is deleted: the user deleted the file to start anew. What is unreadable is left to
 * the connection that writes: it repairs an interrupted transaction, or says what is wrong.
 */
function checkExisting(Driver: Driver, file: string): void {
  if (!existsSync(file)) {
    deleteMark(file);
    return;
  }
  try {
    // A link: log and mark are next to the file itself.
    const path = realpathSync(file);
    checkLogBelongs(path);
    checkComplete(Driver, path);
  } catch (error) {
    if (error instanceof StoreError || isBusy(error)) throw error;
  }
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
  checkExisting(Driver, file);
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
    if (database.prepare(SELECT_COMMIT).get() === undefined) database.exec("INSERT OR IGNORE INTO commits VALUES ('', 0, 0)");
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

/**
 * Closes a database. If no other process uses the file, its log and its mark are removed, so that it is complete without them.
 */
export function closeSqliteDatabase({ path, database, mark }: OpenDatabase): void {
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
  database.close();
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
