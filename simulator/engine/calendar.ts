// The functions of the polyfill, not its classes: they are half the size in a browser bundle.
import { getBasic } from 'temporal-polyfill/fns/Calendar';
import * as Duration from 'temporal-polyfill/fns/Duration';
import * as Instant from 'temporal-polyfill/fns/Instant';
import * as PlainDate from 'temporal-polyfill/fns/PlainDate';
import * as PlainDateTime from 'temporal-polyfill/fns/PlainDateTime';
import * as PlainTime from 'temporal-polyfill/fns/PlainTime';
import * as ZonedDateTime from 'temporal-polyfill/fns/ZonedDateTime';

/** The time zone of the gateway. */
const PARIS = 'Europe/Paris';

/** Local time of the nightly remittance. Inferred. Changes to and from summer time neither skip nor repeat it. */
const REMITTANCE_TIME = PlainTime.create(3, 30);

/** A day in Paris. Instants in milliseconds since the epoch. */
interface Day {
  readonly start: number;
  readonly end: number;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** DDMMYYYY, the first eight digits of a DATEQ. */
  readonly dateq: string;
  /** The remittance of this day. */
  readonly remittance: number;
  /** The remittances of the days that follow, by how many days later they run, as far as they were asked for. */
  readonly later: Map<number, Remittance>;
}

const inParis = (instant: number): ZonedDateTime.Record =>
  Instant.toZonedDateTimeISO(Instant.fromEpochMilliseconds(Math.floor(instant)), PARIS);

function makeDay(date: PlainDate.Record): Day {
  const text = PlainDate.toString(date);
  return {
    start: PlainDate.toZonedDateTime(date, PARIS).epochMilliseconds,
    end: PlainDate.toZonedDateTime(PlainDate.addDays(date, 1), PARIS).epochMilliseconds,
    date: text,
    dateq: text.split('-').reverse().join(''),
    remittance: PlainDate.toZonedDateTime(date, { timeZone: PARIS, plainTime: REMITTANCE_TIME }).epochMilliseconds,
    later: new Map(),
  };
}

let latest: Day | undefined;

// Caches the last day, because consecutive questions are usually on the same day and time zone arithmetic takes microseconds.
function dayAt(instant: number): Day {
  if (latest && instant >= latest.start && instant < latest.end) return latest;
  latest = makeDay(ZonedDateTime.toPlainDate(inParis(instant)));
  return latest;
}

/**
 * The day in Paris of an instant, `YYYY-MM-DD`.
 *
 * @param instant milliseconds since the epoch
 */
export function parisDay(instant: number): string {
  return dayAt(instant).date;
}

/** The day in Paris of an instant, DDMMYYYY as in a DATEQ. See docs/protocol.md#section-2. */
export function questionDay(instant: number): string {
  return dayAt(instant).dateq;
}

/** A nightly remittance (télécollecte). */
export interface Remittance {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The day in Paris on which it runs, `YYYY-MM-DD`. */
  readonly date: string;
}

/**
 * The remittance that sends an operation to the bank: that of the night after the operation, postponed by DIFFERE days.
 * See docs/protocol.md#section-3.
 *
 * @param instant the time of the operation, in milliseconds since the epoch
 * @param differe days to postpone. Default: 0.
 */
export function remittanceOf(instant: number, differe = 0): Remittance {
  const today = dayAt(instant);
  const days = (instant < today.remittance ? 0 : 1) + differe;
  if (days === 0) return { at: today.remittance, date: today.date };
  const known = today.later.get(days);
  if (known) return known;
  const day = makeDay(PlainDate.addDays(PlainDate.fromString(today.date, getBasic), days));
  const remittance = { at: day.remittance, date: day.date };
  today.later.set(days, remittance);
  return remittance;
}

/** Adds days to an instant. The local time in Paris stays the same, also across a change to or from summer time. */
export function addParisDays(instant: number, days: number): number {
  return ZonedDateTime.addDays(inParis(instant), days).epochMilliseconds;
}

/** The next midnight in Paris after an instant. */
export function nextParisMidnight(instant: number): number {
  return addParisDays(readParisTime(parisDay(instant)), 1);
}

/**
 * Adds an ISO 8601 duration (`P1D`, `P1M`, `PT90M`) to an instant, in Paris local time.
 *
 * @throws RangeError if the text is not an ISO 8601 duration
 */
export function addParisDuration(instant: number, duration: string): number {
  return ZonedDateTime.add(inParis(instant), Duration.fromString(duration)).epochMilliseconds;
}

/** An instant in Paris local time, `2026-03-28T12:00:00.000+01:00`. */
export function parisTime(instant: number): string {
  return ZonedDateTime.toString(inParis(instant), { timeZoneName: 'never', smallestUnit: 'millisecond' });
}

/**
 * Parses an ISO 8601 date or time. A time without an offset is Paris local time, a date is midnight in Paris.
 *
 * @returns milliseconds since the epoch
 * @throws RangeError if the text is not an ISO 8601 date or time
 */
export function readParisTime(text: string): number {
  if (/T[^[]*(?:Z|[+-]\d\d)/i.test(text)) return Instant.fromString(text).epochMilliseconds;
  if (text.includes('[')) return ZonedDateTime.fromString(text, getBasic).epochMilliseconds;
  return PlainDateTime.toZonedDateTime(PlainDateTime.fromString(text, getBasic), PARIS).epochMilliseconds;
}

/** The year, the month (from 1) and the day of the month in Paris of an instant. */
export function parisParts(instant: number): { readonly year: number; readonly month: number; readonly day: number } {
  const [year = 0, month = 0, day = 0] = parisDay(instant).split('-').map(Number);
  return { year, month, day };
}

/** Whether the year, month and day are a date of the calendar. */
export function isDate(year: number, month: number, day: number): boolean {
  // Date.UTC maps the years 0 to 99 to 1900 to 1999.
  if (year < 100 || month < 1 || month > 12 || day < 1) return false;
  // Every month has 28 days. Only later days need Date.
  return day <= 28 || new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}
