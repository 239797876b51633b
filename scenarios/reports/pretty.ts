import pc from 'picocolors';
import { sheetLink } from '../../contracts/protocol-sheet.js';
import type { CaseResult, RunSummary } from '../runner.js';
import { timeline } from '../timeline.js';

/** Returns the counts of a run: `12 passed, 1 failed, 3 skipped`. */
export function countLine({ passed, failed, skipped }: RunSummary): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function failureText(result: CaseResult): string {
  if (result.outcome !== 'failed') return '';
  const { scenario, name } = result.case;
  const { section, weight } = scenario;
  const basis = [section && sheetLink(section), weight && `[${weight}]`].filter(Boolean).join(' ');
  return [
    pc.red(pc.bold(`✗ ${name}`)),
    `  ${scenario.why}${basis === '' ? '' : ` ${pc.dim(basis)}`}`,
    timeline(scenario, result.record),
    ...(result.hint === undefined ? [] : [`      ${result.hint}`]),
    '',
  ].join('\n');
}

function skipLines(results: readonly CaseResult[]): string[] {
  const counts = new Map<string, number>();
  for (const result of results) if (result.outcome === 'skipped') counts.set(result.reason, (counts.get(result.reason) ?? 0) + 1);
  return Array.from(counts, ([reason, count]) => pc.dim(`${count} skipped: ${reason}`));
}

/** Formats a run for a terminal: the timelines of failed cases, the reasons for skipped ones, and the counts. */
export function prettyReport(summary: RunSummary): string {
  const failures = summary.results.map(failureText).filter((text) => text !== '');
  const count = countLine(summary);
  const shown = summary.failed > 0 ? pc.red(count) : pc.green(count);
  return [...failures, ...skipLines(summary.results), `${shown} ${pc.dim(`in ${(summary.milliseconds / 1000).toFixed(1)} s`)}`].join('\n');
}
