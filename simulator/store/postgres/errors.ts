import { type Advice, databaseError, errorCode } from '../database-error.js';
import { StoreError } from '../store.js';

const DAMAGED = 'The database is damaged. Restore a backup, or use another database.';
const NOT_REACHED = 'Check that the server runs and that host and port are right.';

/** By the beginning of an error code of Node or PostgreSQL (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const ADVICE: Advice = {
  ECONNREFUSED: NOT_REACHED,
  ECONNRESET: NOT_REACHED,
  ENOENT: NOT_REACHED,
  ETIMEDOUT: NOT_REACHED,
  EHOSTUNREACH: NOT_REACHED,
  ENETUNREACH: NOT_REACHED,
  ENOTFOUND: 'There is no host with this name. Check the URL.',
  EAI_AGAIN: 'The host name could not be resolved. Check the network and the URL.',
  SQLITE_CORRUPT: DAMAGED,
  '08': NOT_REACHED,
  '23': DAMAGED,
  '25006': 'The database is read-only; it may be a replica. Use the URL of the primary server.',
  '28': 'The server refuses the login. Check user and password (in the URL, PGPASSWORD or ~/.pgpass).',
  '3D000': 'Create the database first (createdb), or check its name.',
  '3F000': 'There is no schema in which the user can create tables. Use a database that belongs to the user.',
  '42501': 'The user lacks a permission. Use a database that belongs to the user.',
  '42P01': DAMAGED,
  '42703': DAMAGED,
  '53100': 'The disk of the server is full. Free some space and try again.',
  '53300': 'The server has no connection left. Raise max_connections, or end other programs.',
  '55P03': 'Another program has locked it. The server releases the lock of a program that has stopped; otherwise end that program.',
  '57': 'The server is starting or stopping. Try again in a moment.',
};

/** Codes of a connection that was not made or has ended. */
const LOST = /^(E[A-Z_]+|08...|57P0[123]|53300)$/;

/** Messages of the driver, without a code, for a connection that was not made or has ended. */
const LOST_MESSAGE =
  /^(Connection terminated|timeout expired|timeout exceeded|Query read timeout|Client has encountered a connection error|Client was closed)/;

/** Codes of a transaction that was rolled back because of a concurrent one: serialization failure, deadlock. */
const CONFLICT = /^(40001|40P01)$/;

/**
 * Codes of a statement that the server refused while it went on running. With the other codes (connection, resources, operator intervention,
 * system error) it may have stopped in the middle of a COMMIT.
 */
const REFUSED = /^(?!08|40003|53|57|58)\d[\dA-Z]{4}$/;

// If a host name has several addresses, the driver throws one error for each of them.
const firstError = (error: unknown): Error => {
  const first = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  return first instanceof Error ? first : new Error(String(first));
};

/** Whether the connection to the server was not made or has ended. */
export function isLost(error: unknown): boolean {
  const first = firstError(error);
  return LOST.test(errorCode(first)) || LOST_MESSAGE.test(first.message);
}

/** Whether a COMMIT that failed with this error was certainly not executed. */
export function isRefused(error: unknown): boolean {
  return REFUSED.test(errorCode(firstError(error)));
}

/** Whether the same work may succeed if it is tried again. */
export function isTemporary(error: unknown): boolean {
  return isLost(error) || CONFLICT.test(errorCode(firstError(error)));
}

/** Whether one job of a batch may be the cause, and not the server: invalid data, a violated constraint, or a damaged row. */
export function isJobError(error: unknown): boolean {
  return /^(2[23]...|SQLITE_CORRUPT_ROW)$/.test(errorCode(firstError(error)));
}

/**
 * Makes the error that a user sees from an error of the driver or the server.
 *
 * @param database the URL without its password
 * @param mayBeWritten see {@link StoreError}
 */
export function postgresError(database: string, cause: unknown, mayBeWritten = false): StoreError {
  if (cause instanceof StoreError && cause.mayBeWritten === mayBeWritten) return cause;
  const error = firstError(cause);
  const code = errorCode(error) || (isLost(error) ? 'ECONNRESET' : '');
  return databaseError(database, { message: error.message, code, advice: ADVICE, cause, mayBeWritten });
}
