import { VARIABLE_BY_NAME } from '../../../contracts/index.js';
import { nearest } from '../../../contracts/nearest.js';
import { type RuleError, UnknownVariable } from './check-rule.js';

const VARIABLES = [...VARIABLE_BY_NAME.keys()];

/** Returns a message about a name that is nearly that of a variable; undefined if it is one, or is not similar to any. */
export function misspelledVariable(name: string): string | undefined {
  const near = VARIABLE_BY_NAME.has(name) ? undefined : nearest(name, VARIABLES);
  return near && `${name} is not a variable of the gateway; did you mean ${near}?`;
}

/**
 * Returns the message of an error for a person: a name that is not that of a variable is answered with the nearest one, or with all of
 * them. They are not part of {@link RuleError}, which pages with the MSW handlers load.
 */
export function ruleMessage(error: RuleError): string {
  const { message, path } = error;
  const [place, name = ''] = path;
  if (place !== 'match' || !(error instanceof UnknownVariable)) return message;
  const near = nearest(name, error.known);
  return near ? `${message.slice(0, -1)}; did you mean ${near}?` : `${message} Variables: ${error.known.join(', ')}.`;
}
