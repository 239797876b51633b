import { forEachInOrder } from '../parallel.js';
import { canMeet, canTouch, isOfQuestion, KINDS, type Kind, kindBy, kindPlace } from './kinds.js';
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
  /** Ids of laws whose breach is only reported. Default: none. */
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

/** Whether a run broke a law whose breach is a failure. */
export const isFailure = ({ breaches }: Pick<RunResult, 'breaches'>, reportedOnly: ReadonlySet<string>): boolean =>
  breaches.some(({ law }) => !reportedOnly.has(law));

const NOTHING: ReadonlySet<string> = new Set();

const lastPlace = (plan: Plan): number => plan.at(-1)?.at ?? 0;

const mayFollow = (plan: Plan, next: Perturbation): boolean => {
  if (plan.some((earlier) => exclude(earlier, next))) return false;
  const last = plan.at(-1);
  // Of two kinds that last the whole run, only one order is tried.
  return next.at > 0 || last === undefined || kindPlace(last.kind) < kindPlace(next.kind);
};

/** Returns the plans that add one perturbation to that of a run, at a later place. */
export function continuations(
  { plan, points, steps = [] }: Pick<RunResult, 'plan' | 'points' | 'steps'>,
  kinds: readonly Kind[] = KINDS,
): Plan[] {
  const from = lastPlace(plan);
  const types = new Set(points.map(({ TYPE }) => TYPE));
  const isKilled = plan.some(({ kind }) => kindBy(kind).kills);
  const atQuestions = points.flatMap((point, index) => {
    const at = index + 1;
    if (at <= from || isKilled) return [];
    return kinds.filter((kind) => isOfQuestion(kind) && canMeet(kind, point)).map(({ id }) => ({ kind: id, at }));
  });
  const ofRun =
    from > 0 ? [] : kinds.filter((kind) => !isOfQuestion(kind) && canTouch(kind, types, steps)).map(({ id }) => ({ kind: id, at: 0 }));
  return [...atQuestions, ...ofRun].filter((next) => mayFollow(plan, next)).map((next) => [...plan, next]);
}

// What lasts the whole run does not move the questions: without it, the rest of the plan is the same.
const isExplained = (plan: Plan, failing: ReadonlySet<string>): boolean =>
  plan.some(({ at }, index) => at === 0 && failing.has(planKey(plan.filter((_, other) => other !== index))));

// What happens to questions comes first: a host or a variant beside it rarely changes what is found.
function inOrder(plans: readonly Plan[], seed: number): Plan[] {
  const isOfQuestions = (plan: Plan): boolean => plan.every(({ at }) => at > 0);
  const mixed = shuffled(plans, seed, planKey);
  return [...mixed.filter(isOfQuestions), ...mixed.filter((plan) => !isOfQuestions(plan))];
}

/** Decides which runs are continued: not those that fail or behave as an earlier one. */
class Frontier {
  readonly #kinds: readonly Kind[];
  readonly #isFailure: (result: RunResult) => boolean;
  readonly #seen = new Set<string>();
  readonly #failing = new Set<string>();
  /** How many runs behaved as an earlier one. */
  alike = 0;

  constructor(kinds: readonly Kind[], isFailing: (result: RunResult) => boolean) {
    this.#kinds = kinds;
    this.#isFailure = isFailing;
  }

  /** Returns the plans that continue the runs of one depth. */
  after(results: readonly RunResult[]): Plan[] {
    const next = results.filter((result) => this.#isContinued(result)).flatMap((result) => continuations(result, this.#kinds));
    return next.filter((plan) => !isExplained(plan, this.#failing));
  }

  #isContinued(result: RunResult): boolean {
    const { plan, signature, happened } = result;
    if (plan.length > 0 && this.#isFailure(result)) {
      this.#failing.add(planKey(plan));
      return false;
    }
    if (!happened) return false;
    if (this.#seen.has(signature)) {
      this.alike++;
      return false;
    }
    this.#seen.add(signature);
    return true;
  }
}

/**
 * Runs a flow under every plan up to a depth: first without perturbations, then under each one, then under each pair, and so on. A run that
 * fails, or that behaves as an earlier one, is not continued.
 *
 * @param run runs the flow under a plan
 */
export async function search(run: (plan: Plan) => Promise<RunResult>, options: SearchOptions): Promise<SearchResult> {
  const { kinds = KINDS, depth, jobs, seed, isOver, reportedOnly = NOTHING, stopsAtFailure = false, onProgress } = options;
  const frontier = new Frontier(kinds, (result) => isFailure(result, reportedOnly));
  const results: RunResult[] = [];
  const left: number[] = [];
  let failures = 0;
  let plans: Plan[] = [[]];
  for (let level = 0; level <= depth && plans.length > 0; level++) {
    const isStopped = (): boolean => (stopsAtFailure && failures > 0) || (level > 1 && isOver());
    const total = plans.length;
    let done = 0;
    const runPlan = async (plan: Plan): Promise<RunResult> => {
      const result = await run(plan);
      failures += isFailure(result, reportedOnly) ? 1 : 0;
      onProgress?.({ depth: level, done: ++done, left: total - done, failures });
      return result;
    };
    const made = await forEachInOrder(plans, jobs, runPlan, isStopped);
    left[level] = total - made.length;
    results.push(...made);
    const next = frontier.after(made);
    plans = level === 0 ? next : inOrder(next, seed);
  }
  return { results, left, alike: frontier.alike };
}
