import { forEachInOrder } from '../parallel.js';
import { baselineProblem, execute } from './execute.js';
import { type Failure, failureOf, groupFailures, shrink } from './failures.js';
import type { Flow } from './flow.js';
import { KINDS, type Kind } from './kinds.js';
import { LAWS, type Law, reportedOnlyOf } from './laws.js';
import { type Plan, planKey } from './perturbation.js';
import type { RunResult } from './run-result.js';
import type { SandboxSource } from './sandbox.js';
import { isFailure, type Progress, search } from './search.js';

/** Options of {@link explore}. */
export interface ExploreOptions {
  readonly flow: Flow;
  readonly sandboxes: SandboxSource;
  /** The most perturbations in one run. Default: 2. */
  readonly depth?: number;
  /** Time for the runs with several perturbations, in milliseconds. Those with one are always made. Default: 60 000. */
  readonly budget?: number;
  /** Number of runs at a time. Default: 2. */
  readonly jobs?: number;
  /** Chooses the order of the runs with several perturbations. Default: 1. */
  readonly seed?: number;
  /** What can happen. Default: all of {@link KINDS}. */
  readonly kinds?: readonly Kind[];
  /** Whether what is left authorized is a failure. Default: false, it is only reported. */
  readonly strict?: boolean;
  /** Whether to end with the first failure. Default: false. */
  readonly stopsAtFailure?: boolean;
  /** Results of an earlier exploration of the same flow: these plans are not run again. */
  readonly known?: ReadonlyMap<string, RunResult>;
  /** Called with each result that is not known. */
  readonly onResult?: (result: RunResult) => void;
  readonly onProgress?: (progress: Progress) => void;
}

/** What an exploration has found. */
export interface Exploration {
  readonly flow: string;
  readonly laws: readonly Law[];
  /** Ids of the laws whose breach is not a failure. */
  readonly reportedOnly: ReadonlySet<string>;
  readonly results: readonly RunResult[];
  /** Laws that were broken, by law and place. */
  readonly failures: readonly Failure[];
  /** Breaches of laws that are only reported. */
  readonly reported: readonly Failure[];
  /** How many plans of each depth were not run, because the time was used up. */
  readonly left: readonly number[];
  /** How many runs behaved as an earlier one and were not continued. */
  readonly alike: number;
  readonly milliseconds: number;
}

/** The flow does not succeed without any fault. */
export class BaselineError extends Error {
  override readonly name = 'BaselineError';
}

const DEFAULT_BUDGET = 60_000;

/**
 * Runs a flow under everything that can happen to it, and checks the laws after every run.
 *
 * @throws BaselineError when the flow does not succeed without any fault
 */
export async function explore(options: ExploreOptions): Promise<Exploration> {
  const { flow, sandboxes, depth = 2, budget = DEFAULT_BUDGET, jobs = 2, seed = 1, strict = false, known } = options;
  const start = performance.now();
  const kinds = (options.kinds ?? KINDS).filter(
    ({ kills, switches }) => (!kills || flow.canBeKilled) && (!switches || (flow.workers ?? 1) > 1),
  );
  const laws = [...LAWS, ...(flow.laws ?? [])];
  const reportedOnly = reportedOnlyOf(strict ? [] : laws);
  const baseline = await execute(flow, sandboxes, []);
  const problem = baselineProblem(baseline.last);
  if (problem !== undefined) throw new BaselineError(`${flow.name}: ${problem}`);
  const memory = new Map<string, RunResult>([...(known ?? []), [planKey([]), baseline.result]]);
  // What fails without any fault is reported once, and does not hide what else fails.
  const usualBreaches = new Set(baseline.result.breaches.map(({ law }) => law));
  const run = async (plan: Plan): Promise<RunResult> => {
    const key = planKey(plan);
    const remembered = memory.get(key);
    if (remembered) return remembered;
    const attempt = async (): Promise<RunResult> => {
      const executed = await execute(flow, sandboxes, plan, baseline.errors);
      return { ...executed.result, breaches: executed.result.breaches.filter(({ law }) => !usualBreaches.has(law)) };
    };
    const once = await attempt();
    const result = flow.isTimed && once.breaches.length > 0 ? await attempt() : once;
    memory.set(key, result);
    options.onResult?.(result);
    return result;
  };
  // Asked for the first time when the runs with one perturbation are made.
  let began: number | undefined;
  const found = await search(run, {
    kinds,
    depth,
    jobs,
    seed,
    reportedOnly,
    stopsAtFailure: options.stopsAtFailure ?? false,
    isOver: () => {
      began ??= performance.now();
      return performance.now() - began > budget;
    },
    ...(options.onProgress && { onProgress: options.onProgress }),
  });
  const shortest = async (failure: Failure): Promise<Failure> =>
    failureOf(await shrink(failure.run, failure.law, run), failure.law, failure.plans);
  const grouped = groupFailures(
    found.results.filter((result) => isFailure(result, reportedOnly)),
    (law) => !reportedOnly.has(law),
  );
  return {
    flow: flow.name,
    laws,
    reportedOnly,
    results: found.results,
    failures: await forEachInOrder(grouped, jobs, shortest),
    reported: groupFailures(found.results, (law) => reportedOnly.has(law)),
    left: found.left,
    alike: found.alike,
    milliseconds: performance.now() - start,
  };
}
