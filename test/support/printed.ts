import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** The output of a running `paybox-sim serve`. */
export interface Printed {
  /** The lines of its standard output so far. */
  lines(): readonly string[];
  /** Its standard error so far. */
  errorOutput(): string;
  /** Resolves with the first line of its standard output that contains the text, when it has printed one. */
  printed(text: string): Promise<string>;
}

/** Collects the output of a running `paybox-sim serve`. */
export function collectPrinted(stdout: Readable, stderr: Readable): Printed {
  const lines: string[] = [];
  let errorOutput = '';
  stderr.on('data', (chunk: Buffer) => (errorOutput += chunk.toString()));
  const reader = createInterface(stdout);
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
  return { lines: () => lines, errorOutput: () => errorOutput, printed };
}

/**
 * Resolves with the base URL of the simulator when it listens.
 *
 * @throws Error when it exits before that
 */
export async function printedUrl({ printed }: Pick<Printed, 'printed'>): Promise<string> {
  return /http:\/\/127\.0\.0\.1:\d+/.exec(await printed('http://127.0.0.1:'))?.[0] ?? '';
}
