import { type Advice, databaseError, errorCode } from '../database-error.js';
import { StoreError } from '../store.js';
import { nodeSqliteCode } from './node-driver.js';

/** Longest message of SQLite that is shown: for a damaged schema it is a screenful. */
const MAX_MESSAGE_LENGTH = 120;

const DAMAGED = 'The file is damaged. Restore a backup, or use another file name.';

const READ_ONLY = 'The file is read-only. Check the permissions of the file and its folder.';
const DISK_FULL = 'The disk is full. Free some space and try again.';

const ADVICE: Advice = {
  SQLITE_NOTADB: 'The file is not a SQLite database. Use another file name.',
  SQLITE_CORRUPT: DAMAGED,
  // A missing table or column, or a duplicate row.
  SQLITE_ERROR: DAMAGED,
  SQLITE_CONSTRAINT: DAMAGED,
  SQLITE_CANTOPEN: 'The folder of the file does not exist or is not writable. Create it, or check its permissions.',
  SQLITE_READONLY: READ_ONLY,
  EACCES: READ_ONLY,
  EROFS: READ_ONLY,
  SQLITE_BUSY: 'Another program has locked the file. Stop that program, or use another file name.',
  SQLITE_FULL: DISK_FULL,
  ENOSPC: DISK_FULL,
  // Before the other SQLITE_IOERR. Only of the log: a process that uses it knows it longer than it is.
  SQLITE_IOERR_SHORT_READ:
    'Another process still uses the log of a file that was deleted or replaced here. Stop that process, or use another file name.',
  SQLITE_IOERR: 'The disk failed, or the file has reached its size limit. Check the disk, its quota and the limits of this user.',
};

const sqliteCode = (error: unknown): string => nodeSqliteCode(error) ?? errorCode(error);

/**
 * Makes the error that a user sees from an error of SQLite.
 *
 * @param file path of the database
 * @param mayBeWritten see {@link StoreError}
 */
export function sqliteError(file: string, cause: unknown, mayBeWritten = false): StoreError {
  if (cause instanceof StoreError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const text = message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH).replace(/\s+/g, ' ')}…` : message;
  // The driver itself checks that the folder exists, and throws an error without a code.
  const code = text.includes('directory does not exist') ? 'SQLITE_CANTOPEN' : sqliteCode(cause);
  return databaseError(file, { message: text, code, advice: ADVICE, cause, mayBeWritten });
}

/** Whether an error comes from SQLite, and not from the simulator. */
export const isSqliteError = (error: unknown): boolean => sqliteCode(error).startsWith('SQLITE_');

/** Whether another process holds the lock on the file. */
export const isBusy = (error: unknown): boolean => sqliteCode(error).startsWith('SQLITE_BUSY');

/**
 * Whether a COMMIT that failed with this error may have been written: all pages were in the log when something else failed. If a page could
 * not be written, the log ends before the transaction.
 */
export const mayBeCommitted = (error: unknown): boolean => /^SQLITE_IOERR(?!_WRITE$)/.test(sqliteCode(error));

/** Whether the whole file is affected, and not only the rows that one job reads or writes. */
export function isFileError(error: unknown): boolean {
  return /^SQLITE_(?!CONSTRAINT|MISMATCH|RANGE|TOOBIG|CORRUPT|ERROR)/.test(sqliteCode(error));
}

/** Whether SQLite may hold pages in memory that it read while they were damaged. */
export function mayCacheDamagedPages(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB|IOERR)/.test(sqliteCode(error));
}
