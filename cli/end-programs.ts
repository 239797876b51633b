import { killPrograms } from '../scenarios/program.js';
import type { CommandIo } from './command-io.js';

/** The exit status after a signal, as shells have it: 128 and its number. */
const STATUS_AFTER = { SIGINT: 130, SIGTERM: 143 } as const;

/** Ends the process when a signal comes, with the programs that it runs: they are in groups of their own, which a Ctrl-C does not reach. */
export function endProgramsOnSignal(io: CommandIo): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    io.once(signal, () => {
      killPrograms();
      io.exit(STATUS_AFTER[signal]);
    });
}
