import { currencyNumber } from '../contracts/index.js';
import { MisuseError } from './errors/misuse-error.js';

declare const money: unique symbol;

/** An amount with its currency. Made by {@link minorUnits} alone, so that no bare number is ever taken for one. */
export interface Money {
  /** Minor units of the currency: cents for EUR, yen for JPY. */
  readonly value: number;
  /** ISO 4217, three letters. */
  readonly currency: string;
  readonly [money]: true;
}

/** A number whose literal type has no decimals; a plain `number` passes, and is checked when the code runs. */
export type Whole<N extends number> = number extends N ? N : `${N}` extends `${bigint}` ? N : never;

/** The largest MONTANT of ten digits. Protocol sheet, section 2. */
const MONTANT_MAX = 9_999_999_999;

/**
 * Why a value is no amount.
 *
 * @returns undefined where it is one
 */
export function problemOfMoney(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return `use minorUnits(1234, 'EUR'), not a ${value === null ? 'null' : typeof value}`;
  const { value: amount, currency } = value as Partial<Money>;
  if (typeof amount !== 'number') return `minor units are a whole number, not a ${typeof amount}`;
  if (!Number.isInteger(amount)) return 'minor units are a whole number: 1234 for 12.34 EUR';
  if (amount < 0 || amount > MONTANT_MAX) return `minor units go from 0 to ${MONTANT_MAX}`;
  if (typeof currency !== 'string' || currencyNumber(currency) === undefined) return "the currency is three letters of ISO 4217, as 'EUR'";
  return undefined;
}

/**
 * An amount in minor units: `minorUnits(1234, 'EUR')` is 12.34 €, `minorUnits(500, 'JPY')` is 500 ¥.
 *
 * @param value whole number from 0 to 9 999 999 999; a literal with decimals does not compile
 * @param currency ISO 4217, three letters
 * @throws MisuseError where it is no such number, or no such currency
 */
export function minorUnits<N extends number>(value: N & Whole<N>, currency: string): Money {
  const made = Object.freeze({ value: value as number, currency }) as Money;
  const problem = problemOfMoney(made);
  if (problem !== undefined) throw new MisuseError(`minorUnits: ${problem}.`);
  return made;
}
