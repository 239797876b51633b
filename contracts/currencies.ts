import { CURRENCY_TABLE } from './currency-table.js';

/** ISO 4217 numbers that no one can pay with: bond market units, precious metals, the code for tests, no currency. */
const NOT_MONEY: ReadonlySet<string> = new Set(['955', '956', '957', '958', '959', '960', '961', '962', '963', '964', '965', '994', '999']);

const CURRENCIES = Array.from(CURRENCY_TABLE.matchAll(/(\d{3})([A-Z]{3})(\d)/g), ([, number = '', code = '', digits]) => ({
  number,
  code,
  digits: Number(digits),
}));
const BY_NUMBER = new Map(CURRENCIES.map((currency) => [currency.number, currency]));
const NUMBER_BY_CODE: ReadonlyMap<string, string> = new Map(CURRENCIES.map(({ code, number }) => [code, number]));

/** Whether a DEVISE is the numeric code (three digits) of an ISO 4217 currency that can be paid with. */
export function isCurrency(devise: string): boolean {
  return BY_NUMBER.has(devise) && !NOT_MONEY.has(devise);
}

/**
 * The DEVISE of a currency code: `978` for `EUR`.
 *
 * @returns undefined if ISO 4217 has no such code
 */
export function currencyNumber(code: string): string | undefined {
  return NUMBER_BY_CODE.get(code);
}

/** A currency of ISO 4217. */
export interface Currency {
  /** Three letters: `EUR`. */
  readonly code: string;
  /** Number of decimals: 2 for EUR, 0 for JPY. */
  readonly digits: number;
}

/** The currency of a DEVISE, or undefined if ISO 4217 has none. */
export function currencyOf(devise: string): Currency | undefined {
  const currency = BY_NUMBER.get(devise);
  return currency && { code: currency.code, digits: currency.digits };
}

/**
 * A human-readable amount: `12.34 EUR`, `500 JPY`.
 *
 * @param amount in minor units
 * @param devise ISO 4217 numeric code. An unknown one is shown unchanged, and the amount with two decimals.
 */
export function formatAmount(amount: number, devise: string): string {
  const currency = currencyOf(devise);
  const digits = currency?.digits ?? 2;
  return `${(amount / 10 ** digits).toFixed(digits)} ${currency?.code ?? devise}`;
}
