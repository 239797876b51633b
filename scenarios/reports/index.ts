import type { RunSummary } from '../runner.js';

export { prettyReport } from './pretty.js';

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

/** Formats a run. */
export async function makeReport(name: ReportName, summary: RunSummary): Promise<string> {
  return (await REPORTS[name]())(summary);
}
