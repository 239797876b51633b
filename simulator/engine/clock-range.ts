// The Paris day of both limits is in the years 1 to 9999, and so is the day of an operation at these instants.
const FIRST = Date.parse('0001-01-02T00:00:00Z');
const LAST = Date.parse('9999-12-30T00:00:00Z');

/** What times a gateway knows, as a message for the user. */
export const TIME_RANGE = 'Times are from 0001-01-02 to 9999-12-30';

/** Whether a value is an instant that a gateway's clock can show, in milliseconds since the epoch. */
export const isTime = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= FIRST && (value as number) <= LAST;

/** The nearest instant that a gateway's clock can show: a running clock stops at the last one. */
export const withinRange = (instant: number): number => Math.min(Math.max(instant, FIRST), LAST);
