import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { messages } from '../messages/index.js';
import type { ChildEnvironment } from './child-environment.js';

/** How a program ended. */
export interface ChildEnd {
  /** The exit status that a shell would report: 128 plus the signal's number if a signal ended the program. */
  readonly status: number;
  /** Why the program could not be started. */
  readonly failure?: string;
  /** Whether a signal ended the program, or was sent to it. */
  readonly isInterrupted?: boolean;
}

/** The message and a shell's exit status for a program that cannot be started, by error code. */
const FAILURES: Readonly<Record<string, (program: string) => ChildEnd>> = {
  ENOENT: (program) => ({ status: 127, failure: messages().exec.noProgram(program) }),
  EACCES: (program) => ({ status: 126, failure: messages().exec.notExecutable(program) }),
};

// A terminal sends Ctrl-C to the program too. Forwarded as well, SIGINT would arrive twice, which many programs treat as "exit at once".
const FORWARDED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', ...(process.stdin.isTTY ? [] : ['SIGINT' as const])];
const IGNORED: readonly NodeJS.Signals[] = ['SIGINT'];

/**
 * Runs a program with the input and output of this process until it ends, and forwards the signals that this process receives.
 *
 * @param prepare makes its environment. From then until the files of the environment are deleted, no signal ends this process.
 */
export function runChild(program: string, args: readonly string[], prepare: () => ChildEnvironment): Promise<ChildEnd> {
  return new Promise((resolve, reject) => {
    let child: ChildProcess | undefined;
    let environment: ChildEnvironment | undefined;
    let isInterrupted = false;
    const setInterrupted = (): void => {
      isInterrupted = true;
    };
    const listeners = [
      ...FORWARDED.map((signal) => [signal, () => void child?.kill(signal)] as const),
      ...[...FORWARDED, ...IGNORED].map((signal) => [signal, setInterrupted] as const),
    ];
    const cleanUp = (): void => {
      environment?.remove();
      for (const [signal, listener] of listeners) process.off(signal, listener);
    };
    const end = (result: ChildEnd): void => {
      cleanUp();
      resolve(result);
    };
    for (const [signal, listener] of listeners) process.on(signal, listener);
    try {
      environment = prepare();
      child = spawn(program, args, { stdio: 'inherit', env: environment.env });
    } catch (error) {
      cleanUp();
      reject(error);
      return;
    }
    child.once('error', (error: NodeJS.ErrnoException) => {
      const known = FAILURES[error.code ?? '']?.(program);
      end(known ?? { status: 126, failure: messages().exec.notStarted(program, error.message) });
    });
    child.once('exit', (status, signal) => {
      if (signal === null) end({ status: status ?? 0, isInterrupted });
      else end({ status: 128 + constants.signals[signal], isInterrupted: true });
    });
  });
}
