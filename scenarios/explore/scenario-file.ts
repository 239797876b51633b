import { stringify } from 'yaml';
import { type Given, isOnlyExpectation, type LawsExpectation, type Scenario, type Step, withoutExpectations } from '../scenario.js';
import type { Order, RanStep } from './attempt.js';
import { describePlan, type Failure } from './failures.js';
import { LAWS } from './laws.js';
import { type Conditions, conditionsOf } from './perturbation.js';
import { REFUSED } from './sandbox.js';

/** What a scenario file of a failure is made from. */
export interface Reproduced {
  readonly scenario: Pick<Scenario, 'id' | 'given' | 'steps' | 'needs' | 'examples' | 'laws'>;
  readonly order: Order;
  /** Seconds that a client waits for a reply. */
  readonly timeout: number;
  /** What the shop runs when the faults are gone, if it is not the steps again. */
  readonly recover?: readonly Step[];
  /** Rules of findings of severity error that do not count. */
  readonly usual: readonly string[];
}

function environmentOf(down: readonly string[], timeout: number): Record<string, string> {
  return {
    PAYBOX_TIMEOUT: String(timeout),
    ...(down.includes('main') && { PAYBOX_URL: REFUSED }),
    ...(down.includes('backup') && { PAYBOX_BACKUP_URL: REFUSED }),
  };
}

function stepOf(step: Step | undefined, ran: RanStep, environment: Record<string, string>): Step[] {
  if (step === undefined) return [];
  if (!('run' in step)) return [withoutExpectations(step)];
  const { expect: _, env, ...rest } = step;
  return [{ ...rest, env: { ...environment, ...env }, ...(ran.kill !== undefined && { kill: ran.kill }) }];
}

function givenOf(given: Given, { run }: Failure): Given {
  const { rules: placed, variants, settings, switchAt = [] } = conditionsOf(run.plan);
  const rules = turnsOf(switchAt, placed);
  const all = [...rules, ...(given.rules ?? [])];
  const both = { ...given.variants, ...variants };
  const account = { ...given.account, ...settings };
  return {
    ...given,
    ...(Object.keys(account).length > 0 && { account }),
    ...(all.length > 0 && { rules: all }),
    ...(Object.keys(both).length > 0 && { variants: both }),
  };
}

/** The rules that let two workers take turns: the reply of one is held until the other has asked what it asks before it is held in turn. */
function turnsOf(switchAt: readonly number[], rules: Conditions['rules']): Conditions['rules'] {
  return rules.map((rule) => {
    const next = switchAt[switchAt.indexOf(rule.from as number) + 1];
    return switchAt.includes(rule.from as number) && next !== undefined ? { ...rule, fault: { hold: next - (rule.from as number) } } : rule;
  });
}

/** Two workers at once: the second starts when the first is held. */
function together(step: Step | undefined, environment: Record<string, string>, after: number): Step[] {
  const [one] = stepOf(step, { index: 0 }, environment);
  return one && 'run' in one ? [{ together: [one, { ...one, as: 'other', after }] }] : [];
}

/**
 * Whether a failure can be written as a scenario: a host that cannot be reached only where all steps are programs, and of two workers only one
 * attempt of a flow with one program.
 */
export function isReproducible({ run: { plan, hasSecond } }: Failure, { steps }: Pick<Scenario, 'steps'>, workers: number): boolean {
  const { down } = conditionsOf(plan);
  if (down.length > 0 && !steps.every((step) => 'run' in step || isOnlyExpectation(step))) return false;
  const isInTurns = (conditionsOf(plan).switchAt ?? []).length > 0;
  return workers === 1 || (!hasSecond && isInTurns && steps.length === 1 && plan.every(({ at }) => at > 0));
}

/** Returns a name of a failure, for its file. */
export const failureId = (flow: string, { law, place }: Pick<Failure, 'law' | 'place'>): string =>
  `${flow}-${law}-${place}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

function lawsOf(law: string, { order, usual }: Reproduced): LawsExpectation {
  return {
    amount: order.amount,
    ...(order.refund !== undefined && { refund: order.refund }),
    ...(LAWS.find(({ id }) => id === law)?.isReportedOnly && { strict: true }),
    ...(usual.length > 0 && { usual }),
  };
}

/** The steps that ran, with a check of the laws after each attempt. */
function stepsOf({ run, law }: Failure, reproduced: Reproduced): Step[] {
  const { scenario, timeout, recover } = reproduced;
  const [first = [], second = []] = run.ran ?? [];
  const { down, later, switchAt: [firstSwitch] = [] } = conditionsOf(run.plan);
  const laws = lawsOf(law, reproduced);
  const again = recover ?? scenario.steps;
  const isAgain = second.length > 0;
  return [
    ...(firstSwitch === undefined
      ? first.flatMap((ran) => stepOf(scenario.steps[ran.index], ran, environmentOf(down, timeout)))
      : together(scenario.steps[0], environmentOf(down, timeout), firstSwitch)),
    ...(later === undefined ? [] : [{ advance: later }]),
    { expect: { laws: isAgain && scenario.laws ? { ...laws, again: true } : laws } },
    ...(isAgain ? [...second.flatMap((ran) => stepOf(again[ran.index], ran, environmentOf([], timeout))), { expect: { laws } }] : []),
  ];
}

/**
 * Returns a scenario file that repeats the run of a failure: its faults as rules, the steps that ran, and the laws as expectations. It fails as
 * long as the program breaks the law.
 */
export function scenarioFile(failure: Failure, reproduced: Reproduced): string {
  const { run, law, problem } = failure;
  const { scenario } = reproduced;
  const given = givenOf(scenario.given, failure);
  const value = {
    id: failureId(scenario.id, failure),
    why: [...LAWS, ...(scenario.laws ?? [])].find(({ id }) => id === law)?.sentence ?? law,
    tags: ['explored'],
    ...(scenario.needs.length > 0 && { needs: scenario.needs }),
    ...(scenario.laws && { laws: scenario.laws }),
    ...(Object.keys(given).length > 0 && { given }),
    ...(Object.keys(scenario.examples[0] ?? {}).length > 0 && { examples: [scenario.examples[0]] }),
    steps: stepsOf(failure, reproduced),
  };
  const comment = [`Found by exploring: ${describePlan(run.plan, run)}.`, problem];
  return `${comment.map((line) => `# ${line.replaceAll('\n', ' ')}`).join('\n')}\n${stringify(value, { lineWidth: 0 })}`;
}
