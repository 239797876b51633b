import { compileSchema, type Problem, type Validator } from '../../contracts/validate.js';
import { SCHEMAS, type SchemaName } from './schemas.js';

const validators = new Map<SchemaName, Promise<Validator>>();

/** Holds a value against one of the simulator's schemas; `SITE: 1999888` need not be quoted. */
export async function validate(name: SchemaName, value: unknown): Promise<Problem[]> {
  const validator = validators.get(name) ?? compileSchema(SCHEMAS[name]);
  validators.set(name, validator);
  return (await validator)(value);
}
