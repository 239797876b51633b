import { CaseContext, type StepRecord } from './case-context.js';
import { makeStep } from './make-step.js';
import { startsPrograms } from './parts-of.js';
import type { Scenario } from './scenario.js';
import { stage } from './stage.js';
import type { Endpoint } from './target.js';
import { USUAL_CLOCK } from './usual-variables.js';

/** What a case came to: its steps up to the first that failed. */
export interface CaseRecord {
  readonly steps: readonly StepRecord[];
}

/**
 * Runs a scenario with one row of its examples, on a gateway of its own.
 *
 * @param values what `${name}` stands for beside the usual values
 * @param token makes references and subscribers the case's own
 */
export async function runCase(
  scenario: Scenario,
  values: Readonly<Record<string, string>>,
  endpoint: Endpoint,
  token: string,
): Promise<CaseRecord> {
  const context = new CaseContext(endpoint, token, values);
  const clock = startsPrograms(scenario) ? new Date().toISOString() : USUAL_CLOCK;
  const unstaged = await stage({ clock, ...scenario.given }, context);
  if (unstaged) return { steps: [unstaged] };
  const steps: StepRecord[] = [];
  for (const [index, step] of scenario.steps.entries()) {
    const record = await makeStep(step, context, ['steps', index]);
    steps.push(record);
    if (record.failures.length > 0) break;
  }
  return { steps };
}
