import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Returns the bytes of the heap that are in use after garbage collection. */
export function heapInUse(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/**
 * Checks that the heap does not grow: compares the last third of the measurements with the middle third. The first third is the warm-up.
 *
 * @param allowance bytes
 * @returns a summary
 * @throws Error when the heap grows by more than the allowance
 */
export function expectNoGrowth(measured: readonly number[], allowance = 8 * 1024 * 1024): string {
  const third = Math.floor(measured.length / 3);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [before, after] = [mean(measured.slice(third, 2 * third)), mean(measured.slice(2 * third))];
  const shown = `heap ${(before / 1e6).toFixed(1)} MB, then ${(after / 1e6).toFixed(1)} MB`;
  if (after - before > allowance) throw new Error(`The heap grows: ${shown}.`);
  return shown;
}
