import { canMeet, canTouch, isOfQuestion, KINDS, type Kind } from './kinds.js';
import { LAWS } from './laws.js';
import { forEachInOrder } from './parallel.js';
import { exclude, type Perturbation, type Plan, planKey } from './perturbation.js';
import type { RunResult } from './run-result.js';
import { shuffled } from './shuffle.js';

/** How far the search has come. */
export interface Progress {
  /** How many perturbations the runs have that are made now. */
  readonly depth: number;
  readonly done: number;
  /** How many runs of this depth are left. */
  readonly left: number;
  readonly failures: number;
}

/** Options of {@link search}. */
export interface SearchOptions {
  readonly kinds?: readonly Kind[];
  /** The most perturbations in one run. */
  readonly depth: number;
  readonly jobs: number;
  /** Chooses the order of the runs with several perturbations. */
  readonly seed: number;
  /** Whether the time is used up. The runs with one perturbation are made all the same. */
  readonly isOver: () => boolean;
  /** Ids of laws whose breach is only reported. */
  readonly reportedOnly?: ReadonlySet<string>;
  /** Whether to end with the first failure. Default: false. */
  readonly stopsAtFailure?: boolean;
  readonly onProgress?: (progress: Progress) => void;
}

/** What a search has found. */
export interface SearchResult {
  readonly results: readonly RunResult[];
  /** How many plans of each depth were not run, because the time was used up. */
  readonly left: readonly number[];
  /** How many runs behaved as an earlier one and were not continued. */
  readonly alike: number;
}

/** The laws whose breach is only reported. */
export const REPORTED_ONLY: ReadonlySet<string> = new Set(LAWS.filter(({ isReportedOnly }) => isReportedOnly).map(({ id }) => id));

/** Whether a run broke a law whose breach is a failure. */
export const isFailure = ({ breaches }: Pick<RunResult, 'breaches'>, reportedOnly = REPORTED_ONLY): boolean =>
  breaches.some(({ law }) => !reportedOnly.has(law));

const lastPlace = (plan: Plan): number => plan.at(-1)?.at ?? 0;

const mayFollow = (plan: Plan, next: Perturbation, kinds: readonly Kind[]): boolean => {
  if (plan.some((earlier) => exclude(earlier, next))) return false;
  const last = plan.at(-1);
  const place = (id: string): number => kinds.findIndex((kind) => kind.id === id);
  // Of two kinds that last the whole run, only one order is tried.
  return next.at > 0 || last === undefined || place(last.kind) < place(next.kind);
};

/** Returns the plans that add one perturbation to that of a run, at a later place. */
export function continuations({ plan, points }: Pick<RunResult, 'plan' | 'points'>, kinds: readonly Kind[] = KINDS): Plan[] {
  const from = lastPlace(plan);
  const types = new Set(points.map(({ TYPE }) => TYPE));
  const isKilled = plan.some(({ kind }) => kinds.find(({ id }) => id === kind)?.kills);
  const atQuestions = points.flatMap((point, index) => {
    const at = index + 1;
    if (at <= from || isKilled) return [];
    return kinds.filter((kind) => isOfQuestion(kind) && canMeet(kind, point)).map(({ id }) => ({ kind: id, at }));
  });
  const ofRun = from > 0 ? [] : kinds.filter((kind) => !isOfQuestion(kind) && canTouch(kind, types)).map(({ id }) => ({ kind: id, at: 0 }));
  return [...atQuestions, ...ofRun].filter((next) => mayFollow(plan, next, kinds)).map((next) => [...plan, next]);
}

/**
 * Runs a flow under every plan up to a depth: first without perturbations, then under each one, then under each pair, and so on. A run that
 * fails, or that behaves as an earlier one, is not continued.
 *
 * @param run runs the flow under a plan
 */
export async function search(run: (plan: Plan) => Promise<RunResult>, options: SearchOptions): Promise<SearchResult> {
  const { kinds = KINDS, depth, jobs, seed, isOver, reportedOnly = REPORTED_ONLY, stopsAtFailure = false, onProgress } = options;
  const results: RunResult[] = [];
  const left: number[] = [];
  const seen = new Set<string>();
  let failures = 0;
  let alike = 0;
  let plans: Plan[] = [[]];
  for (let level = 0; level <= depth && plans.length > 0; level++) {
    const isStopped = (): boolean => (stopsAtFailure && failures > 0) || (level > 1 && isOver());
    let done = 0;
    const total = plans.length;
    const made = await forEachInOrder(plans, jobs, isStopped, async (plan) => {
      const result = await run(plan);
      if (isFailure(result, reportedOnly)) failures++;
      onProgress?.({ depth: level, done: ++done, left: total - done, failures });
      return result;
    });
    left[level] = total - made.length;
    const next: Plan[] = [];
    for (const result of made) {
      results.push(result);
      if ((level > 0 && isFailure(result, reportedOnly)) || !result.happened) continue;
      if (seen.has(result.signature)) {
        alike++;
        continue;
      }
      seen.add(result.signature);
      next.push(...continuations(result, kinds));
    }
    plans = level === 0 ? next : shuffled(next, seed, planKey);
  }
  return { results, left, alike };
}
