import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { CommandIo } from '../../cli/command-io.js';
import { languageOf } from '../../cli/language.js';
import { makeProgram } from '../../cli/program.js';
import { reportFailure } from '../../cli/report-failure.js';
import type { CommandResult, Serving } from './command.js';
import { collectPrinted, printedUrl } from './printed.js';

const withoutColours = (text: string): string => text.replace(/\x1b\[\d+m/g, '');

/** Runs a command until it ends. Resolves with its exit status. */
async function execute(args: readonly string[], io: CommandIo): Promise<number> {
  // The language is that of --lang only, not that of the machine.
  await makeProgram(io, languageOf(args, {}))
    .parseAsync(args, { from: 'user' })
    .catch((error: unknown) => reportFailure(error, io));
  return Number(io.exitCode ?? 0);
}

/**
 * Runs paybox-sim in this process until it ends, which is much faster than the built one in its own process. The output of a program that `exec` starts is
 * not in the result: it is the output of this process.
 */
export async function runInProcess(...args: readonly string[]): Promise<CommandResult> {
  let out = '';
  let err = '';
  const status = await execute(args, {
    stdout: { write: (text) => (out += withoutColours(text)) },
    stderr: { write: (text) => (err += withoutColours(text)) },
    once: () => {},
    exit: () => {},
  });
  return { status, out, err };
}

/**
 * Starts `paybox-sim serve` in this process on a free port. Resolves when it listens.
 *
 * @throws Error when it ends before that
 */
export async function serveInProcess(...args: readonly string[]): Promise<Serving> {
  const [stdout, stderr, signals] = [new PassThrough(), new PassThrough(), new EventEmitter()];
  const output = collectPrinted(stdout, stderr);
  let exit: (status: number) => void = () => {};
  const exited = new Promise<number>((resolve) => {
    exit = resolve;
  });
  const executed = execute(['--port', '0', ...args], {
    stdout: { write: (text) => stdout.write(withoutColours(text)) },
    stderr: { write: (text) => stderr.write(withoutColours(text)) },
    once: (signal, listener) => signals.once(signal, listener),
    exit,
  });
  const ended = Promise.race([executed, exited]).finally(() => stdout.end());
  return {
    ...output,
    url: await printedUrl(output),
    stop: (signal = 'SIGTERM') => {
      signals.emit(signal);
      return ended;
    },
  };
}
