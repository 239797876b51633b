import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const MAIN = 'dist/cli/main.js';

/** How a command ended. */
export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs paybox-sim as it is built, to its end. */
export async function run(...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, NO_COLOR: '1' } });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, out, err };
}

/** A simulator in a process of its own. */
export interface Served {
  readonly url: string;
  readonly child: ChildProcess;
  /** What it has printed so far. */
  lines(): readonly string[];
  /** What it has written to standard error so far. */
  complaints(): string;
  /** Kept when it has printed a line that holds the text. */
  printed(text: string): Promise<string>;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts paybox-sim as it is built, on a free port, and waits until it listens. */
export async function serve(...args: readonly string[]): Promise<Served> {
  const child = spawn(process.execPath, [MAIN, '--port', '0', ...args], {
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const reader = createInterface(child.stdout);
  reader.on('line', (line) => lines.push(line));
  const printed = async (text: string): Promise<string> => {
    for (;;) {
      const known = lines.find((line) => line.includes(text));
      if (known !== undefined) return known;
      await once(reader, 'line');
    }
  };
  const line = await printed('http://127.0.0.1:');
  return {
    url: /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? '',
    child,
    lines: () => lines,
    complaints: () => complaints,
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
