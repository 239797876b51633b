import { TimeSlice } from '../time-slice.js';

/** Numbers that are sorted or merged before the time is checked. */
const CHUNK = 2048;

/** Merges two sorted runs, `from` up to `middle` and from there up to `end`, and gives way to other work meanwhile. */
async function merge(source: Float64Array, target: Float64Array, [from, middle, end]: readonly [number, number, number], slice: TimeSlice) {
  let [left, right] = [from, middle];
  for (let i = from; i < end; i++) {
    if (i % CHUNK === 0 && slice.isOver) await slice.giveWay();
    const takesLeft = left < middle && (right >= end || (source[left] as number) <= (source[right] as number));
    target[i] = source[takesLeft ? left++ : right++] as number;
  }
}

/** Returns numbers, of which there may be a million, in ascending order, and gives way to other work meanwhile. */
export async function sortNumbers(numbers: Iterable<number>): Promise<Iterable<number>> {
  const slice = new TimeSlice();
  const all: number[] = [];
  let isSorted = true;
  for (const number of numbers) {
    if (all.length % CHUNK === 0 && slice.isOver) await slice.giveWay();
    if (number < (all.at(-1) ?? 0)) isSorted = false;
    all.push(number);
  }
  // The usual case: clients count.
  if (isSorted) return all;
  let [source, target] = [new Float64Array(all.length), new Float64Array(all.length)];
  for (let from = 0; from < all.length; from += CHUNK) {
    if (slice.isOver) await slice.giveWay();
    source.set(
      all.slice(from, from + CHUNK).sort((a, b) => a - b),
      from,
    );
  }
  for (let width = CHUNK; width < all.length; width *= 2) {
    for (let from = 0; from < all.length; from += 2 * width) {
      const bounds = [from, Math.min(from + width, all.length), Math.min(from + 2 * width, all.length)] as const;
      await merge(source, target, bounds, slice);
    }
    [source, target] = [target, source];
  }
  return source;
}
