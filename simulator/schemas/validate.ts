import { compileSchema, type Problem, type Validator } from '../../contracts/validate.js';
import { SCHEMAS, type SchemaName } from './schemas.js';

const validators = new Map<SchemaName, Promise<Validator>>();

/**
 * Validates a value against one of the simulator's schemas and returns the problems, none if it is valid.
 * Converts numbers to strings where the schema requires a string, so `SITE: 1999888` needs no quotes.
 */
export async function validate(name: SchemaName, value: unknown): Promise<Problem[]> {
  const validator = validators.get(name) ?? compileSchema(SCHEMAS[name]);
  validators.set(name, validator);
  return (await validator)(value);
}
