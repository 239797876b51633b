import junit from 'junit-report-builder';
import { sheetLink } from '../../contracts/protocol-sheet.js';
import type { CaseResult, RunSummary } from '../runner.js';
import { firstFailure, timeline } from '../timeline.js';

// The package's types declare a default export within the module, but Node imports that export itself.
const builder = junit as unknown as typeof junit.default;

// The package escapes only the first end of a CDATA section in a text.
const withoutCdataEnd = (text: string): string => text.replaceAll(']]>', ']] >');

const groupOf = ({ case: { scenario } }: CaseResult): string => scenario.tags[0] ?? 'scenarios';

/** Formats a run as JUnit XML: a suite for each first tag, a test case for each case. */
export function junitReport(summary: RunSummary): string {
  const report = builder.newBuilder().name('paybox-sim');
  const suites = new Map([...new Set(summary.results.map(groupOf))].map((group) => [group, report.testSuite().name(group)]));
  for (const result of summary.results) {
    const { name, scenario } = result.case;
    const group = groupOf(result);
    const test = suites
      .get(group)
      ?.testCase()
      .className(group)
      .name(name)
      .file(scenario.file)
      .time(Math.round(result.milliseconds) / 1000);
    if (result.outcome === 'skipped') test?.skipped().standardOutput(result.reason);
    if (result.outcome === 'failed') {
      const link = scenario.section === undefined ? '' : `${sheetLink(scenario.section)}\n`;
      test?.failure(firstFailure(result)?.message).stacktrace(withoutCdataEnd(link + timeline(scenario, result.record)));
    }
  }
  return report.build();
}
