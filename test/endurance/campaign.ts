import { test } from 'vitest';

/** Something that must hold however often it is tried. */
export interface Campaign {
  readonly name: string;
  /** What is counted, in the plural: `kills`. `KILLS=50` in the environment sets the count of a long run. */
  readonly unit: string;
  /** How many in `npm test`. */
  readonly short: number;
  /** How many in `npm run endurance`. */
  readonly long: number;
  /** Why it cannot be run here; empty or left out: it can. */
  readonly cannot?: string;
}

const isLong = process.env.ENDURANCE === 'long';
const seed = Number(process.env.SEED ?? 1);

const variableOf = (unit: string): string => unit.toUpperCase().replaceAll(/\W+/g, '_');

/**
 * Runs a campaign as one test: short in `npm test`, long in `npm run endurance`, where it prints a line of what it did.
 * The seed stands in the test's name, so that a failure can be repeated (`SEED=7 KILLS=5 npm run endurance -- kill`).
 *
 * @param run answers what it saw beside its count, in a few words
 */
export function campaign({ name, unit, short, long, cannot = '' }: Campaign, run: (count: number, seed: number) => Promise<string>): void {
  const count = isLong ? Number(process.env[variableOf(unit)] ?? long) : short;
  test.skipIf(cannot !== '')(`${name} (${count} ${unit}, seed ${seed})`, { timeout: isLong ? 7_200_000 : 60_000 }, async () => {
    const start = performance.now();
    const seen = await run(count, seed);
    if (!isLong) return;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${name}: ${count} ${unit}, seed ${seed}, ${seconds} s, passed${seen === '' ? '' : `: ${seen}`}`);
  });
}
