import { CommanderError } from 'commander';
import { maskText } from '../contracts/index.js';
import type { CommandIo } from './command-io.js';
import { messages, translated } from './messages/index.js';
import { UserError } from './user-error.js';

/** Status of a command that the user can correct. */
const USER_ERROR_STATUS = 2;
/** Status of a defect of this program: EX_SOFTWARE of sysexits.h. */
const DEFECT_STATUS = 70;

async function isUserError(error: unknown): Promise<boolean> {
  if (error instanceof UserError) return true;
  // Loaded here, because commands that do not fail may not need the simulator.
  const { AuthorityError, ImportError, ListenError, RuleError, StoreError } = await import('../simulator/index.js');
  return [AuthorityError, ImportError, ListenError, RuleError, StoreError].some((known) => error instanceof known);
}

/**
 * Prints the error of a failed command and sets the exit status. Errors that the user cannot correct are printed with their stack.
 * A CommanderError ends the command line after help or a mistake in the arguments, which commander has printed.
 *
 * @param io where to print, and the exit status to set. Default: this process
 */
export async function reportFailure(error: unknown, io: CommandIo = process): Promise<void> {
  if (error instanceof CommanderError) {
    io.exitCode = error.exitCode === 0 ? 0 : USER_ERROR_STATUS;
    return;
  }
  const isExpected = await isUserError(error);
  const message = isExpected
    ? translated('simulator', (error as Error).message)
    : messages().failed(String(error instanceof Error ? error.stack : error));
  io.stderr.write(`${maskText(message)}\n`);
  io.exitCode = isExpected ? USER_ERROR_STATUS : DEFECT_STATUS;
}
