import { ScenarioError } from '../scenarios/scenario-error.js';
import { messages } from './messages/index.js';

/** An error that the user can correct. It is shown without a stack trace, and the command exits with status 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** Turns an error of reading scenario files into a {@link UserError}. Returns any other error unchanged. */
export function asUserError(error: unknown): unknown {
  if (error instanceof ScenarioError || error instanceof AggregateError) return new UserError(error.message, { cause: error });
  if ((error as { code?: string }).code === 'ENOENT')
    return new UserError(messages().noFile(String((error as { path?: string }).path)), { cause: error });
  return error;
}
