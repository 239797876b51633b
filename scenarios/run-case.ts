import { isQuestion } from '../contracts/index.js';
import { CaseContext, type StepRecord } from './case-context.js';
import { DEFAULT_CLOCK } from './default-variables.js';
import { loadExpressions, scenarioLaws } from './explore/scenario-laws.js';
import { runStep } from './run-step.js';
import { type Scenario, startsPrograms } from './scenario.js';
import { stage } from './stage.js';
import type { Endpoint } from './target.js';

/** The steps of a case that ran, up to and including the first that failed. */
export interface CaseRecord {
  readonly steps: readonly StepRecord[];
  /** The TYPEs and variables of the questions that the gateway received, if the case started programs and the gateway has a control API. */
  readonly received?: readonly { readonly TYPE: string; readonly names: ReadonlySet<string> }[];
  /** Whether the gateway's hosted page was opened, if the case started programs and the gateway has a control API. */
  readonly hasCheckouts?: boolean;
}

/** Returns the steps of a case that ran, each followed by its concurrent steps. */
export const everyStepOf = ({ steps }: CaseRecord): readonly StepRecord[] => steps.flatMap((step) => [step, ...(step.parts ?? [])]);

/**
 * Runs a scenario with one row of its examples on its own gateway.
 *
 * @param values values of `${name}` in addition to the default ones
 * @param token makes references and subscribers unique to the case
 */
export async function runCase(
  scenario: Scenario,
  values: Readonly<Record<string, string>>,
  endpoint: Endpoint,
  token: string,
): Promise<CaseRecord> {
  const context = new CaseContext(endpoint, token, values);
  try {
    if (scenario.laws) await loadExpressions();
    context.laws = scenarioLaws(scenario.laws);
    return await runSteps(scenario, context);
  } finally {
    await context.close();
  }
}

async function runSteps(scenario: Scenario, context: CaseContext): Promise<CaseRecord> {
  const clock = startsPrograms(scenario) ? new Date().toISOString() : DEFAULT_CLOCK;
  const stagingFailure = await stage({ clock, ...scenario.given }, context);
  if (stagingFailure) return { steps: [stagingFailure] };
  const steps: StepRecord[] = [];
  for (const [index, step] of scenario.steps.entries()) {
    const record = await runStep(step, context, ['steps', index]);
    steps.push(record);
    if (record.failures.length > 0) break;
  }
  if (!startsPrograms(scenario) || !context.endpoint.control) return { steps };
  const requests = await context.requestsSince(0);
  return {
    steps,
    hasCheckouts: requests.some(({ operation }) => operation === 'checkout'),
    received: requests.filter(isQuestion).map(({ TYPE, request }) => ({ TYPE, names: new Set(request.map(([name]) => name)) })),
  };
}
