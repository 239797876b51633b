import { VARIABLE_BY_NAME } from '../../../contracts/index.js';
import { nearest } from '../../../contracts/nearest.js';
import type { RuleError } from './check-rule.js';

/**
 * Returns the message of an error for a person: a name that is not that of a variable is answered with the nearest one, or with all of
 * them. They are not part of {@link RuleError}, which pages with the MSW handlers load.
 */
export function ruleMessage({ message, path }: RuleError): string {
  const [place, name = ''] = path;
  if (place !== 'match' || VARIABLE_BY_NAME.has(name)) return message;
  const known = [...VARIABLE_BY_NAME.keys()];
  const near = nearest(name, known);
  return near === undefined
    ? `${message} Variables: ${known.join(', ')}.`
    : `${name} is not a variable of the gateway; did you mean ${near}?`;
}
