import { isTime } from '../engine/clock-range.js';
import type { StoredCard } from '../engine/payment.js';
import { isCode, isFiveDigits, isInstant, isIntegerUpTo, isStorable, type ValueCheck } from './row-checks.js';

/** What a value must be. */
export interface Expected {
  readonly isValid: ValueCheck;
  /** Completes the sentence "must be …". */
  readonly description: string;
}

/** What a part of JSON must be: a value, an object or a list. */
export type Shape = Expected | ObjectShape | ListShape;

/** An object with these members and no others. */
export interface ObjectShape {
  readonly members: Readonly<Record<string, Shape>>;
  /** Members that may be left out. */
  readonly optional?: Readonly<Record<string, Shape>>;
}

/** A list of any length. */
interface ListShape {
  readonly items: Shape;
}

type OptionalNames<Record> = { [Name in keyof Record]-?: object extends Pick<Record, Name> ? Name : never }[keyof Record];

/** The shape of a record, with all its properties. */
export type ShapeOf<Item extends object> = {
  readonly members: { readonly [Name in Exclude<keyof Item, OptionalNames<Item>>]-?: Shape };
  readonly optional: { readonly [Name in OptionalNames<Item>]-?: Shape };
};

/** Where a value is: names and indexes. */
export type Path = readonly (string | number)[];

/** The first part of a value that is not as its shape says. */
interface ShapeFault {
  readonly path: Path;
  readonly message: string;
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
export const CODE_OR_EMPTY: Expected = {
  isValid: (value) => value === '' || isCode(value),
  description: 'a response code (five digits or letters) or empty',
};
export const SHA1: Expected = matching(/^[0-9A-F]{40}$/, 'a SHA-1: 40 digits and letters');
const SHA1_OR_EMPTY: Expected = matching(/^([0-9A-F]{40})?$/, 'a SHA-1 (40 digits and letters) or empty');
export const TYPE: Expected = { isValid: isFiveDigits, description: 'five digits' };
export const NUMBER: Expected = matching(/^(?!0{10})\d{10}$/, 'ten digits, not all zeros');
export const NUMBER_OR_EMPTY: Expected = matching(/^((?!0{10})\d{10})?$/, 'ten digits, not all zeros, or empty');
export const QUESTION_NUMBER: Expected = matching(/^\d{1,10}$/, 'one to ten digits');
export const CURRENCY: Expected = matching(/^\d{3}$/, 'three digits');
export const DATEVAL_OR_EMPTY: Expected = matching(/^(\d{4})?$/, 'four digits or empty');
export const DAY: Expected = matching(/^\d{4}-\d{2}-\d{2}$/, 'a day (YYYY-MM-DD)');
export const TIME: Expected = { isValid: isTime, description: 'milliseconds since the epoch in the years 1 to 9999' };
export const ACCOUNT: Expected = matching(/^[^\n/]*\/[^\n/]*$/, 'an account, SITE/RANG');
export const FLAG: Expected = { isValid: (value) => typeof value === 'boolean', description: 'true or false' };

/** A text of at most this length that is not empty. PostgreSQL cannot index texts of any length. */
export const textUpTo = (length: number): Expected => ({
  isValid: (value) => typeof value === 'string' && value !== '' && value.length <= length && isStorable(value),
  description: `a text of 1 to ${length} characters without half of a surrogate pair`,
});

/** An integer from `min`, 0 by default, to `max`. */
export const integerUpTo = (max: number, min = 0): Expected => ({
  isValid: (value) => isIntegerUpTo(max)(value) && (value as number) >= min,
  description: `an integer from ${min} to ${max}`,
});

export const AMOUNT = integerUpTo(9_999_999_999);
/** Of what was made at the last instant of the clock, it is later than a TIME. */
export const EXPIRY: Expected = { isValid: isInstant, description: 'milliseconds since the epoch' };

/** One of these values. */
export const oneOf = (values: readonly string[]): Expected => ({
  isValid: (value) => values.includes(value as string),
  description: `one of ${values.map((value) => value || '(empty)').join(', ')}`,
});

export const STORED_CARD: ShapeOf<StoredCard> = {
  members: { mask: TEXT, sha1: SHA1_OR_EMPTY, TYPECARTE: TEXT, PAYS: TEXT },
  optional: {},
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const NONE: ObjectShape['members'] = {};

function faultInObject({ members, optional = NONE }: ObjectShape, value: unknown, path: Path): ShapeFault | undefined {
  if (!isObject(value)) return { path, message: 'must be an object' };
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(members, name) && !Object.hasOwn(optional, name));
  if (unknown !== undefined) return { path: [...path, unknown], message: 'unknown name' };
  for (const [name, shape] of Object.entries(members)) {
    const fault = faultIn(shape, Object.hasOwn(value, name) ? value[name] : undefined, [...path, name]);
    if (fault) return fault;
  }
  for (const [name, shape] of Object.entries(optional)) {
    const fault = value[name] === undefined ? undefined : faultIn(shape, value[name], [...path, name]);
    if (fault) return fault;
  }
  return undefined;
}

function faultInList({ items }: ListShape, value: unknown, path: Path): ShapeFault | undefined {
  if (!Array.isArray(value)) return { path, message: value === undefined ? 'is missing' : 'must be an array' };
  for (const [index, item] of value.entries()) {
    const fault = faultIn(items, item, [...path, index]);
    if (fault) return fault;
  }
  return undefined;
}

/**
 * Finds the first part of a value that is not as its shape says; undefined: there is none.
 *
 * @param path where the value is
 */
export function faultIn(shape: Shape, value: unknown, path: Path = []): ShapeFault | undefined {
  if ('members' in shape) return faultInObject(shape, value, path);
  if ('items' in shape) return faultInList(shape, value, path);
  if (shape.isValid(value)) return undefined;
  return { path, message: value === undefined ? 'is missing' : `must be ${shape.description}` };
}
