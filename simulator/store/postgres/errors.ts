import { StoreError } from '../store.js';

const DAMAGED = 'It is damaged. Restore a copy of it, or give another database.';
const NOT_REACHED = 'Check that the server runs and that host and port are right.';

/** What a user can do about errors whose code begins so. */
const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: NOT_REACHED,
  ECONNRESET: NOT_REACHED,
  ENOENT: NOT_REACHED,
  ETIMEDOUT: NOT_REACHED,
  EHOSTUNREACH: NOT_REACHED,
  ENETUNREACH: NOT_REACHED,
  ENOTFOUND: 'There is no host of this name. Check the URL.',
  EAI_AGAIN: 'The host could not be looked up. Check the network and the URL.',
  SQLITE_CORRUPT: DAMAGED,
  '08': NOT_REACHED,
  '23': DAMAGED,
  '25006': 'It may not be written to: it is read-only, a replica perhaps. Give the URL of the primary.',
  '28': 'The server refuses the login. Check user and password (in the URL, PGPASSWORD or ~/.pgpass).',
  '3D000': 'Make the database first (createdb), or check its name.',
  '3F000': 'The user has no schema to put tables into. Give a database that belongs to the user.',
  '42501': 'The user may not do this there. Give a database that belongs to the user.',
  '42P01': DAMAGED,
  '42703': DAMAGED,
  '53100': "The server's disk is full. Free some space and try again.",
  '53300': 'The server has no connection left. Raise its max_connections or end other programs.',
  '55P03': 'Another program holds it locked. It is let go of by itself when that program was stopped, or end it.',
  '57': 'The server stops or starts. Try again in a moment.',
};

/** Codes of a connection that is not there, or not any more. */
const LOST = /^(E[A-Z_]+|08...|57P0[123]|53300)$/;

/** What the driver says without a code when a connection is not there any more. */
const LOST_TOLD =
  /^(Connection terminated|timeout expired|timeout exceeded|Query read timeout|Client has encountered a connection error|Client was closed)/;

/** Codes of work that met other work: nothing of it was kept, and it will do the next time. */
const MET_OTHERS = /^(40001|40P01)$/;

// A name that stands for several addresses fails once for each of them.
const innermost = (error: unknown): Error => {
  const one = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  return one instanceof Error ? one : new Error(String(one));
};

const codeOf = (error: Error): string => (error as { code?: string }).code ?? '';

/** Whether the server was not reached, or not any more. */
export function isLost(error: unknown): boolean {
  const one = innermost(error);
  return LOST.test(codeOf(one)) || LOST_TOLD.test(one.message);
}

/** Whether work that failed so may be tried again. */
export function isPassing(error: unknown): boolean {
  return isLost(error) || MET_OTHERS.test(codeOf(innermost(error)));
}

/** Whether one piece of work may be at fault, and not the server. */
export function isOfWork(error: unknown): boolean {
  return /^(2[23]...|SQLITE_CORRUPT_ROW)$/.test(codeOf(innermost(error)));
}

/**
 * An error as a user can act on it.
 *
 * @param database as it is shown, without its password
 */
export function storeError(database: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const error = innermost(cause);
  const code = codeOf(error) || (isLost(error) ? 'ECONNRESET' : '');
  const advice = Object.entries(ADVICE).find(([known]) => code.startsWith(known))?.[1];
  return new StoreError(`Database ${database}: ${error.message}.${advice ? ` ${advice}` : ''}`, { cause });
}
