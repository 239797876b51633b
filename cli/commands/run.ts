import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { watch } from 'chokidar';
import { contractFolder, loadScenarios } from '../../scenarios/load.js';
import { isSingleFile, packageRoot } from '../../scenarios/package-root.js';
import { wireExchanges } from '../../scenarios/recording.js';
import { makeReport, prettyReport, type ReportName } from '../../scenarios/reports/index.js';
import { needsOf, type RunOptions, type RunSummary, runScenarios } from '../../scenarios/runner.js';
import type { Scenario } from '../../scenarios/scenario.js';
import type { Target } from '../../scenarios/target.js';
import { readVariantChoices, reportVariants, runUnderVariants, type VariantChoice } from '../../scenarios/variants.js';
import type { CommandIo } from '../command-io.js';
import { endProgramsOnSignal } from '../end-programs.js';
import { messages, translated } from '../messages/index.js';
import { progressPrinter, writeOutput } from '../output.js';
import { toText } from '../tables.js';
import { type TargetOptions, withTarget } from '../target.js';
import { asUserError, UserError } from '../user-error.js';

/** Options of `paybox-sim run` and `verify`. */
export interface RunCommandOptions extends TargetOptions {
  readonly tag?: readonly string[];
  readonly jobs: number;
  readonly safe?: boolean;
  readonly integration?: string;
  /** Whether the example with the reference client is the integration. */
  readonly reference?: boolean;
  /** URL of the web shop that scenarios visit. */
  readonly shop?: string;
  readonly watch?: boolean;
  readonly report?: ReportName;
  readonly out?: string;
  readonly record?: string;
  /** `each`, or values of variants: NAME=VALUE. */
  readonly variants?: readonly string[];
}

async function printReport(summary: RunSummary, { report, out }: RunCommandOptions, io: CommandIo): Promise<void> {
  if (report === undefined) {
    io.stdout.write(`${translated('report', prettyReport(summary))}\n`);
    return;
  }
  const text = await makeReport(report, summary);
  if (out === undefined) {
    io.stdout.write(text);
    return;
  }
  writeOutput(out, text);
  io.stdout.write(`${translated('report', prettyReport(summary))}\n`);
}

/**
 * Prints which variant values were tried and what broke.
 *
 * @throws UserError when none was tried
 */
function printVariants({ results }: RunSummary, { report, out }: RunCommandOptions, io: CommandIo): void {
  const { head, rows, verdict: english } = reportVariants(results);
  const verdict = translated('report', english);
  if (rows.length === 0) throw new UserError(verdict);
  const cells = (row: readonly string[]): string[] => row.map((cell) => translated('report', cell));
  // On stdout, text after a report would make it invalid.
  const isReportOnStdout = report !== undefined && out === undefined;
  (isReportOnStdout ? io.stderr : io.stdout).write(`\n${toText({ head: cells(head), rows: rows.map(cells) })}\n\n${verdict}\n`);
}

function record(summary: RunSummary, file: string, io: CommandIo): void {
  const exchanges = wireExchanges(summary);
  writeOutput(file, `${JSON.stringify(exchanges, null, 1)}\n`);
  if (exchanges.length === 0) io.stderr.write(`${messages().run.noExchanges(file)}\n`);
}

/**
 * Returns the command that starts the example integration with the reference client.
 *
 * @throws UserError in the single executable, which cannot run another script
 */
function referenceIntegration(): string {
  if (isSingleFile()) throw new UserError(messages().run.referenceNeedsPackage);
  return `"${process.execPath}" "${fileURLToPath(new URL('dist/scenarios/examples/reference/merchant.js', packageRoot()))}"`;
}

/**
 * Returns the values that scenarios know the programs under test by: the integration and the shop, as far as they are given.
 *
 * @throws UserError in the single executable, if the integration is the example with the reference client
 */
export function programValues({
  reference,
  integration = reference ? referenceIntegration() : undefined,
  shop,
}: Pick<RunCommandOptions, 'integration' | 'reference' | 'shop'>): Readonly<Record<string, string>> {
  return { ...(integration !== undefined && { integration }), ...(shop !== undefined && { shop: shop.replace(/\/+$/, '') }) };
}

/** @throws UserError when there is no such variant or value */
function variantChoices(texts: readonly string[]): readonly VariantChoice[] {
  try {
    return texts.flatMap(readVariantChoices);
  } catch (cause) {
    throw new UserError((cause as Error).message, { cause });
  }
}

function checkTags(tags: readonly string[], scenarios: readonly Scenario[], paths: readonly string[]): void {
  const known = [...new Set(scenarios.flatMap((scenario) => scenario.tags))].sort();
  const unknown = tags.find((tag) => !known.includes(tag));
  if (unknown === undefined) return;
  throw new UserError(messages().run.noTag(unknown, paths.join(', '), known.join(', ')));
}

/** @throws UserError when a scenario visits a web shop */
function checkNoneNeedsShop(scenarios: readonly Scenario[]): void {
  const count = scenarios.filter((scenario) => needsOf(scenario).has('shop')).length;
  if (count === 0) return;
  throw new UserError(
    `${count} of the scenarios ${count === 1 ? 'visits' : 'visit'} a web shop, and none is given. Start yours and give its URL: --shop http://127.0.0.1:8000. ` +
      'docs/scenarios.md says how it learns the gateway of each case.',
  );
}

/** @throws UserError when a scenario runs an integration */
function checkNoneNeedsIntegration(scenarios: readonly Scenario[]): void {
  const count = scenarios.filter((scenario) => needsOf(scenario).has('integration')).length;
  if (count > 0) throw new UserError(messages().run.needsIntegration(count));
}

/**
 * Runs the scenarios once, under the chosen variants too.
 *
 * @throws UserError when there is no case, an unknown tag or an unknown variant
 */
async function runChosen(paths: readonly string[], options: RunCommandOptions, target: Target, io: CommandIo): Promise<RunSummary> {
  const scenarios = await loadScenarios(paths);
  const { tag: tags = [], safe = false, jobs, variants } = options;
  checkTags(tags, scenarios, paths);
  const chosen = scenarios.filter((scenario) => tags.every((tag) => scenario.tags.includes(tag)));
  const values = programValues(options);
  const printProgress = progressPrinter(io);
  // With one of them, the scenarios that need the other are skipped, and the report says so.
  if (Object.keys(values).length === 0) {
    checkNoneNeedsIntegration(chosen);
    checkNoneNeedsShop(chosen);
  }
  const runOptions: RunOptions = {
    target,
    tags,
    safe,
    jobs,
    values,
    onResult: (_, done, all) => printProgress(() => messages().run.progress(done, all), done === all),
  };
  const summary = await (variants
    ? runUnderVariants(scenarios, variantChoices(variants), runOptions)
    : runScenarios(scenarios, runOptions));
  if (summary.results.length > 0) return summary;
  throw new UserError(messages().run.noScenario(paths.join(', '), tags));
}

/**
 * Runs the scenarios once and prints the report.
 *
 * @returns whether no case failed
 * @throws UserError when no case ran
 */
function runOnce(paths: readonly string[], options: RunCommandOptions, io: CommandIo): Promise<boolean> {
  return withTarget(options, async (target) => {
    const summary = await runChosen(paths, options, target, io);
    await printReport(summary, options, io);
    if (options.record !== undefined) record(summary, options.record, io);
    if (options.variants) printVariants(summary, options, io);
    if (summary.skipped === summary.results.length) throw new UserError(messages().run.noCase(target.name, summary.skipped));
    return summary.failed === 0;
  });
}

/** How long to collect changes before running again: an editor may write several files. */
const DEBOUNCE_MILLISECONDS = 100;

/** Runs the scenarios now and after each change of a file. Never resolves. */
async function runAndWatch(paths: readonly string[], options: RunCommandOptions, io: CommandIo): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const runAgain = (): void => {
    running = running.then(async () => {
      await runOnce(paths, options, io).catch((error: unknown) => io.stderr.write(`${(asUserError(error) as Error).message}\n`));
      io.stdout.write(`${messages().run.watching}\n`);
    });
  };
  // Sees a file that an editor replaces (writes under another name and renames), which fs.watch loses.
  watch([...paths], { ignoreInitial: true }).on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(runAgain, DEBOUNCE_MILLISECONDS);
  });
  runAgain();
  await new Promise(() => {});
}

/**
 * Runs scenario files. Exit status: 0 if no case failed, 1 if some failed, 2 if none could run.
 *
 * @throws UserError when a file or an option is not valid, or no case ran
 */
export async function run(paths: readonly string[], options: RunCommandOptions, io: CommandIo): Promise<void> {
  endProgramsOnSignal(io);
  if (options.out !== undefined && options.report === undefined) throw new UserError(messages().run.outNeedsReport);
  if (options.variants && options.target !== undefined) throw new UserError(messages().run.variantsNeedSimulator);
  if (options.signingKey !== undefined && options.target !== undefined) throw new UserError(messages().run.signingKeyNeedsSimulator);
  try {
    if (options.watch) await runAndWatch(paths, options, io);
    else if (!(await runOnce(paths, options, io))) io.exitCode = 1;
  } catch (error) {
    throw asUserError(error);
  }
}

/** Runs the contract tests. */
export function verify(options: RunCommandOptions, io: CommandIo): Promise<void> {
  return run([relative('', contractFolder())], options, io);
}
