import type { CaseResult, RunSummary } from '../runner.js';
import { firstFailure } from '../timeline.js';

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('#', '\\#');

function lines(result: CaseResult, index: number): string[] {
  const line = `${result.outcome === 'failed' ? 'not ok' : 'ok'} ${index + 1} - ${escaped(result.case.name)}`;
  if (result.outcome === 'skipped') return [`${line} # SKIP ${result.reason}`];
  const failure = firstFailure(result);
  if (!failure) return [line];
  return [
    line,
    '  ---',
    `  message: ${JSON.stringify(failure.message)}`,
    `  at: ${JSON.stringify(`${failure.file}:${failure.line}:${failure.column}`)}`,
    '  ...',
  ];
}

/** Formats a run in the Test Anything Protocol, version 14. */
export function tapReport({ results }: RunSummary): string {
  return `${['TAP version 14', `1..${results.length}`, ...results.flatMap(lines)].join('\n')}\n`;
}
