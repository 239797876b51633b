import { MisuseError } from './errors/client-error.js';

declare const brand: unique symbol;

/** A transaction number. The type does not accept a {@link NumAppel} or a plain string; {@link numTrans} makes one. */
export type NumTrans = string & { readonly [brand]: 'NUMTRANS' };
/** A call number. The type does not accept a {@link NumTrans} or a plain string; {@link numAppel} makes one. */
export type NumAppel = string & { readonly [brand]: 'NUMAPPEL' };

/** The two numbers a reply gives a transaction. Later operations on the payment name it by them. */
export interface TransactionNumbers {
  readonly numtrans: NumTrans;
  readonly numappel: NumAppel;
}

/** Whether a number is all zeros, which means no transaction. See docs/protocol.md#section-1. */
export const isZeroNumber = (number: string): boolean => /^0+$/.test(number);

/** Whether a value is a number in the gateway's format: a string of one to ten digits. */
export const isNumber = (value: unknown): value is string => typeof value === 'string' && /^\d{1,10}$/.test(value);

/** Whether a value is an ID3D: a string of one to twenty digits. See docs/protocol.md#section-7. */
export const isId3d = (value: unknown): value is string => typeof value === 'string' && /^\d{1,20}$/.test(value);

function checked(name: string, text: string): string {
  if (!isNumber(text)) throw new MisuseError(`${name} must be a string of one to ten digits, as in the reply.`);
  return text;
}

/**
 * Makes a {@link NumTrans} from a stored string.
 *
 * @throws MisuseError if it is not one to ten digits
 * @example
 * const transaction = { numtrans: numTrans(row.numtrans), numappel: numAppel(row.numappel) };
 */
export const numTrans = (text: string): NumTrans => checked('NUMTRANS', text) as NumTrans;

/**
 * Makes a {@link NumAppel} from a stored string.
 *
 * @throws MisuseError if it is not one to ten digits
 */
export const numAppel = (text: string): NumAppel => checked('NUMAPPEL', text) as NumAppel;

/** Returns the two numbers of a reply, or undefined if one of them is missing or not a number. */
export function readNumbers(numtrans: string | undefined, numappel: string | undefined): TransactionNumbers | undefined {
  return isNumber(numtrans) && isNumber(numappel) ? { numtrans: numtrans as NumTrans, numappel: numappel as NumAppel } : undefined;
}
