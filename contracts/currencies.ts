import currencies from 'currency-codes';

const BY_NUMBER = new Map(currencies.data.map((currency) => [currency.number, currency]));

/** Whether a DEVISE is the numeric code of an ISO 4217 currency (three digits). */
export function isCurrency(devise: string): boolean {
  return BY_NUMBER.has(devise);
}

/**
 * An amount for people to read: `12.34 EUR`, `500 JPY`.
 *
 * @param amount minor units
 * @param devise ISO 4217 numeric code; one the table does not know is shown as it is, with two decimals
 */
export function formatAmount(amount: number, devise: string): string {
  const currency = BY_NUMBER.get(devise);
  const digits = currency?.digits ?? 2;
  return `${(amount / 10 ** digits).toFixed(digits)} ${currency?.code ?? devise}`;
}
