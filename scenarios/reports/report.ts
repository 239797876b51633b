import type { RunSummary } from '../runner.js';

/** `12 passed, 1 failed, 3 skipped`. */
export function countLine({ passed, failed, skipped }: RunSummary): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
