import { type Attempt, isOpenEnded, lastOf } from './attempt.js';
import type { Flow, FlowRun } from './flow.js';
import { type Breach, breachesOf, LAWS } from './laws.js';
import { type Observation, totalsOf } from './observation.js';
import { conditionsOf, type Plan } from './perturbation.js';
import { hasHappened, pointsOf, type RunResult, stepsOf } from './run-result.js';
import { runTimeline } from './run-timeline.js';
import type { SandboxSource } from './sandbox.js';
import { signatureOf } from './signature.js';

const NO_ERRORS: ReadonlySet<string> = new Set();

const errorsOf = ({ questions }: Observation): ReadonlySet<string> =>
  new Set(questions.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule)));

/** A run, and what later runs are compared with. */
export interface Executed {
  readonly result: RunResult;
  readonly errors: ReadonlySet<string>;
  readonly last: Attempt;
  readonly atEnd: Observation;
}

/** Why a run without perturbations does not count as one that succeeds: its last step does not say that it is done. */
export function baselineProblem(attempt: Attempt): string | undefined {
  if (attempt.problem !== undefined) return `Without any fault, a step could not run: ${attempt.problem}`;
  const last = lastOf(attempt);
  if (last === undefined) return 'No step of the flow ran a program that said anything.';
  const isUnclear = isOpenEnded(attempt);
  if (!isUnclear && last.said !== 'refused') return undefined;
  const help = isUnclear && last.text !== '' ? '; that is neither paid nor refused (--says-paid and --says-refused tell other words)' : '';
  return `Without any fault, the last step says: ${last.text || 'nothing'}${help}`;
}

/**
 * Runs a flow once under a plan, on a gateway of its own, and checks the laws.
 *
 * @param usualErrors the rules of the findings that the run without perturbations has
 */
export async function execute(
  flow: Flow,
  source: SandboxSource,
  plan: Plan,
  usualErrors: ReadonlySet<string> = NO_ERRORS,
): Promise<Executed> {
  const start = performance.now();
  const sandbox = await source.open();
  let run: FlowRun | undefined;
  try {
    const conditions = conditionsOf(plan);
    run = await flow.open(sandbox, conditions);
    const first = await run.start();
    const afterFirst = await sandbox.observe();
    let second: Attempt | undefined;
    await sandbox.settle(conditions);
    let atEnd = conditions.later === undefined ? afterFirst : await sandbox.observe();
    if (isOpenEnded(first)) {
      await sandbox.clear();
      second = await run.again();
      atEnd = await sandbox.observe();
    }
    const trial = { order: flow.order, first, afterFirst, ...(second && { second }), atEnd, usualErrors };
    const breaches: Breach[] = breachesOf(trial, flow.laws ? [...LAWS, ...flow.laws] : LAWS);
    const steps = stepsOf(afterFirst);
    const result: RunResult = {
      plan,
      points: pointsOf(afterFirst),
      ...(steps.length > 0 && { steps }),
      happened: plan.every((perturbation) => hasHappened(perturbation, afterFirst)),
      signature: signatureOf(plan, first, afterFirst),
      breaches,
      timeline: breaches.length > 0 ? runTimeline(trial, totalsOf(atEnd)) : [],
      ...(second && { hasSecond: true }),
      milliseconds: performance.now() - start,
      ...(first.steps && { ran: [first.steps, ...(second?.steps ? [second.steps] : [])] }),
    };
    return { result, errors: errorsOf(afterFirst), last: second ?? first, atEnd };
  } finally {
    await run?.close?.();
    await sandbox.close();
  }
}
