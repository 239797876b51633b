import currencies from 'currency-codes';

const BY_NUMBER = new Map(currencies.data.map((currency) => [currency.number, currency]));
const NUMBER_BY_CODE: ReadonlyMap<string, string> = new Map(currencies.data.map(({ code, number }) => [code, number]));

/** Whether a DEVISE is the numeric code of an ISO 4217 currency (three digits). */
export function isCurrency(devise: string): boolean {
  return BY_NUMBER.has(devise);
}

/**
 * The DEVISE of a currency's three letters: `978` for `EUR`.
 *
 * @returns undefined where ISO 4217 knows no such letters
 */
export function currencyNumber(code: string): string | undefined {
  return NUMBER_BY_CODE.get(code);
}

/** A currency as ISO 4217 has it. */
export interface Currency {
  /** Three letters. */
  readonly code: string;
  /** How many digits of an amount in minor units stand behind the point. */
  readonly digits: number;
}

/** The currency of a DEVISE; undefined where ISO 4217 does not know it. */
export function currencyOf(devise: string): Currency | undefined {
  const currency = BY_NUMBER.get(devise);
  return currency && { code: currency.code, digits: currency.digits };
}

/**
 * An amount for people to read: `12.34 EUR`, `500 JPY`.
 *
 * @param amount minor units
 * @param devise ISO 4217 numeric code; one the table does not know is shown as it is, with two decimals
 */
export function formatAmount(amount: number, devise: string): string {
  const currency = currencyOf(devise);
  const digits = currency?.digits ?? 2;
  return `${(amount / 10 ** digits).toFixed(digits)} ${currency?.code ?? devise}`;
}
