import { currencyNumber } from '../contracts/index.js';
import { MisuseError } from './errors/client-error.js';

declare const money: unique symbol;

/** An amount with its currency. Only {@link minorUnits} makes one, so a plain number is never taken for an amount. */
export interface Money {
  /** Minor units of the currency: cents for EUR, yen for JPY. */
  readonly value: number;
  /** ISO 4217, three letters. */
  readonly currency: string;
  readonly [money]: true;
}

/** Accepts literals without decimals. Accepts any plain `number` too: it is checked at run time. */
export type WholeNumber<N extends number> = number extends N ? N : `${N}` extends `${bigint}` ? N : never;

/** The largest MONTANT of ten digits. See docs/protocol.md#section-2. */
const MONTANT_MAX = 9_999_999_999;

/** Returns what is wrong with an amount, or undefined if it is valid. */
export function moneyProblem(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return `use minorUnits(1234, 'EUR'), not a ${value === null ? 'null' : typeof value}`;
  const { value: amount, currency } = value as Partial<Money>;
  if (typeof amount !== 'number') return `minor units must be an integer, not a ${typeof amount}`;
  if (!Number.isInteger(amount)) return 'minor units must be an integer: 1234 for 12.34 EUR';
  if (amount < 0 || amount > MONTANT_MAX) return `minor units must be from 0 to ${MONTANT_MAX}`;
  if (typeof currency !== 'string' || currencyNumber(currency) === undefined)
    return "the currency must be three letters of ISO 4217, such as 'EUR'";
  return undefined;
}

/**
 * Makes an amount.
 *
 * @param value integer from 0 to 9 999 999 999, in minor units of the currency; a literal with decimals does not compile
 * @param currency ISO 4217, three letters
 * @throws MisuseError if the value or the currency is not valid
 * @example
 * minorUnits(1234, 'EUR'); // 12.34 €
 * minorUnits(500, 'JPY'); // 500 ¥
 */
export function minorUnits<N extends number>(value: N & WholeNumber<N>, currency: string): Money {
  const amount = Object.freeze({ value: value as number, currency }) as Money;
  const problem = moneyProblem(amount);
  if (problem !== undefined) throw new MisuseError(`minorUnits: ${problem}.`);
  return amount;
}
