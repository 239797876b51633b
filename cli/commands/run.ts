import { mkdirSync, watch, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contractFolder } from '../../scenarios/contract.js';
import { loadScenarios } from '../../scenarios/load.js';
import { packageRoot } from '../../scenarios/package-root.js';
import { makeRecording } from '../../scenarios/recording.js';
import { makeReport, prettyReport, type ReportName } from '../../scenarios/reports/index.js';
import { type CaseResult, type RunSummary, runScenarios } from '../../scenarios/runner.js';
import { asUserError } from '../as-user-error.js';
import { type TargetOptions, withTarget } from '../target.js';
import { UserError } from '../user-error.js';

/** Options of `paybox-sim run` and `verify`. */
export interface RunCommandOptions extends TargetOptions {
  readonly tag?: readonly string[];
  readonly jobs: number;
  readonly safe?: boolean;
  readonly integration?: string;
  readonly watch?: boolean;
  readonly report?: ReportName;
  readonly out?: string;
  readonly record?: string;
}

const PROGRESS_MILLISECONDS = 100;
const QUIET_PROGRESS_MILLISECONDS = 5000;

// A run that takes long says how far it is: on one line of a terminal, elsewhere now and then on a line of its own.
function progress(): (result: CaseResult, done: number, all: number) => void {
  const isTerminal = process.stderr.isTTY;
  const every = isTerminal ? PROGRESS_MILLISECONDS : QUIET_PROGRESS_MILLISECONDS;
  let last = performance.now();
  return (_, done, all) => {
    const now = performance.now();
    if (now - last < every && !(isTerminal && done === all)) return;
    last = now;
    process.stderr.write(isTerminal ? `\r${done === all ? '\x1b[K' : `${done} of ${all}`}` : `${done} of ${all}\n`);
  };
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

async function tell(summary: RunSummary, { report, out }: RunCommandOptions): Promise<void> {
  if (report === undefined) {
    process.stdout.write(`${prettyReport(summary)}\n`);
    return;
  }
  const text = await makeReport(report, summary);
  if (out === undefined) {
    process.stdout.write(text);
    return;
  }
  write(out, text);
  process.stdout.write(`${prettyReport(summary)}\n`);
}

/** The command that starts the integration made with the reference client. */
const referenceIntegration = (): string =>
  `"${process.execPath}" "${fileURLToPath(new URL('dist/scenarios/examples/reference/merchant.js', packageRoot()))}"`;

/**
 * Runs once, and says whether all that was run passed.
 *
 * @throws UserError where nothing was run
 */
async function runOnce(paths: readonly string[], options: RunCommandOptions): Promise<boolean> {
  const scenarios = await loadScenarios(paths);
  return withTarget(options, async (target) => {
    const summary = await runScenarios(scenarios, {
      target,
      tags: options.tag ?? [],
      safe: options.safe ?? false,
      jobs: options.jobs,
      values: { integration: options.integration ?? referenceIntegration() },
      onResult: progress(),
    });
    if (summary.results.length === 0)
      throw new UserError(
        `There is no scenario to run in ${paths.join(', ')}${options.tag ? ` with the tags ${options.tag.join(', ')}` : ''}.`,
      );
    await tell(summary, options);
    if (options.record !== undefined) write(options.record, `${JSON.stringify(makeRecording(summary, target.name), null, 1)}\n`);
    if (summary.skipped === summary.results.length)
      throw new UserError(`Nothing was run: all ${summary.skipped} cases were skipped on ${target.name}.`);
    return summary.failed === 0;
  });
}

const SETTLE_MILLISECONDS = 100;

/** Runs again each time a file changes, until the process is told to end. */
async function runAndWatch(paths: readonly string[], options: RunCommandOptions): Promise<void> {
  let waiting: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const again = (): void => {
    running = running.then(async () => {
      await runOnce(paths, options).catch((error: unknown) => process.stderr.write(`${(asUserError(error) as Error).message}\n`));
      process.stdout.write('Watching for changes; Ctrl-C ends it.\n');
    });
  };
  for (const path of paths) {
    watch(path, { recursive: true }, () => {
      clearTimeout(waiting);
      waiting = setTimeout(again, SETTLE_MILLISECONDS);
    });
  }
  again();
  await new Promise(() => {});
}

/**
 * Runs scenario files. Exit status: 0 all that were run passed, 1 some failed, 2 none could be run.
 *
 * @throws UserError naming what is wrong with the files or options
 */
export async function run(paths: readonly string[], options: RunCommandOptions): Promise<void> {
  if (options.out !== undefined && options.report === undefined)
    throw new UserError('--out FILE needs --report: junit, json, tap, html or github.');
  try {
    if (options.watch) await runAndWatch(paths, options);
    else if (!(await runOnce(paths, options))) process.exitCode = 1;
  } catch (error) {
    throw asUserError(error);
  }
}

/** Runs the contract tests. */
export function verify(options: RunCommandOptions): Promise<void> {
  return run([relative('', contractFolder())], options);
}
