// Its functions, not its classes: half the weight in a front end's bundle.
import { getBasic } from 'temporal-polyfill/fns/Calendar';
import * as Duration from 'temporal-polyfill/fns/Duration';
import * as Instant from 'temporal-polyfill/fns/Instant';
import * as PlainDate from 'temporal-polyfill/fns/PlainDate';
import * as PlainDateTime from 'temporal-polyfill/fns/PlainDateTime';
import * as PlainTime from 'temporal-polyfill/fns/PlainTime';
import * as ZonedDateTime from 'temporal-polyfill/fns/ZonedDateTime';

/** The gateway's days are those of Paris. */
const PARIS = 'Europe/Paris';

/** Local time of the nightly remittance: an hour that exists once on every day of the year. Inferred. */
const REMITTANCE_TIME = PlainTime.create(3, 30);

interface Day {
  readonly start: number;
  readonly end: number;
  readonly date: string;
  /** As DATEQ begins: DDMMYYYY. */
  readonly dateq: string;
  /** The remittance of this day's small hours. */
  readonly remittance: number;
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
  };
}

let latest: Day | undefined;

// The last day asked for is kept: nearly every question of a run falls on it, and a time zone costs microseconds.
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

/** The day in Paris of an instant, DDMMYYYY as a DATEQ begins. Protocol sheet, section 2. */
export function questionDay(instant: number): string {
  return dayAt(instant).dateq;
}

/** A nightly remittance (télécollecte). */
export interface Remittance {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The Paris day it runs on, `YYYY-MM-DD`. */
  readonly date: string;
}

/**
 * The remittance that takes an operation to the bank: the first night after it, postponed by DIFFERE days.
 * Protocol sheet, section 3.
 *
 * @param instant when the operation was made, in milliseconds since the epoch
 * @param differe days to postpone
 */
export function remittanceOf(instant: number, differe = 0): Remittance {
  const today = dayAt(instant);
  const days = (instant < today.remittance ? 0 : 1) + differe;
  if (days === 0) return { at: today.remittance, date: today.date };
  const day = makeDay(PlainDate.addDays(PlainDate.fromString(today.date, getBasic), days));
  return { at: day.remittance, date: day.date };
}

/** Adds days of the Paris calendar to an instant: the same local time, whatever the daylight-saving changes between. */
export function addParisDays(instant: number, days: number): number {
  return ZonedDateTime.addDays(inParis(instant), days).epochMilliseconds;
}

/**
 * Adds an ISO 8601 duration on the Paris calendar (`P1D`, `P1M`, `PT90M`).
 *
 * @throws RangeError when the duration is not one
 */
export function addParisDuration(instant: number, duration: string): number {
  return ZonedDateTime.add(inParis(instant), Duration.fromString(duration)).epochMilliseconds;
}

/** An instant as Paris reads it, `2026-03-28T12:00:00+01:00`. */
export function parisTime(instant: number): string {
  return ZonedDateTime.toString(inParis(instant), { timeZoneName: 'never', smallestUnit: 'millisecond' });
}

/**
 * Reads a date or a time: with an offset as it says, without one as Paris local time, a date as its midnight.
 *
 * @returns milliseconds since the epoch
 * @throws RangeError when the text is neither
 */
export function readParisTime(text: string): number {
  if (/T[^[]*(?:Z|[+-]\d\d)/i.test(text)) return Instant.fromString(text).epochMilliseconds;
  if (text.includes('[')) return ZonedDateTime.fromString(text, getBasic).epochMilliseconds;
  return PlainDateTime.toZonedDateTime(PlainDateTime.fromString(text, getBasic), PARIS).epochMilliseconds;
}

/** Whether day, month and year make a date. */
export function isDate(year: number, month: number, day: number): boolean {
  // Below 100 the calendar of the language means the twentieth century.
  if (year < 100 || month < 1 || month > 12 || day < 1) return false;
  // Every month has them; what comes after them is asked of the calendar.
  return day <= 28 || new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}
