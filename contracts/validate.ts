import type { ErrorObject } from 'ajv';

/** A violation of a schema. */
export interface Problem {
  /** Property names and array indexes from the root to the value. */
  readonly path: readonly string[];
  /** What is wrong, without the path. */
  readonly message: string;
}

const MAX_LISTED = 8;

function messageOf({ keyword, params, message = 'is invalid' }: ErrorObject): string {
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

function knownNames(error: ErrorObject): string {
  if (error.keyword !== 'additionalProperties') return '';
  const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {});
  return known.length > 0 ? `; known here: ${known.join(', ')}` : '';
}

// Each alternative of an anyOf reports its own errors. The error of the anyOf itself is enough.
const isAlternative = (error: ErrorObject): boolean => /\/anyOf\/\d+\//.test(error.schemaPath);

function problemOf(error: ErrorObject): Problem {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (error.keyword === 'additionalProperties') path.push(error.params.additionalProperty as string);
  const described = (error.parentSchema as { description?: string }).description;
  const message = error.keyword === 'anyOf' && described !== undefined ? described : messageOf(error) + knownNames(error);
  return { path, message };
}

/**
 * Validates a value against a schema and returns the violations. Changes the value in place: a number becomes a string where the schema
 * has a string, and the reverse.
 */
export type Validator = (value: unknown) => Problem[];

/**
 * Compiles a JSON Schema (draft 2020-12) to a validator. Ajv is loaded on the first call, because it takes long to load and not every
 * program validates.
 */
export async function compileSchema(schema: object): Promise<Validator> {
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  // The project's own schemas are valid, which a test checks. Compiling the meta-schema takes longer than compiling any of them.
  const ownSchemas = { meta: false, validateSchema: false };
  const isValid = new Ajv2020({ allErrors: true, strict: false, verbose: true, coerceTypes: true, ...ownSchemas }).compile(schema);
  return (value) => (isValid(value) ? [] : (isValid.errors ?? []).filter((error) => !isAlternative(error)).map(problemOf));
}
