import type { ErrorObject, ValidateFunction } from 'ajv';
import { SCHEMAS, type SchemaName } from './schemas.js';

/** What is wrong with a value, and where. */
export interface Problem {
  /** The way to the place, from the top: names and indexes. */
  readonly path: readonly string[];
  readonly message: string;
}

const validators = new Map<SchemaName, ValidateFunction>();

async function validatorOf(name: SchemaName): Promise<ValidateFunction> {
  const known = validators.get(name);
  if (known) return known;
  // Loaded on first use: a simulator that is only paid with never needs it.
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const validator = new Ajv2020({ allErrors: true, strict: false, verbose: true, coerceTypes: true }).compile(SCHEMAS[name]);
  validators.set(name, validator);
  return validator;
}

const MAX_LISTED = 8;

function describe({ keyword, params, message = 'is wrong' }: ErrorObject): string {
  switch (keyword) {
    case 'additionalProperties':
      return `unknown name ${JSON.stringify(params.additionalProperty)}`;
    case 'required':
      return `${params.missingProperty} is missing`;
    case 'enum': {
      const allowed = (params.allowedValues as string[]).filter((value) => value !== '');
      const shown = allowed.slice(0, MAX_LISTED).join(', ');
      return `must be one of ${shown}${allowed.length > MAX_LISTED ? ', … (paybox-sim codes lists them)' : ''}`;
    }
    default:
      return message;
  }
}

function suggest(error: ErrorObject): string {
  if (error.keyword !== 'additionalProperties') return '';
  const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {});
  return known.length > 0 ? `; known here: ${known.join(', ')}` : '';
}

// The parts of an anyOf fail one by one; what they have in common says it better.
const isNoise = (error: ErrorObject): boolean => /\/anyOf\/\d+\//.test(error.schemaPath);

/**
 * Holds a value against a schema. Numbers are turned into texts where the schema wants a text, and the other way round:
 * `SITE: 1999888` need not be quoted.
 */
export async function problemsOf(name: SchemaName, value: unknown): Promise<Problem[]> {
  const validator = await validatorOf(name);
  if (validator(value)) return [];
  return (validator.errors ?? [])
    .filter((error) => !isNoise(error))
    .map((error) => {
      const path = error.instancePath
        .split('/')
        .slice(1)
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
      const message =
        error.keyword === 'anyOf' ? String((error.parentSchema as { description?: string }).description) : describe(error) + suggest(error);
      return { path: error.keyword === 'additionalProperties' ? [...path, error.params.additionalProperty as string] : path, message };
    });
}
