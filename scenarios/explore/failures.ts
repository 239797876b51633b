import { kindBy, kindPlace } from './kinds.js';
import type { Breach } from './laws.js';
import { type Perturbation, type Plan, planKey, withoutOne } from './perturbation.js';
import type { RunResult } from './run-result.js';

/** Runs that broke one law at one place. */
export interface Failure {
  /** Id of the law. */
  readonly law: string;
  /** The operation at which the last perturbation happened, or `the run`. */
  readonly place: string;
  /** The shortest run of them. */
  readonly run: RunResult;
  readonly problem: string;
  /** The plans of all of them. */
  readonly plans: readonly Plan[];
}

/** Returns the operation of the question that a perturbation happened to, or `the run`. */
function placeOf({ at }: Perturbation, { points }: Pick<RunResult, 'points'>): string {
  const point = points[at - 1];
  return at === 0 || !point ? 'the run' : point.operation || point.TYPE;
}

const kindPlaces = (plan: Plan): number => plan.reduce((sum, { kind }) => sum + kindPlace(kind), 0);

const places = (plan: Plan): number => plan.reduce((sum, { at }) => sum + at, 0);

/** Compares plans: fewer perturbations, then earlier ones, then those that come first in the table of kinds. */
export function comparePlans(one: Plan, other: Plan): number {
  return (
    one.length - other.length ||
    places(one) - places(other) ||
    kindPlaces(one) - kindPlaces(other) ||
    planKey(one).localeCompare(planKey(other))
  );
}

const breachOf = (run: RunResult, law: string): Breach | undefined => run.breaches.find((breach) => breach.law === law);

const placeOfLast = (run: RunResult): string => {
  const last = run.plan.at(-1);
  return last === undefined ? 'the run' : placeOf(last, run);
};

/** Returns the failure that a run shows. */
export const failureOf = (run: RunResult, law: string, plans: readonly Plan[]): Failure => ({
  law,
  place: placeOfLast(run),
  run,
  problem: breachOf(run, law)?.problem ?? '',
  plans,
});

/** Groups the runs by the first law that they broke and its place. The shortest run stands for its group. */
export function groupFailures(results: readonly RunResult[], isCounted: (law: string) => boolean): Failure[] {
  const groups = new Map<string, { law: string; runs: RunResult[] }>();
  for (const run of results) {
    // A double charge is also a wrong statement, and has a finding: it is reported once.
    const law = run.breaches.find((breach) => isCounted(breach.law))?.law;
    if (law === undefined) continue;
    const key = `${law} ${placeOfLast(run)}`;
    const group = groups.get(key) ?? { law, runs: [] };
    groups.set(key, group);
    group.runs.push(run);
  }
  return [...groups.values()].map(({ law, runs }) => {
    const sorted = runs.sort((a, b) => comparePlans(a.plan, b.plan)) as [RunResult, ...RunResult[]];
    return failureOf(
      sorted[0],
      law,
      sorted.map(({ plan }) => plan),
    );
  });
}

/**
 * Leaves out of a run's plan what is not needed to break the law.
 *
 * @param run runs the flow under a plan
 */
export async function shrink(result: RunResult, law: string, run: (plan: Plan) => Promise<RunResult>): Promise<RunResult> {
  for (const plan of withoutOne(result.plan)) {
    const shorter = await run(plan);
    if (breachOf(shorter, law)) return shrink(shorter, law, run);
  }
  return result;
}

/** Returns what happens in a plan, as sentences. */
export function describePlan(plan: Plan, run: Pick<RunResult, 'points'>): string {
  if (plan.length === 0) return 'nothing happens';
  return plan
    .map((perturbation) => {
      const { happens } = kindBy(perturbation.kind);
      return perturbation.at === 0 ? happens : `${happens} (question ${perturbation.at}, ${placeOf(perturbation, run)})`;
    })
    .join('; then ');
}
