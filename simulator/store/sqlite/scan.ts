import { TimeSlice } from '../time-slice.js';

/** The result of examining some rows. */
export interface Examined<Item> {
  /** The items that are selected, highest key first. */
  readonly found: readonly Item[];
  /** The lowest key that was examined; undefined: there are no more rows. */
  readonly last: number | undefined;
}

/** Rows in the first slice of long work. */
export const FIRST_COUNT = 100;
/** The fewest and the most rows in one slice. */
const [LEAST, MOST] = [50, 5000];
/** The milliseconds that a slice should take at least and at most. After a shorter or a longer one, the next gets twice or half as many rows. */
const [SHORT, LONG] = [1, 4];

/** Returns how many rows the next slice gets, if the last one took this many milliseconds. */
export function nextCount(count: number, took: number): number {
  if (took < SHORT) return Math.min(MOST, count * 2);
  return took > LONG ? Math.max(LEAST, Math.ceil(count / 2)) : count;
}

/**
 * Examines the rows of a table in slices, highest key first, until enough are selected.
 *
 * @param before only rows with a lower key; undefined: all
 * @param limits the most items to select, and the most rows to examine
 * @param examine examines a number of rows below a key, and selects a number of them
 */
export async function scan<Item>(
  before: number | undefined,
  { limit, scanLimit = Number.POSITIVE_INFINITY }: { readonly limit: number; readonly scanLimit?: number | undefined },
  examine: (before: number | undefined, count: number, limit: number) => Examined<Item>,
): Promise<Item[]> {
  const selected: Item[] = [];
  const slice = new TimeSlice();
  let next: number | undefined = before;
  let count = FIRST_COUNT;
  let remaining = scanLimit;
  while (selected.length < limit && remaining > 0) {
    const began = performance.now();
    const { found, last } = examine(next, Math.min(count, remaining), limit - selected.length);
    selected.push(...found);
    if (last === undefined) break;
    next = last;
    remaining -= count;
    count = nextCount(count, performance.now() - began);
    if (slice.isOver) await slice.giveWay();
  }
  return selected;
}
