import { currencyOf } from '../../contracts/index.js';
import { parisDay, parisTime } from '../engine/calendar.js';
import type { Language } from '../pages/language.js';

/** Formats amounts, times and counts for one language. */
export interface Formats {
  /** Formats minor units of an ISO 4217 numeric currency. */
  amount(minor: number, devise: string): string;
  count(value: number): string;
  /** Formats an instant as Paris time, without the date if it is on the same day as `now`, and without the year if it is the same. */
  time(instant: number, now: number): string;
  /** Formats an instant as Paris date and time. */
  dateTime(instant: number): string;
}

// en-GB writes the day before the month and uses a 24-hour clock.
const LOCALES: Record<Language, string> = { en: 'en-GB', fr: 'fr-FR' };

const PARIS = { timeZone: 'Europe/Paris' } as const;

const CLOCK_TIME = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;

function createFormats(locale: string): Formats {
  const currencies = new Map<string, Intl.NumberFormat>();
  const numbers = new Intl.NumberFormat(locale);
  const times = new Intl.DateTimeFormat(locale, { ...PARIS, timeStyle: 'medium' });
  const dayTimes = new Intl.DateTimeFormat(locale, { ...PARIS, day: 'numeric', month: 'short', ...CLOCK_TIME });
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
    time: (instant, now) => {
      const [day, today] = [parisDay(instant), parisDay(now)];
      if (day === today) return times.format(instant);
      return (day.slice(0, 4) === today.slice(0, 4) ? dayTimes : dateTimes).format(instant);
    },
    dateTime: (instant) => dateTimes.format(instant),
  };
}

const cache = new Map<Language, Formats>();

/** Returns the formats of a language. They are cached because Intl formats are slow to create. */
export function formatsOf(language: Language): Formats {
  const formats = cache.get(language) ?? createFormats(LOCALES[language]);
  cache.set(language, formats);
  return formats;
}

/** Formats an instant for the `datetime` attribute: ISO 8601, Paris time with its offset. */
export function machineTime(instant: number): string {
  return parisTime(instant);
}
