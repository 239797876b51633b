import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { collectPrinted, type Printed, printedUrl } from './printed.js';

const MAIN = 'dist/cli/main.js';

/** Without colours, and in English unless a test says otherwise. */
const ENVIRONMENT = { NO_COLOR: '1', LC_ALL: 'C.UTF-8' };

/** The result of a command. */
export interface CommandResult {
  readonly status: number | null;
  /** Its standard output. */
  readonly out: string;
  /** Its standard error. */
  readonly err: string;
}

/** Runs the built paybox-sim until it exits. */
export async function run(...args: readonly string[]): Promise<CommandResult> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...ENVIRONMENT } });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, out, err };
}

/** A running `paybox-sim serve`. */
export interface Serving extends Printed {
  readonly url: string;
  /** Ends it. Resolves with its exit status. */
  stop(signal?: 'SIGTERM' | 'SIGINT'): Promise<number | null>;
}

/** A running `paybox-sim serve` in its own process. */
interface ServeProcess extends Serving {
  readonly child: ChildProcess;
}

/**
 * Starts the built paybox-sim on a free port. Resolves when it listens.
 *
 * @throws Error when it exits before that
 */
export async function serve(...args: readonly string[]): Promise<ServeProcess> {
  const child = spawn(process.execPath, [MAIN, '--port', '0', ...args], {
    env: { ...process.env, ...ENVIRONMENT },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collectPrinted(child.stdout, child.stderr);
  return {
    ...output,
    url: await printedUrl(output),
    child,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = once(child, 'exit');
      child.kill(signal);
      const [status] = (await ended) as [number | null];
      return status;
    },
  };
}
