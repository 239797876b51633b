import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CommandIo } from './command-io.js';
import { messages } from './messages/index.js';
import { UserError } from './user-error.js';

const TERMINAL_PROGRESS_MILLISECONDS = 100;
const LOG_PROGRESS_MILLISECONDS = 5000;

/** Prints the progress of a long run. The text is made only when it is printed. */
export type ProgressPrinter = (text: () => string, isLast: boolean) => void;

/** Returns a printer of progress: in place on a terminal, where the last one clears the line, and less often, line by line, elsewhere. */
export function progressPrinter(io: CommandIo): ProgressPrinter {
  const isTerminal = io.stderr.isTTY;
  const every = isTerminal ? TERMINAL_PROGRESS_MILLISECONDS : LOG_PROGRESS_MILLISECONDS;
  let last = performance.now();
  return (text, isLast) => {
    const now = performance.now();
    if (now - last < every && !(isTerminal && isLast)) return;
    last = now;
    io.stderr.write(isTerminal ? `\r\x1b[K${isLast ? '' : text()}` : `${text()}\n`);
  };
}

function writing(path: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    throw new UserError(messages().notWritten(path, (cause as Error).message), { cause });
  }
}

/**
 * Writes a file, and the folders that it is in.
 *
 * @throws UserError naming the folder or the file that cannot be written
 */
export function writeOutput(file: string, text: string): void {
  const folder = dirname(file);
  writing(folder, () => mkdirSync(folder, { recursive: true }));
  writing(file, () => writeFileSync(file, text));
}
