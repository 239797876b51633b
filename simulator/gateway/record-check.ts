import { type Expected, faultIn, type Path, type Shape } from '../store/shape.js';
import { damagedSnapshot } from './snapshot-error.js';

/** @throws SnapshotError when a value is not what it must be */
export function check(shape: Shape, value: unknown, path: Path): void {
  const fault = faultIn(shape, value, path);
  if (fault) throw damagedSnapshot(fault.path, fault.message);
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
