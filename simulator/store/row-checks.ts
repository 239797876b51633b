import { isResponseCode } from '../../contracts/index.js';

/** Whether a value is one that the simulator writes into a column. */
export type ValueCheck = (value: unknown) => boolean;

export const isText: ValueCheck = (value) => typeof value === 'string';
export const isTextOrNull: ValueCheck = (value) => value === null || typeof value === 'string';

/** Databases do not store half of a surrogate pair. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Whether every store can hold a text. */
export const isStorable = (text: string): boolean => !LONE_SURROGATE.test(text);

/** A TYPE: five digits. */
export const isFiveDigits: ValueCheck = (value) => typeof value === 'string' && /^\d{5}$/.test(value);
export const isFiveDigitsOrNull: ValueCheck = (value) => value === null || isFiveDigits(value);

/** A CODEREPONSE: five digits or letters. */
export const isCode: ValueCheck = (value) => typeof value === 'string' && isResponseCode(value);
export const isCodeOrNull: ValueCheck = (value) => value === null || isCode(value);

/** An integer from 0 to `max`. */
export const isIntegerUpTo =
  (max: number): ValueCheck =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= max;

/** Milliseconds since the epoch, within the range of Date. */
export const isInstant: ValueCheck = (value) => Number.isSafeInteger(value) && Math.abs(value as number) <= 8.64e15;

/** A value that was read from the database and that the simulator cannot have written. */
class DamagedRowError extends Error {
  override readonly name = 'DamagedRowError';
  /** Begins like SQLite's code for a damaged file, so that it gets the same advice. */
  readonly code = 'SQLITE_CORRUPT_ROW';
}

/** Makes the error for a value that the simulator cannot have written. */
export const damagedRow = (table: string, column: string): Error =>
  new DamagedRowError(`a row of the table ${table} has an invalid value in the column ${column}`);

/**
 * Returns a function that checks the rows of a table and throws at the first value that is not valid. SQLite does not detect every changed
 * byte, and may then return values that do not even have the type of their column.
 */
export function rowCheck(table: string, columns: Readonly<Record<string, ValueCheck>>): (row: object) => void {
  const checks = Object.entries(columns);
  return (row) => {
    for (const [column, isValid] of checks) {
      if (!isValid((row as Record<string, unknown>)[column])) throw damagedRow(table, column);
    }
  };
}

/**
 * Parses a JSON array or object of a column.
 *
 * @throws Error when the text is anything else
 */
export function readJson<Parsed extends object>(table: string, column: string, text: string): Parsed {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw damagedRow(table, column);
  }
  if (typeof parsed !== 'object' || parsed === null) throw damagedRow(table, column);
  return parsed as Parsed;
}
