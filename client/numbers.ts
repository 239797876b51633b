import { MisuseError } from './errors/misuse-error.js';

declare const brand: unique symbol;

/** A transaction number. Cannot be passed where a call number belongs. */
export type NumTrans = string & { readonly [brand]: 'NUMTRANS' };
/** A call number. Cannot be passed where a transaction number belongs. */
export type NumAppel = string & { readonly [brand]: 'NUMAPPEL' };

/** The two numbers a reply gives a transaction, by which later operations name it. */
export interface TransactionNumbers {
  readonly numtrans: NumTrans;
  readonly numappel: NumAppel;
}

/** Whether a number is the zeros that stand for no transaction. Protocol sheet, section 1. */
export const isNoTransaction = (number: string): boolean => /^0+$/.test(number);

/** Whether a text is a number as the gateway gives them: one to ten digits. */
export const isNumber = (text: unknown): text is string => typeof text === 'string' && /^\d{1,10}$/.test(text);

function checked(name: string, text: string): string {
  if (!isNumber(text)) throw new MisuseError(`${name} is a string of one to ten digits, as a reply gave it.`);
  return text;
}

/**
 * A NUMTRANS that was kept, in a database for instance.
 *
 * @throws MisuseError where it is not one to ten digits
 */
export const numTrans = (text: string): NumTrans => checked('NUMTRANS', text) as NumTrans;

/**
 * A NUMAPPEL that was kept, in a database for instance.
 *
 * @throws MisuseError where it is not one to ten digits
 */
export const numAppel = (text: string): NumAppel => checked('NUMAPPEL', text) as NumAppel;

/**
 * The numbers of a reply.
 *
 * @returns undefined where one of them is missing or no number
 */
export function readNumbers(numtrans: string | undefined, numappel: string | undefined): TransactionNumbers | undefined {
  return isNumber(numtrans) && isNumber(numappel) ? { numtrans: numtrans as NumTrans, numappel: numappel as NumAppel } : undefined;
}
