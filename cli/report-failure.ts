import { AuthorityError, ImportError, ListenError, RuleError, StoreError } from '../simulator/index.js';
import { UserError } from './user-error.js';

const FOR_USERS = [UserError, AuthorityError, ImportError, ListenError, RuleError, StoreError] as const;

/** Ends a command that failed: what the user can put right as a message, anything else as a fault of ours. */
export function reportFailure(error: unknown): void {
  const isForUsers = FOR_USERS.some((known) => error instanceof known);
  const shown = isForUsers ? (error as Error).message : `paybox-sim failed: ${error instanceof Error ? error.stack : String(error)}`;
  process.stderr.write(`${shown}\n`);
  process.exitCode = isForUsers ? 2 : 70;
}
