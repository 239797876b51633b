import { containsCard, isQuestion, maskText } from '../../contracts/index.js';
import { CaseContext, type StepRecord } from '../case-context.js';
import type { LoadedScenario } from '../parse.js';
import { runStep } from '../run-step.js';
import type { RunStep, Step } from '../scenario.js';
import { ScenarioError } from '../scenario-error.js';
import { stage } from '../stage.js';
import { type Attempt, DEFAULT_WORDING, type Deed, deedOf, type Order, readSaid, type Statement, type Wording } from './attempt.js';
import type { Flow, FlowRun } from './flow.js';
import type { Conditions } from './perturbation.js';
import type { Sandbox } from './sandbox.js';

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
  /** Values of `${name}` in addition to the default ones. */
  readonly values?: Readonly<Record<string, string>>;
}

const LONGEST_TEXT = 400;

const shortened = (text: string): string => (text.length > LONGEST_TEXT ? `…${text.slice(-LONGEST_TEXT)}` : text);

const commandOf = (step: Step): string => ('run' in step ? step.run : 'call' in step ? step.call : '');

const wasLate = ({ failures }: StepRecord): boolean => failures.some(({ expected }) => expected === 'an answer in time');

function endingOf(record: StepRecord, said: Statement['said'], isKilled: boolean): Statement['ending'] {
  if (wasLate(record)) return 'late';
  const { program, http } = record;
  if (program) {
    if (program.status === null && isKilled) return 'killed';
    return program.status !== 0 && said === 'unsure' ? 'crash' : 'normal';
  }
  return http && http.status >= 500 && said === 'unsure' ? 'crash' : 'normal';
}

/** Returns what a step said, or undefined if no program or application ran in it. */
function statementOf(record: StepRecord, deed: Deed, wording: Wording, isKilled: boolean): Statement | undefined {
  const { step, program, http } = record;
  if (!program && !http && !wasLate(record)) return undefined;
  if (!('run' in step || 'call' in step || http)) return undefined;
  const output = program ? program.stdout : (http?.body ?? '');
  const all = program ? `${program.stdout}${program.stderr}` : output;
  const said = readSaid(output, wording);
  const ending = endingOf(record, said, isKilled);
  const text = ending === 'crash' ? all : output;
  return { deed, said, ending, text: shortened(maskText(text.trim())), showsCard: containsCard(all) };
}

// The expectations are those of a run without faults.
function withoutExpectations(step: Step): Step {
  if ('together' in step) return { together: step.together };
  if (!('expect' in step) || Object.keys(step).length === 1) return step;
  const { expect: _, ...rest } = step;
  return rest as Step;
}

/** A run of a scenario's steps in a sandbox. */
class ScenarioFlowRun implements FlowRun {
  readonly #steps: readonly Step[];
  readonly #options: ScenarioFlowOptions;
  readonly #context: CaseContext;
  readonly #killAt: number | undefined;
  #next = 0;

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

  again(): Promise<Attempt> {
    const { recover } = this.#options;
    return this.#run(recover ?? this.#steps.slice(this.#next), async () => undefined);
  }

  async #run(steps: readonly Step[], killAt: () => Promise<number | undefined>): Promise<Attempt> {
    const statements: Statement[] = [];
    for (const [index, step] of steps.entries()) {
      if ('expect' in step && Object.keys(step).length === 1) continue;
      const kill = 'run' in step ? await killAt() : undefined;
      const record = await runStep(this.#limited(step, kill), this.#context, ['steps', index]);
      const deed = deedOf(commandOf(step));
      const statement = statementOf(record, deed, this.#options.wording ?? DEFAULT_WORDING, kill !== undefined);
      if (statement) statements.push(statement);
      this.#next = index;
      // A shop goes on only if the step before succeeded.
      if (record.failures.length > 0 || (statement && statement.said !== 'done' && deed !== 'other')) break;
    }
    return { statements };
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

const startsProgram = (step: Step): boolean => 'run' in step || ('together' in step && step.together.some((part) => 'run' in part));

/**
 * Returns the flow of a scenario: its steps, without their expectations.
 *
 * @throws ScenarioError when no step runs a program or calls an application
 */
export function scenarioFlow(scenario: LoadedScenario, options: ScenarioFlowOptions): Flow {
  const { steps, given, id, file } = scenario;
  const reaches = steps.some((step) => startsProgram(step) || !('send' in step || 'raw' in step || 'rule' in step || 'expect' in step));
  if (!reaches)
    throw new ScenarioError(file, [
      { ...scenario.positionOf(['steps']), message: 'no step runs a program, so there is nothing to explore' },
    ]);
  return {
    name: id,
    order: options.order,
    canBeKilled: steps.some(startsProgram),
    open: async (sandbox: Sandbox, conditions: Conditions) => {
      const token = sandbox.endpoint.url.split('/').at(-2) ?? 'run';
      const row = scenario.examples[0] ?? {};
      const context = new CaseContext(sandbox.endpoint, token, { ...options.values, ...row });
      const failed = await stage({ clock: new Date().toISOString(), ...given }, context);
      const failure = failed?.failures[0];
      if (failure) throw new ScenarioError(file, [], `The situation could not be set up: ${failure.received}`);
      await sandbox.apply(conditions);
      return new ScenarioFlowRun(steps, options, context, conditions);
    },
  };
}
