import { join } from 'node:path';
import { DEFAULT_WORDING } from '../../scenarios/explore/attempt.js';
import { CheckpointError, checkpointFlow, openCheckpoint } from '../../scenarios/explore/checkpoint.js';
import { BaselineError, type Exploration, explore } from '../../scenarios/explore/explore.js';
import type { Failure } from '../../scenarios/explore/failures.js';
import { KINDS, type Kind } from '../../scenarios/explore/kinds.js';
import { measureBaseline } from '../../scenarios/explore/measure.js';
import { isShopFlow, type ReadyFlowName } from '../../scenarios/explore/ready-flow-names.js';
import { type CommandFlow, commandFlow, readyFlow } from '../../scenarios/explore/ready-flows.js';
import { type ExplorationReport, explorationReport } from '../../scenarios/explore/report/index.js';
import { explorationText } from '../../scenarios/explore/report/text.js';
import { sandboxesOf } from '../../scenarios/explore/sandbox.js';
import { failureId, isReproducible, scenarioFile } from '../../scenarios/explore/scenario-file.js';
import { scenarioFlow } from '../../scenarios/explore/scenario-flow.js';
import { scenario as loadScenario } from '../../scenarios/load.js';
import type { CommandIo } from '../command-io.js';
import { endProgramsOnSignal } from '../end-programs.js';
import { messages } from '../messages/index.js';
import { progressPrinter, writeOutput } from '../output.js';
import { withSimulator } from '../target.js';
import { asUserError, UserError } from '../user-error.js';
import { programValues } from './run.js';

/** Options of `paybox-sim explore`. */
export interface ExploreCommandOptions {
  readonly pay?: string;
  readonly authorize?: string;
  readonly capture?: string;
  readonly cancel?: string;
  readonly refund?: string;
  readonly recover?: string;
  readonly integration?: string;
  readonly reference?: boolean;
  readonly shop?: string;
  readonly saysPaid?: RegExp;
  readonly saysRefused?: RegExp;
  readonly flow?: ReadyFlowName;
  /** In minor units. */
  readonly amount?: number;
  readonly refundAmount?: number;
  readonly depth: number;
  /** Milliseconds. Default: a minute. */
  readonly budget?: number;
  readonly jobs: number;
  readonly seed: number;
  readonly workers: number;
  /** Ids or groups of kinds. */
  readonly kind?: readonly string[];
  readonly strict?: boolean;
  readonly bail?: boolean;
  readonly resume?: string;
  /** Folder of the scenario files. */
  readonly out: string;
  readonly report?: ExplorationReport;
  readonly reportFile?: string;
}

const DEFAULT_AMOUNT = 1999;

/** @throws UserError when there is no such kind or group */
function kindsOf(names: readonly string[]): readonly Kind[] {
  const unknown = names.find((name) => !KINDS.some(({ id, group }) => id === name || group === name));
  if (unknown !== undefined)
    throw new UserError(
      messages().explore.noKind(unknown, [...new Set(KINDS.map(({ group }) => group)), ...KINDS.map(({ id }) => id)].join(', ')),
    );
  return KINDS.filter(({ id, group }) => names.includes(id) || names.includes(group));
}

/** The flow that the options describe; its order is only known after it ran once if a scenario does not say it. */
type ChosenFlow = Omit<CommandFlow, 'order' | 'leftToPerson'> & Partial<Pick<CommandFlow, 'order' | 'leftToPerson'>>;

/** Where a flow comes from. */
type Source = 'file' | 'commands' | 'ready';

/** The options that have no effect with a flow of each source. */
const WITHOUT_EFFECT: Readonly<Record<Source, readonly (keyof ExploreCommandOptions)[]>> = {
  file: ['pay', 'authorize', 'capture', 'cancel', 'refund', 'recover', 'flow'],
  commands: ['flow'],
  ready: ['capture', 'cancel', 'refund', 'recover', 'refundAmount'],
};

const sourceOf = (file: string | undefined, { pay, authorize }: ExploreCommandOptions): Source =>
  file !== undefined ? 'file' : pay !== undefined || authorize !== undefined ? 'commands' : 'ready';

const optionNamed = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

async function flowOfFile(file: string, { amount, refundAmount }: ExploreCommandOptions): Promise<ChosenFlow> {
  if (amount === undefined && refundAmount !== undefined) throw new UserError(messages().explore.needsAmount);
  const scenario = await loadScenario(file);
  return { scenario, ...(amount !== undefined && { order: { amount, ...(refundAmount !== undefined && { refund: refundAmount }) } }) };
}

function flowOfCommands({ pay, authorize, capture, cancel, refund, recover, amount, refundAmount }: ExploreCommandOptions): ChosenFlow {
  const given = Object.entries({ pay, authorize, capture, cancel, refund, recover }).filter(([, text]) => text !== undefined);
  return commandFlow(Object.fromEntries(given), amount ?? DEFAULT_AMOUNT, refundAmount);
}

function flowReady(options: ExploreCommandOptions): ChosenFlow {
  const { shop, integration, reference, amount, flow = shop === undefined ? 'pay' : 'hosted-page' } = options;
  const isOfShop = isShopFlow(flow);
  if (isOfShop && shop === undefined) throw new UserError(messages().explore.needsShop(flow));
  if (!isOfShop && integration === undefined && !reference) throw new UserError(messages().explore.noFlow);
  return readyFlow(flow, amount ?? DEFAULT_AMOUNT);
}

/** @throws UserError when the options name no flow, or one of them has no effect */
async function chooseFlow(file: string | undefined, options: ExploreCommandOptions): Promise<ChosenFlow> {
  const source = sourceOf(file, options);
  const unused = WITHOUT_EFFECT[source].find((name) => options[name] !== undefined);
  const isNoFlow = source === 'ready' && options.integration === undefined && !options.reference && options.shop === undefined;
  if (unused !== undefined && !isNoFlow)
    throw new UserError(messages().explore.unused(optionNamed(unused), messages().explore.sources[source]));
  if (file !== undefined) return flowOfFile(file, options);
  return source === 'commands' ? flowOfCommands(options) : flowReady(options);
}

/**
 * Writes a scenario file for each failure. Returns the files.
 *
 * @throws UserError when they cannot be written; the result is printed before
 */
function writeScenarios(
  exploration: Exploration,
  folder: string,
  reproduced: Parameters<typeof scenarioFile>[1],
  workers: number,
  io: CommandIo,
): ReadonlyMap<Failure, string> {
  const found = [...exploration.failures, ...exploration.reported];
  const files = found
    .filter((failure) => isReproducible(failure, reproduced.scenario, workers))
    .map((failure) => [failure, join(folder, `${failureId(reproduced.scenario.id, failure)}.yaml`)] as const);
  try {
    for (const [failure, file] of files) writeOutput(file, scenarioFile(failure, reproduced));
  } catch (error) {
    io.stdout.write(explorationText(exploration));
    throw error;
  }
  return new Map(files);
}

/** What `run` needs beside the file of a failure. */
function runOptionsOf({ integration, reference, shop }: ExploreCommandOptions): string {
  return [
    integration !== undefined ? ` --integration '${integration}'` : reference ? ' --reference' : '',
    shop === undefined ? '' : ` --shop ${shop}`,
  ].join('');
}

async function print(
  exploration: Exploration,
  files: ReadonlyMap<Failure, string>,
  options: ExploreCommandOptions,
  io: CommandIo,
): Promise<void> {
  const { report, reportFile } = options;
  if (report === undefined) {
    io.stdout.write(explorationText(exploration, files, runOptionsOf(options)));
    return;
  }
  const text = await explorationReport(report, exploration, files);
  if (reportFile === undefined) {
    io.stdout.write(text);
    return;
  }
  io.stdout.write(explorationText(exploration, files, runOptionsOf(options)));
  writeOutput(reportFile, text);
}

async function exploreChosen(file: string | undefined, options: ExploreCommandOptions, io: CommandIo): Promise<boolean> {
  if (options.reportFile !== undefined && options.report === undefined) throw new UserError(messages().explore.needsReport);
  if (options.shop !== undefined && !URL.canParse(options.shop))
    throw new UserError(messages().notUrl(options.shop, 'http://127.0.0.1:8000'));
  const { scenario, recover, leftToPerson = [], order: known } = await chooseFlow(file, options);
  const { depth, budget = 60_000, jobs, seed, kind = [], strict = false, bail = false, resume, out } = options;
  const hasTwoWorkers = options.workers === 2;
  const { saysPaid = DEFAULT_WORDING.done, saysRefused = DEFAULT_WORDING.refused } = options;
  const wording = { done: saysPaid, refused: saysRefused };
  const rest = {
    values: programValues(options),
    wording,
    leftToPerson,
    ...(hasTwoWorkers && { workers: 2 as const }),
    ...(recover && { recover }),
  };
  // The order of two workers is a space of its own.
  const kinds = kind.length > 0 ? kindsOf(kind) : hasTwoWorkers ? kindsOf(['switch']) : KINDS;
  return withSimulator(async (target) => {
    const sandboxes = sandboxesOf(target);
    const { order, limits, usual } = await measureBaseline(
      (assumed, provisional) => scenarioFlow(scenario, { order: assumed, limits: provisional, ...rest }),
      sandboxes,
      known,
    );
    // A worker that is held must not give up.
    const patient = hasTwoWorkers ? { ...limits, timeout: limits.within } : limits;
    const flow = scenarioFlow(scenario, { order, limits: patient, ...rest });
    const printProgress = progressPrinter(io);
    const checkpoint = resume === undefined ? undefined : openCheckpoint(resume, checkpointFlow({ scenario, order, wording, more: rest }));
    if (checkpoint && checkpoint.known.size > 0) io.stderr.write(`${messages().explore.resumed(checkpoint.known.size)}\n`);
    const exploration = await explore({
      flow,
      sandboxes,
      depth,
      budget,
      jobs,
      seed,
      kinds,
      strict,
      stopsAtFailure: bail,
      onProgress: ({ depth: level, done, left, failures }) =>
        printProgress(() => messages().explore.progress(level, done, left, failures), left === 0),
      ...(checkpoint && { known: checkpoint.known, onResult: checkpoint.add }),
    });
    if (kind.length > 0 && exploration.results.length === 1) throw new UserError(messages().explore.cannotHappen);
    const reproduced = { scenario, order, timeout: patient.timeout, usual, ...(recover && { recover }) };
    // A scenario knows the usual words only.
    const hasOwnWords = options.saysPaid !== undefined || options.saysRefused !== undefined;
    const files = hasOwnWords ? new Map<Failure, string>() : writeScenarios(exploration, out, reproduced, options.workers, io);
    await print(exploration, files, options, io);
    return exploration.failures.length === 0;
  });
}

/**
 * Explores a flow. Exit status: 0 if no law was broken, 1 if one was, 2 if the flow could not be explored.
 *
 * @param file a scenario with `run`, `call` or `browse` steps
 * @throws UserError when the flow or an option is not valid, or the flow does not succeed without any fault
 */
export async function exploreCommand(file: string | undefined, options: ExploreCommandOptions, io: CommandIo): Promise<void> {
  endProgramsOnSignal(io);
  try {
    if (!(await exploreChosen(file, options, io))) io.exitCode = 1;
  } catch (error) {
    if (error instanceof BaselineError || error instanceof CheckpointError) throw new UserError(error.message, { cause: error });
    throw asUserError(error);
  }
}
