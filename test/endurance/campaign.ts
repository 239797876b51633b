import { test } from 'vitest';

/** A test that repeats something many times. */
export interface Campaign {
  readonly name: string;
  /** What is counted, in the plural, such as `kills`. `KILLS=50` in the environment sets the count of a long run. */
  readonly unit: string;
  /** Count with `ENDURANCE=short`. */
  readonly short: number;
  /** Count otherwise. */
  readonly long: number;
  /** Why the campaign cannot run on this machine; empty or omitted if it can. */
  readonly skipReason?: string;
}

const isLong = process.env.ENDURANCE !== 'short';
const seed = Number(process.env.SEED ?? 1);

const variableOf = (unit: string): string => unit.toUpperCase().replaceAll(/\W+/g, '_');

/**
 * Runs a campaign as one test. A long run prints a line with its results.
 * The name of the test contains the seed, so that a failure can be repeated (`SEED=7 KILLS=5 npm run endurance -- kill`).
 *
 * @param run returns a short summary of its results, without the count
 */
export function campaign(
  { name, unit, short, long, skipReason = '' }: Campaign,
  run: (count: number, seed: number) => Promise<string>,
): void {
  const count = isLong ? Number(process.env[variableOf(unit)] ?? long) : short;
  test.skipIf(skipReason !== '')(`${name} (${count} ${unit}, seed ${seed})`, { timeout: isLong ? 7_200_000 : 120_000 }, async () => {
    const start = performance.now();
    const summary = await run(count, seed);
    if (!isLong) return;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${name}: ${count} ${unit}, seed ${seed}, ${seconds} s, passed${summary === '' ? '' : `: ${summary}`}`);
  });
}
