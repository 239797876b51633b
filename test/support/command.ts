import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const MAIN = 'dist/cli/main.js';

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
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, NO_COLOR: '1' } });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, out, err };
}

/** A running `paybox-sim serve`. */
export interface ServeProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** The lines of its standard output so far. */
  lines(): readonly string[];
  /** Its standard error so far. */
  errorOutput(): string;
  /** Resolves with the first line of its standard output that contains the text, when it has printed one. */
  printed(text: string): Promise<string>;
  /** Ends the process. Resolves with its exit status. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/**
 * Starts the built paybox-sim on a free port. Resolves when it listens.
 *
 * @throws Error when it exits before that
 */
export async function serve(...args: readonly string[]): Promise<ServeProcess> {
  const child = spawn(process.execPath, [MAIN, '--port', '0', ...args], {
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  let errorOutput = '';
  child.stderr.on('data', (chunk: Buffer) => (errorOutput += chunk.toString()));
  const reader = createInterface(child.stdout);
  reader.on('line', (line) => lines.push(line));
  let isClosed = false;
  const closed = once(reader, 'close').then(() => {
    isClosed = true;
  });
  const printed = async (text: string): Promise<string> => {
    for (;;) {
      const found = lines.find((line) => line.includes(text));
      if (found !== undefined) return found;
      if (isClosed)
        throw new Error(`paybox-sim ended its output without ${JSON.stringify(text)}. It printed ${errorOutput || 'no error'}.`);
      await Promise.race([once(reader, 'line'), closed]);
    }
  };
  const line = await printed('http://127.0.0.1:');
  return {
    url: /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? '',
    child,
    lines: () => lines,
    errorOutput: () => errorOutput,
    printed,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = once(child, 'exit');
      child.kill(signal);
      const [status] = (await ended) as [number | null];
      return status;
    },
  };
}
