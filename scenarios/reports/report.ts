import type { RunSummary } from '../runner.js';

/** Turns a run into a document that people or programs read. */
export type Report = (summary: RunSummary) => string;

/** `12 passed, 1 failed, 3 skipped`. */
export function countLine({ passed, failed, skipped }: RunSummary): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
