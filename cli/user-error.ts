import { ScenarioError } from '../scenarios/scenario-error.js';
import { problemIn } from '../simulator/inspector/translate-problem.js';
import { currentLanguage, messages, translated } from './messages/index.js';

/** An error that the user can correct. It is shown without a stack trace, and the command exits with status 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

function scenarioMessage({ message, file, problems }: ScenarioError): string {
  if (problems.length === 0) return translated('simulator', message);
  return problems
    .map(({ line, column, message: problem }) => `${file}:${line}:${column}: ${problemIn(currentLanguage(), problem)}`)
    .join('\n');
}

/** Turns an error of reading scenario files into a {@link UserError}. Returns any other error unchanged. */
export function asUserError(error: unknown): unknown {
  if (error instanceof ScenarioError) return new UserError(scenarioMessage(error), { cause: error });
  if (error instanceof AggregateError)
    return new UserError((error.errors as ScenarioError[]).map(scenarioMessage).join('\n'), { cause: error });
  if ((error as { code?: string }).code === 'ENOENT')
    return new UserError(messages().noFile(String((error as { path?: string }).path)), { cause: error });
  return error;
}
