import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes of the heap that are in use once everything that may go has gone. */
export function heapInUse(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

/**
 * Whether measurements of the heap grow: the last third is compared with the middle one, the first being the warm-up.
 *
 * @throws Error when it does, by more than the allowance
 */
export function expectNoGrowth(measured: readonly number[], allowance = 8 * 1024 * 1024): string {
  const third = Math.floor(measured.length / 3);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [before, after] = [mean(measured.slice(third, 2 * third)), mean(measured.slice(2 * third))];
  const shown = `heap ${(before / 1e6).toFixed(1)} MB, then ${(after / 1e6).toFixed(1)} MB`;
  if (after - before > allowance) throw new Error(`The heap grows: ${shown}.`);
  return shown;
}
