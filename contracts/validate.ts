import type { ErrorObject } from 'ajv';

/** What is wrong with a value, and where. */
export interface Problem {
  /** The way to the place, from the top: names and indexes. */
  readonly path: readonly string[];
  readonly message: string;
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

function problemOf(error: ErrorObject): Problem {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (error.keyword === 'additionalProperties') path.push(error.params.additionalProperty as string);
  const described = (error.parentSchema as { description?: string }).description;
  const message = error.keyword === 'anyOf' && described !== undefined ? described : describe(error) + suggest(error);
  return { path, message };
}

/** Holds values against a schema. Numbers become texts where the schema wants a text, and the other way round. */
export type Validator = (value: unknown) => Problem[];

/**
 * Makes a validator of a JSON Schema (draft 2020-12). The library is loaded here and not before: who validates nothing
 * never pays for it.
 */
export async function compileSchema(schema: object): Promise<Validator> {
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const holds = new Ajv2020({ allErrors: true, strict: false, verbose: true, coerceTypes: true }).compile(schema);
  return (value) => (holds(value) ? [] : (holds.errors ?? []).filter((error) => !isNoise(error)).map(problemOf));
}
