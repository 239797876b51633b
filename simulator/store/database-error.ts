import { StoreError } from './store.js';

/** What a user can do about an error, by the beginning of its code. */
export type Advice = Readonly<Record<string, string>>;

/** Returns the `code` of an error of a driver or of the operating system; empty if it has none. */
export const errorCode = (error: unknown): string => (error as { code?: string }).code ?? '';

/**
 * Makes the error that a user sees: which database, what was wrong, and what to do.
 *
 * @param database human-readable location of the database
 */
export function databaseError(database: string, message: string, code: string, advice: Advice, cause: unknown): StoreError {
  const remedy = Object.entries(advice).find(([start]) => code.startsWith(start))?.[1];
  return new StoreError(`Database ${database}: ${message}.${remedy ? ` ${remedy}` : ''}`, { cause });
}
