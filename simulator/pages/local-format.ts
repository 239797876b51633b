import type { Language } from './language.js';

// en-GB writes the day before the month and uses a 24-hour clock.
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', fr: 'fr-FR' };

const PARIS = 'Europe/Paris';

/** Writes `1234.50 EUR` as the language does: `1,234.50 EUR`, `1 234,50 EUR`, with no-break spaces. */
export function localAmount(language: Language, amount: string): string {
  const [, number = '', decimals = '', currency = ''] = /^(\d+)(?:\.(\d+))? (\S+)$/.exec(amount) ?? [];
  if (number === '') return amount;
  const digits = { minimumFractionDigits: decimals.length, maximumFractionDigits: decimals.length };
  return `${new Intl.NumberFormat(LOCALES[language], digits).format(Number(`${number}.${decimals}`))}\u00a0${currency}`;
}

/** Writes an instant, in milliseconds since 1970, as the date and time in Paris. */
export function localTime(language: Language, instant: number): string {
  return new Intl.DateTimeFormat(LOCALES[language], { timeZone: PARIS, dateStyle: 'long', timeStyle: 'short' }).format(instant);
}

/** Writes an instant, in milliseconds since 1970, as the date in Paris. */
export function localDate(language: Language, instant: number): string {
  return new Intl.DateTimeFormat(LOCALES[language], { timeZone: PARIS, dateStyle: 'long' }).format(instant);
}

/** Writes a duration in minutes, or in seconds if it is less than two minutes. */
export function localDuration(language: Language, seconds: number): string {
  const [value, unit] = seconds < 120 ? [seconds, 'second'] : [Math.floor(seconds / 60), 'minute'];
  return new Intl.NumberFormat(LOCALES[language], { style: 'unit', unit, unitDisplay: 'long' }).format(value).replace(/\s/g, '\u00a0');
}
