import { isCode, isFiveDigits, isInstant, isIntegerUpTo, isStorable, type ValueCheck } from '../store/row-checks.js';
import { isTime } from './clock-range.js';
import { damagedSnapshot } from './snapshot-error.js';

/** Where a value is in a snapshot: names and indexes from its root. */
export type Path = readonly (string | number)[];

/** What a value must be. */
export interface Expected {
  readonly isValid: ValueCheck;
  /** Completes the sentence "must be …". */
  readonly description: string;
}

const matching = (pattern: RegExp, description: string): Expected => ({
  isValid: (value) => typeof value === 'string' && pattern.test(value),
  description,
});

export const TEXT: Expected = {
  isValid: (value) => typeof value === 'string' && isStorable(value),
  description: 'a text without half of a surrogate pair',
};
export const CODE: Expected = { isValid: isCode, description: 'a response code: five digits or letters' };
export const SHA1: Expected = matching(/^[0-9A-F]{40}$/, 'a SHA-1: 40 digits and letters');
export const SHA1_OR_EMPTY: Expected = matching(/^([0-9A-F]{40})?$/, 'a SHA-1 (40 digits and letters) or empty');
export const TYPE: Expected = { isValid: isFiveDigits, description: 'five digits' };
export const NUMBER: Expected = matching(/^(?!0{10})\d{10}$/, 'ten digits, not all zeros');
export const QUESTION_NUMBER: Expected = matching(/^\d{1,10}$/, 'one to ten digits');
export const DAY: Expected = matching(/^\d{4}-\d{2}-\d{2}$/, 'a day (YYYY-MM-DD)');
export const TIME: Expected = { isValid: isTime, description: 'milliseconds since the epoch in the years 1 to 9999' };
export const ACCOUNT: Expected = matching(/^[^\n/]*\/[^\n/]*$/, 'an account, SITE/RANG');

/** An integer from 0 to `max`. */
export const integerUpTo = (max: number): Expected => ({ isValid: isIntegerUpTo(max), description: `an integer from 0 to ${max}` });

export const AMOUNT = integerUpTo(9_999_999_999);
/** Of what was made at the last instant of the clock, it is later than a TIME. */
export const EXPIRY: Expected = { isValid: isInstant, description: 'milliseconds since the epoch' };

/** One of these texts. */
export const oneOf = (values: readonly string[]): Expected => ({
  isValid: (value) => values.includes(value as string),
  description: `one of ${values.map((value) => value || '(empty)').join(', ')}`,
});

/** @throws SnapshotError when a value is not what it must be */
export function check({ isValid, description }: Expected, value: unknown, path: Path): void {
  if (!isValid(value)) throw damagedSnapshot(path, value === undefined ? 'is missing' : `must be ${description}`);
}

/**
 * Checks that a value is an array.
 *
 * @throws SnapshotError when it is not
 */
export function checkArray(value: unknown, path: Path): asserts value is readonly unknown[] {
  if (!Array.isArray(value)) throw damagedSnapshot(path, value === undefined ? 'is missing' : 'must be an array');
}

/** The properties of a record. */
export interface RecordShape {
  readonly required: Readonly<Record<string, Expected>>;
  /** Further properties, which the caller checks. */
  readonly optional?: readonly string[];
}

/**
 * Checks that a value is an object with these properties and no others.
 *
 * @throws SnapshotError at the first fault
 */
export function checkRecord(value: unknown, { required, optional = [] }: RecordShape, path: Path): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw damagedSnapshot(path, 'must be an object');
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(required, name) && !optional.includes(name)) throw damagedSnapshot([...path, name], 'unknown name');
  }
  const record = value as Readonly<Record<string, unknown>>;
  for (const [name, expected] of Object.entries(required)) {
    if (!expected.isValid(Object.hasOwn(record, name) ? record[name] : undefined)) check(expected, record[name], [...path, name]);
  }
}

/**
 * Checks that a value is an array of exactly these values.
 *
 * @throws SnapshotError at the first fault
 */
export function checkTuple(value: unknown, shape: readonly Expected[], path: Path): void {
  checkArray(value, path);
  if (value.length !== shape.length) throw damagedSnapshot(path, `must have ${shape.length} items`);
  for (const [index, expected] of shape.entries()) if (!expected.isValid(value[index])) check(expected, value[index], [...path, index]);
}
