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

const typeOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value);

/** The path in the schema of the alternative of an anyOf that takes values of this type. Undefined unless exactly one does. */
function onlyAlternative({ data, parentSchema, schemaPath }: ErrorObject): string | undefined {
  const alternatives = ((parentSchema as { anyOf?: readonly { type?: string }[] }).anyOf ?? []).map(({ type }) =>
    type === 'integer' ? 'number' : type,
  );
  const index = alternatives.indexOf(typeOf(data));
  return index >= 0 && index === alternatives.lastIndexOf(typeOf(data)) ? `${schemaPath}/${index}/` : undefined;
}

/**
 * Each alternative of an anyOf reports its own errors. Keeps those of the alternative that is meant, if the type of the value shows it;
 * else the error of the anyOf itself.
 */
function withoutAlternatives(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const ofAnyOf = errors.filter(({ keyword }) => keyword === 'anyOf');
  const meant = ofAnyOf.map(onlyAlternative);
  return errors.filter((error) => {
    if (error.keyword === 'anyOf') return onlyAlternative(error) === undefined;
    const inside = ofAnyOf.filter(({ schemaPath }) => error.schemaPath.startsWith(`${schemaPath}/`));
    return inside.length === 0 || meant.some((path) => path !== undefined && error.schemaPath.startsWith(path));
  });
}

/** Whether the description of the value says more than the message: what the alternatives are, or the form that the one meant has. */
const isDescribed = ({ keyword, schemaPath }: ErrorObject): boolean =>
  keyword === 'anyOf' || (keyword === 'pattern' && schemaPath.includes('/anyOf/'));

function problemOf(error: ErrorObject): Problem {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (error.keyword === 'additionalProperties') path.push(error.params.additionalProperty as string);
  const described = (error.parentSchema as { description?: string }).description;
  const message = isDescribed(error) && described !== undefined ? described : messageOf(error) + knownNames(error);
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
  return (value) => (isValid(value) ? [] : withoutAlternatives(isValid.errors ?? []).map(problemOf));
}
