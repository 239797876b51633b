import { ScenarioError } from '../scenarios/parse.js';
import { UserError } from './user-error.js';

/** What goes wrong with scenario files that the user can put right, as an error for users; anything else as it is. */
export function asUserError(error: unknown): unknown {
  if (error instanceof ScenarioError || error instanceof AggregateError) return new UserError(error.message, { cause: error });
  if ((error as { code?: string }).code === 'ENOENT')
    return new UserError(`There is no file or folder ${(error as { path?: string }).path}.`, { cause: error });
  return error;
}
