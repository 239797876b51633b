import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Environment } from '../trust/variables.js';

/** How a program ended: its exit status as a shell has it, 128 and the signal's number where one ended it. */
export interface ChildEnd {
  readonly status: number;
  /** Why the program could not be started. */
  readonly failure?: string;
  /** Whether a signal ended it, or was sent to end it. */
  readonly isInterrupted?: boolean;
}

/** Why a program cannot be started, by the system's code, with the status a shell gives. */
const FAILURES: Readonly<Record<string, (program: string) => ChildEnd>> = {
  ENOENT: (program) => ({ status: 127, failure: `There is no program ${program}. Is it installed, and on the PATH?` }),
  EACCES: (program) => ({ status: 126, failure: `${program} may not be executed. Is it a program? Start a script with its interpreter.` }),
};

// A terminal's Ctrl-C reaches the program by itself: passed on too, it would come twice, which many take for "at once".
const PASSED_ON: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', ...(process.stdin.isTTY ? [] : ['SIGINT' as const])];
const IGNORED: readonly NodeJS.Signals[] = ['SIGINT'];

/** Runs a program on this process's own input and output until it ends, and passes on the signals that this process gets. */
export function runChild(program: string, args: readonly string[], env: Environment): Promise<ChildEnd> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit', env });
    let isInterrupted = false;
    const interrupted = (): void => {
      isInterrupted = true;
    };
    const listeners = [
      ...PASSED_ON.map((signal) => [signal, () => void child.kill(signal)] as const),
      ...[...PASSED_ON, ...IGNORED].map((signal) => [signal, interrupted] as const),
    ];
    const end = (result: ChildEnd): void => {
      for (const [signal, listener] of listeners) process.off(signal, listener);
      resolve(result);
    };
    for (const [signal, listener] of listeners) process.on(signal, listener);
    child.once('error', (error: NodeJS.ErrnoException) => {
      const known = FAILURES[error.code ?? '']?.(program);
      end(known ?? { status: 126, failure: `${program} cannot be started: ${error.message}.` });
    });
    child.once('exit', (status, signal) => {
      if (signal === null) end({ status: status ?? 0, isInterrupted });
      else end({ status: 128 + constants.signals[signal], isInterrupted: true });
    });
  });
}
