import { isQuestion } from '../../contracts/index.js';
import { CaseContext, type StepRecord } from '../case-context.js';
import type { LoadedScenario } from '../parse.js';
import { runStep } from '../run-step.js';
import { isOnlyExpectation, type RunStep, type Step, withoutExpectations } from '../scenario.js';
import { ScenarioError } from '../scenario-error.js';
import { stage } from '../stage.js';
import { type Attempt, DEFAULT_WORDING, type Order, type RanStep, type Statement, type Task, type Wording } from './attempt.js';
import { againInTurn, type Flow, type FlowRun } from './flow.js';
import { GatewayScheduler } from './gateway-scheduler.js';
import type { Conditions } from './perturbation.js';
import type { Sandbox } from './sandbox.js';
import { scenarioLaws } from './scenario-laws.js';
import { statementOf } from './statement.js';

/** How the programs of a flow are run. */
export interface ProgramLimits {
  /** Seconds that a client waits for a reply, for programs that read PAYBOX_TIMEOUT. */
  readonly timeout: number;
  /** Time limit of a program, in seconds. */
  readonly within: number;
}

/** What a scenario leaves open of a flow. */
export interface ScenarioFlowOptions {
  readonly order: Order;
  readonly limits: ProgramLimits;
  /** What the shop runs when the faults are gone. Default: the steps again, from the first that was not done. */
  readonly recover?: readonly Step[];
  readonly wording?: Wording;
  /** What is not tried again where its result is unknown: a person decides. Default: nothing. */
  readonly leftToPerson?: readonly Task[];
  /** How many workers run the steps on the one order at the same time. One of them runs at a time. Default: 1. */
  readonly workers?: 1 | 2;
  /** Values of `${name}` in addition to the default ones. */
  readonly values?: Readonly<Record<string, string>>;
}

// A shop goes on only if the step before succeeded.
const stops = ({ failures }: Pick<StepRecord, 'failures'>, statement: Statement | undefined): boolean =>
  failures.length > 0 || (statement !== undefined && statement.said !== 'done' && statement.task !== 'other');

/** A run of a scenario's steps in a sandbox. */
class ScenarioFlowRun implements FlowRun {
  readonly #steps: readonly Step[];
  readonly #options: ScenarioFlowOptions;
  readonly #context: CaseContext;
  readonly #killAt: number | undefined;
  /** The first step that was not done. */
  #next = 0;
  /** What it does. */
  #stopped: Task | undefined;

  constructor(steps: readonly Step[], options: ScenarioFlowOptions, context: CaseContext, { killAt }: Conditions) {
    this.#steps = steps;
    this.#options = options;
    this.#context = context;
    this.#killAt = killAt;
  }

  async start(): Promise<Attempt> {
    const since = await this.#context.lastSeq();
    return this.#run(this.#steps, async () => {
      if (this.#killAt === undefined) return undefined;
      const asked = (await this.#context.requestsSince(since)).filter(isQuestion).length;
      return this.#killAt > asked ? this.#killAt - asked : undefined;
    });
  }

  close(): Promise<void> {
    return this.#context.close();
  }

  async again(): Promise<Attempt | undefined> {
    const { recover, leftToPerson = [] } = this.#options;
    if (!recover && this.#stopped !== undefined && leftToPerson.includes(this.#stopped)) return undefined;
    const nothing = async (): Promise<undefined> => undefined;
    if (recover) return this.#run(recover, nothing);
    // Where every step says that it is done, the last one is asked again.
    const next = Math.min(this.#next, this.#steps.length - 1);
    return this.#run(this.#steps.slice(next), nothing, next);
  }

  async #run(steps: readonly Step[], killAt: () => Promise<number | undefined>, offset = 0): Promise<Attempt> {
    const statements: Statement[] = [];
    const ran: RanStep[] = [];
    let problem: string | undefined;
    for (const [index, step] of steps.entries()) {
      if (isOnlyExpectation(step)) continue;
      const kill = 'run' in step ? await killAt() : undefined;
      const record = await runStep(this.#limited(step, kill), this.#context, ['steps', index]);
      const statement = statementOf(record, this.#options.wording ?? DEFAULT_WORDING, kill !== undefined);
      if (statement) statements.push(statement);
      ran.push({ index: index + offset, ...(kill !== undefined && { kill }) });
      if (stops(record, statement)) {
        problem = statement ? undefined : record.failures[0]?.received;
        this.#stopped = statement?.task;
        break;
      }
      this.#next = index + offset + 1;
    }
    return { statements, steps: ran, ...(problem !== undefined && { problem }) };
  }

  #limited(step: Step, kill: number | undefined): Step {
    const bare = withoutExpectations(step);
    if (!('run' in bare)) return bare;
    const { timeout, within } = this.#options.limits;
    const limited: RunStep = {
      within,
      ...bare,
      env: { PAYBOX_TIMEOUT: String(timeout), ...bare.env },
      ...(kill !== undefined && { kill }),
    };
    return limited;
  }
}

/** Two workers on one order. The gateway holds the reply of one while the other runs. */
class TwoWorkersRun implements FlowRun {
  readonly #workers: readonly ScenarioFlowRun[];
  readonly #scheduler: GatewayScheduler;
  #firsts: readonly Attempt[] = [];

  constructor(workers: readonly ScenarioFlowRun[], scheduler: GatewayScheduler) {
    this.#workers = workers;
    this.#scheduler = scheduler;
  }

  async start(): Promise<Attempt> {
    this.#firsts = await this.#scheduler.run(this.#workers.map((worker) => () => worker.start()));
    return { statements: this.#firsts.flatMap(({ statements }) => statements), workers: this.#firsts };
  }

  again(): Promise<Attempt | undefined> {
    return againInTurn(this.#workers, this.#firsts);
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }
}

const startsProgram = (step: Step): boolean => 'run' in step || ('together' in step && step.together.some((part) => 'run' in part));

/**
 * Returns the flow of a scenario: its steps, without their expectations.
 *
 * @throws ScenarioError when no step runs a program or calls an application
 */
export function scenarioFlow(scenario: LoadedScenario, options: ScenarioFlowOptions): Flow {
  const { steps, given, id, file } = scenario;
  const { workers = 1 } = options;
  const reaches = steps.some((step) => startsProgram(step) || 'call' in step || 'browse' in step);
  if (!reaches)
    throw new ScenarioError(file, [
      { ...scenario.positionOf(['steps']), message: 'no step runs a program, so there is nothing to explore' },
    ]);
  return {
    name: id,
    order: options.order,
    canBeKilled: steps.some(startsProgram),
    isTimed: true,
    workers,
    laws: scenarioLaws(scenario.laws),
    open: async (sandbox: Sandbox, conditions: Conditions) => {
      const token = sandbox.endpoint.url.split('/').at(-2) ?? 'run';
      const row = scenario.examples[0] ?? {};
      const context = new CaseContext(sandbox.endpoint, token, { ...options.values, ...row });
      context.environment = { PAYBOX_TIMEOUT: String(options.limits.timeout) };
      const failed = await stage({ clock: new Date().toISOString(), ...given }, context);
      const failure = failed?.failures[0];
      if (failure) throw new ScenarioError(file, [], `The situation could not be set up: ${failure.received}`);
      await sandbox.apply(conditions);
      const run = new ScenarioFlowRun(steps, options, context, conditions);
      if (workers === 1) return run;
      const other = new CaseContext(sandbox.endpoint, token, { ...options.values, ...row });
      await other.clock();
      const scheduler = new GatewayScheduler(context.control(), conditions.switchAt ?? []);
      return new TwoWorkersRun([run, new ScenarioFlowRun(steps, options, other, conditions)], scheduler);
    },
  };
}
