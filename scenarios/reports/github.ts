import type { RunSummary } from '../runner.js';
import { firstFailure } from '../timeline.js';
import { countLine } from './pretty.js';

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** Formats a run as workflow commands of GitHub Actions: an annotation for each failed case, at the line of its first failure. */
export function githubReport(summary: RunSummary): string {
  const annotations = summary.results.flatMap((result) => {
    const failure = firstFailure(result);
    if (!failure) return [];
    const { file, line, column, message } = failure;
    return [`::error file=${property(file)},line=${line},col=${column},title=${property(result.case.name)}::${data(message)}`];
  });
  return `${[...annotations, countLine(summary)].join('\n')}\n`;
}
