/** Whether a value is what the simulator writes into a column. */
export type Holds = (value: unknown) => boolean;

export const text: Holds = (value) => typeof value === 'string';
export const textOrNothing: Holds = (value) => value === null || typeof value === 'string';

/** Five digits, as codes and operations are. */
export const fiveDigits: Holds = (value) => typeof value === 'string' && /^\d{5}$/.test(value);
export const fiveDigitsOrNothing: Holds = (value) => value === null || fiveDigits(value);

/** A whole number from zero to this one. */
export const upTo =
  (most: number): Holds =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;

/** Milliseconds since the epoch, as far as calendars reach. */
export const instant: Holds = (value) => Number.isSafeInteger(value) && Math.abs(value as number) <= 8.64e15;

/** A value that SQLite handed out and the simulator cannot have written. Carries the code of a damaged file. */
class DamagedRowError extends Error {
  override readonly name = 'DamagedRowError';
  readonly code = 'SQLITE_CORRUPT_ROW';
}

/** What is thrown at a value that cannot have been written. */
export const damagedRow = (table: string, column: string): Error =>
  new DamagedRowError(`a row of ${table} holds a ${column} that is never written`);

/**
 * Makes the check of a table's rows: SQLite does not notice every byte that changes, and what it hands out then may not even
 * be of its column's type.
 */
export function rowCheck(table: string, columns: Readonly<Record<string, Holds>>): (row: object) => void {
  const checks = Object.entries(columns);
  return (row) => {
    for (const [column, holds] of checks) {
      if (!holds((row as Record<string, unknown>)[column])) throw damagedRow(table, column);
    }
  };
}

/** A list or a record that was written as JSON. */
export function readJson<Read extends object>(table: string, column: string, written: string): Read {
  let read: unknown;
  try {
    read = JSON.parse(written);
  } catch {
    throw damagedRow(table, column);
  }
  if (typeof read !== 'object' || read === null) throw damagedRow(table, column);
  return read as Read;
}
