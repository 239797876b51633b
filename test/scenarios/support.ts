import { onTestFinished } from 'vitest';
import type { StepRecord } from '../../scenarios/case-context.js';
import type { StepFailure } from '../../scenarios/expectations.js';
import { type CaseResult, type RunOptions, type RunSummary, runScenarios } from '../../scenarios/runner.js';
import { simulatorTarget } from '../../scenarios/target.js';
import { timeline } from '../../scenarios/timeline.js';
import { createSimulator } from '../../simulator/index.js';
import { inline } from './inline.js';

/** Runs a scenario with the usual head on a simulator that programs can reach. */
export async function runReachable(rest: string, options: Partial<RunOptions> = {}): Promise<RunSummary> {
  const simulator = createSimulator();
  onTestFinished(() => simulator.close());
  const target = simulatorTarget(await simulator.listen());
  return runScenarios([await inline(rest)], { target, ...options });
}

/** Returns the steps of the only case of a run. */
export function stepsOf({ results: [result] }: RunSummary): readonly StepRecord[] {
  if (!result || result.outcome === 'skipped') throw new Error(`The case did not run: ${result?.reason}`);
  return result.record.steps;
}

/** Returns the failures of the only case of a run. */
export const failuresOf = (summary: RunSummary): StepFailure[] => stepsOf(summary).flatMap(({ failures }) => failures);

/** Returns the timeline of the only case of a run. */
export function timelineOf(summary: RunSummary): string {
  const [result] = summary.results as [CaseResult];
  return timeline(result.case.scenario, { steps: stepsOf(summary) });
}

/** Returns a shell command as the YAML value of a `run` step. */
export const shell = (command: string): string => JSON.stringify(command);

/** Returns a JavaScript program as the YAML value of a `run` step. */
export const node = (code: string): string => JSON.stringify(`"${process.execPath}" -e '${code}'`);
