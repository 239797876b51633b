import { StoreError } from './store.js';

/** What a user can do about an error, by the beginning of its code. */
export type Advice = Readonly<Record<string, string>>;

/** Returns the `code` of an error of a driver or of the operating system; empty if it has none. */
export const errorCode = (error: unknown): string => (error as { code?: string }).code ?? '';

/** What went wrong in a database. */
export interface DatabaseFailure {
  readonly message: string;
  readonly code: string;
  readonly advice: Advice;
  readonly cause: unknown;
  /** See {@link StoreError}. Default: false. */
  readonly mayBeWritten?: boolean | undefined;
}

const MAY_BE_WRITTEN = ' It is not known whether the last transaction was written.';

/**
 * Makes the error that a user sees: which database, what was wrong, and what to do.
 *
 * @param database human-readable location of the database
 */
export function databaseError(database: string, { message, code, advice, cause, mayBeWritten = false }: DatabaseFailure): StoreError {
  const remedy = Object.entries(advice).find(([start]) => code.startsWith(start))?.[1];
  const text = `Database ${database}: ${message}.${mayBeWritten ? MAY_BE_WRITTEN : ''}${remedy ? ` ${remedy}` : ''}`;
  return new StoreError(text, { cause, mayBeWritten });
}
