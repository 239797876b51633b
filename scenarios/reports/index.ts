import { maskText } from '../../contracts/index.js';
import type { CaseResult, RunSummary } from '../runner.js';
import { prettyReport as printableReport } from './pretty.js';

// Loaded on demand: a run that prints to a terminal needs none of their libraries.
const REPORTS = {
  junit: async () => (await import('./junit.js')).junitReport,
  json: async () => (await import('./json.js')).jsonReport,
  tap: async () => (await import('./tap.js')).tapReport,
  html: async () => (await import('./html.js')).htmlReport,
  github: async () => (await import('./github.js')).githubReport,
} as const;

/** The report formats, without the one for terminals. */
export const REPORT_NAMES = Object.keys(REPORTS) as ReportName[];

/** Name of a report format. */
export type ReportName = keyof typeof REPORTS;

// The texts of a scenario are the author's. The values of its steps are masked where they are shown.
function maskTexts(result: CaseResult): CaseResult {
  const { name, scenario, row } = result.case;
  const { id, why } = scenario;
  return { ...result, case: { name: maskText(name), scenario: { ...scenario, id: maskText(id), why: maskText(why) }, row } };
}

const masked = (summary: RunSummary): RunSummary => ({ ...summary, results: summary.results.map(maskTexts) });

/** Formats a run, masked. */
export async function makeReport(name: ReportName, summary: RunSummary): Promise<string> {
  return (await REPORTS[name]())(masked(summary));
}

/** Formats a run for a terminal, masked: the timelines of failed cases, the reasons for skipped ones, and the counts. */
export const prettyReport = (summary: RunSummary): string => printableReport(masked(summary));
