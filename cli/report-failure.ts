import { AuthorityError, ImportError, ListenError, RuleError, StoreError } from '../simulator/index.js';
import { UserError } from './user-error.js';

const FOR_USERS = [UserError, AuthorityError, ImportError, ListenError, RuleError, StoreError] as const;

/** How a failure is told, and the status it ends a command with. */
interface Failure {
  readonly message: string;
  readonly status: number;
}

/** What the user can put right as a message, anything else as a fault of ours. */
function failureOf(error: unknown): Failure {
  if (FOR_USERS.some((known) => error instanceof known)) return { message: (error as Error).message, status: 2 };
  return { message: `paybox-sim failed: ${error instanceof Error ? error.stack : String(error)}`, status: 70 };
}

/** Ends a command that failed. */
export function reportFailure(error: unknown): void {
  const { message, status } = failureOf(error);
  process.stderr.write(`${message}\n`);
  process.exitCode = status;
}
