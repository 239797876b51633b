import { closeSync, existsSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { StoreError } from '../store.js';
import { READ_COUNT } from './commit-count.js';
import { deleteMark, logOf, lostCommits, markOf, readMark } from './commit-mark.js';
import { BUSY_TIMEOUT, type Driver } from './driver.js';
import { isBusy } from './errors.js';
import { APPLICATION_ID, COMMITS_VERSION, MIGRATIONS } from './schema.js';

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
    const hasCommits = version >= COMMITS_VERSION && database.pragma('application_id', { simple: true }) === APPLICATION_ID;
    const hasLog = database.pragma('journal_mode', { simple: true }) === 'wal';
    const stored = hasCommits ? ((database.prepare(READ_COUNT).pluck().get() as number | undefined) ?? 0) : 0;
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
 * Checks that there is no log next to a file that was closed without one: SQLite would write the pages of that log into the file.
 *
 * @throws StoreError when there is one
 */
function checkLogBelongs(file: string, openFiles: readonly string[]): void {
  const log = logOf(file);
  // Closing a file releases the locks that this process has on it: a file that it has open is not read. The second look at the log is for
  // another process that ends meanwhile: it deletes the log and then writes the format.
  if (openFiles.includes(file) || sizeOf(log) === 0 || readFormat(file) !== WITHOUT_LOG || sizeOf(log) === 0) return;
  throw new StoreError(
    `Database ${file}: the log ${log} belongs to another file, perhaps to the one that ${file} replaced. Nothing was changed. Delete ${log} and ${markOf(file)}, or put the file of the log back.`,
  );
}

/** @throws StoreError when there is a folder where SQLite or the simulator keeps a file next to a database */
function checkNoFolders(file: string): void {
  const folder = [markOf(file), logOf(file), `${file}-shm`].find((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory());
  if (folder === undefined) return;
  throw new StoreError(
    `Database ${file}: ${folder} is a folder, and the simulator needs a file there. Move or delete the folder, or use another file name.`,
  );
}

/**
 * Checks a file with its log and its mark before it is opened for writing. If the file does not exist, its mark is deleted: the user deleted
 * the file to start anew. A file that cannot be read passes: the connection that writes repairs an interrupted transaction, or says what is
 * wrong.
 *
 * @param openFiles the paths of the files that this process has open
 * @throws StoreError when commits are missing, the log belongs to another file, or a folder is in the way; the error of SQLite when another process has locked it
 */
export function checkExisting(Driver: Driver, file: string, openFiles: readonly string[]): void {
  if (!existsSync(file)) {
    checkNoFolders(file);
    deleteMark(file);
    return;
  }
  try {
    // The path may be a link: log and mark are next to the file itself.
    const path = realpathSync(file);
    checkNoFolders(path);
    checkLogBelongs(path, openFiles);
    checkComplete(Driver, path);
  } catch (error) {
    if (error instanceof StoreError || isBusy(error)) throw error;
  }
}
