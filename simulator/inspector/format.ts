import { currencyOf } from '../../contracts/index.js';
import { parisDay, parisTime } from '../engine/calendar.js';
import type { Language } from './language.js';

/** How amounts, times and counts are written in a language. */
export interface Formats {
  /** Minor units of an ISO 4217 numeric currency. */
  amount(minor: number, devise: string): string;
  count(value: number): string;
  /** An instant in Paris; its date only where it is not that of `now`. */
  time(instant: number, now: number): string;
  /** An instant in Paris, with its date. */
  dateTime(instant: number): string;
}

// With days before months, and a clock of 24 hours.
const LOCALES: Record<Language, string> = { en: 'en-GB', fr: 'fr-FR' };

const PARIS = { timeZone: 'Europe/Paris' } as const;

function makeFormats(locale: string): Formats {
  const currencies = new Map<string, Intl.NumberFormat>();
  const numbers = new Intl.NumberFormat(locale);
  const times = new Intl.DateTimeFormat(locale, { ...PARIS, timeStyle: 'medium' });
  const dateTimes = new Intl.DateTimeFormat(locale, { ...PARIS, dateStyle: 'medium', timeStyle: 'medium' });

  const currencyFormat = (code: string, digits: number): Intl.NumberFormat => {
    const options = { style: 'currency', currency: code, minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
    const format = currencies.get(code) ?? new Intl.NumberFormat(locale, options);
    currencies.set(code, format);
    return format;
  };

  return {
    amount: (minor, devise) => {
      const currency = currencyOf(devise);
      if (!currency) return `${numbers.format(minor)} (${devise})`;
      return currencyFormat(currency.code, currency.digits).format(minor / 10 ** currency.digits);
    },
    count: (value) => numbers.format(value),
    time: (instant, now) => (parisDay(instant) === parisDay(now) ? times : dateTimes).format(instant),
    dateTime: (instant) => dateTimes.format(instant),
  };
}

const made = new Map<Language, Formats>();

/** The formats of a language; made once, which takes a while. */
export function formatsOf(language: Language): Formats {
  const formats = made.get(language) ?? makeFormats(LOCALES[language]);
  made.set(language, formats);
  return formats;
}

/** An instant for the `datetime` of an element: as Paris writes it, with its offset. */
export function machineTime(instant: number): string {
  return parisTime(instant);
}
