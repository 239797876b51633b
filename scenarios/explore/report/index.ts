import { maskText } from '../../../contracts/index.js';
import { defineScenario } from '../../builder.js';
import type { LoadedScenario } from '../../parse.js';
import { makeReport } from '../../reports/index.js';
import type { CaseResult, RunSummary } from '../../runner.js';
import type { Exploration } from '../explore.js';
import type { Failure } from '../failures.js';
import { planKey } from '../perturbation.js';
import { explorationHtml } from './html.js';
import { brokenLaws, depthCounts, spaceTable } from './table.js';

/** Name of a report format of explorations. */
export type ExplorationReport = 'junit' | 'json' | 'html' | 'github';

const scenarioOf = (id: string, why: string, file: string): LoadedScenario => ({
  ...defineScenario({ id, why, tags: ['explored'] }).build(),
  file,
});

/** Returns an exploration as cases, for the reports of scenarios: a case for each law that held, and one for each failure. */
function asSummary(exploration: Exploration, files: ReadonlyMap<Failure, string>): RunSummary {
  const { flow, laws, reportedOnly, failures, milliseconds } = exploration;
  const broken = brokenLaws(exploration);
  const held = laws.filter(({ id }) => !broken.has(id) && !reportedOnly.has(id));
  const passed = held.map(
    ({ id, sentence }): CaseResult => ({
      case: { name: `${flow} ${id}`, scenario: scenarioOf(id, sentence, '(explored)'), row: {} },
      milliseconds: 0,
      outcome: 'passed',
      record: { steps: [] },
    }),
  );
  const failed = failures.map((failure): CaseResult => {
    const { law, place, problem, run } = failure;
    const sentence = laws.find(({ id }) => id === law)?.sentence ?? law;
    const path = ['steps', 0];
    return {
      case: { name: `${flow} ${law} at ${place}`, scenario: scenarioOf(law, sentence, files.get(failure) ?? '(explored)'), row: {} },
      milliseconds: run.milliseconds,
      outcome: 'failed',
      record: {
        steps: [
          {
            step: { run: planKey(run.plan) },
            path,
            program: { status: 0, stdout: run.timeline.join('\n'), stderr: '' },
            failures: [{ path, expected: sentence, received: problem }],
          },
        ],
      },
    };
  });
  return { results: [...failed, ...passed], passed: passed.length, failed: failed.length, skipped: 0, milliseconds };
}

function explorationJson(exploration: Exploration, files: ReadonlyMap<Failure, string>): string {
  const { flow, laws, failures, reported, milliseconds } = exploration;
  const shown = (failure: Failure) => ({
    law: failure.law,
    place: failure.place,
    problem: failure.problem,
    plan: planKey(failure.run.plan),
    plans: failure.plans.map(planKey),
    timeline: failure.run.timeline,
    ...(files.has(failure) && { file: files.get(failure) }),
  });
  const value = {
    flow,
    milliseconds: Math.round(milliseconds),
    depths: depthCounts(exploration),
    space: spaceTable(exploration),
    laws: laws.map(({ id, sentence, remedy }) => ({ id, sentence, remedy })),
    failures: failures.map(shown),
    reported: reported.map(shown),
  };
  return `${maskText(JSON.stringify(value, null, 2))}\n`;
}

/** Formats an exploration. */
export async function explorationReport(
  form: ExplorationReport,
  exploration: Exploration,
  files: ReadonlyMap<Failure, string> = new Map(),
): Promise<string> {
  if (form === 'html') return explorationHtml(exploration);
  return form === 'json' ? explorationJson(exploration, files) : makeReport(form, asSummary(exploration, files));
}
