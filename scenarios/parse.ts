import { OPERATIONS, operationNamed } from '../contracts/index.js';
import { compileSchema, type Problem, type Validator } from '../contracts/validate.js';
import { partsOf } from './parts-of.js';
import type { Scenario, Step } from './scenario.js';
import { ASKING_KINDS, SCENARIO_SCHEMA, STEP_SCHEMAS } from './schema.js';
import { type Place, readYaml, YamlError, type YamlSource } from './yaml-source.js';

/** What is wrong with a scenario file, and where. */
export interface ScenarioProblem extends Place {
  readonly message: string;
}

/** A file that holds no scenario that can be run. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly file: string;
  readonly problems: readonly ScenarioProblem[];

  constructor(file: string, problems: readonly ScenarioProblem[]) {
    super(problems.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'));
    this.file = file;
    this.problems = problems;
  }
}

/** A scenario with the text it came from. */
export interface LoadedScenario extends Scenario {
  readonly file: string;
  /** Where the value at a path of the scenario stands. */
  placeOf(path: readonly (string | number)[]): Place;
}

type StepKind = keyof typeof STEP_SCHEMAS;

interface Validators {
  readonly scenario: Validator;
  readonly steps: Readonly<Record<StepKind, Validator>>;
}

let compiled: Promise<Validators> | undefined;

// `expect` may stand with others, so it is the last of them and names the kind only where no other does.
const KINDS = Object.keys(STEP_SCHEMAS) as StepKind[];

/** A schema whose list holds steps, without what it says of them: each is held against the schema of its own kind, which says more. */
function withoutSteps<Schema extends { readonly properties: object }>(schema: Schema, name: string): Schema {
  const list = (schema.properties as Record<string, object>)[name];
  return { ...schema, properties: { ...schema.properties, [name]: { ...list, items: { type: 'object' } } } };
}

async function compile(): Promise<Validators> {
  const schemas = { ...STEP_SCHEMAS, together: withoutSteps(STEP_SCHEMAS.together, 'together') };
  const steps = await Promise.all(KINDS.map(async (kind) => [kind, await compileSchema(schemas[kind])] as const));
  const outer = withoutSteps(SCENARIO_SCHEMA, 'steps');
  return { scenario: await compileSchema(outer), steps: Object.fromEntries(steps) as Record<StepKind, Validator> };
}

function stepProblems({ steps }: Pick<Validators, 'steps'>, step: unknown, path: readonly string[], kinds: readonly StepKind[]): Problem[] {
  const given = Object.keys((step ?? {}) as object);
  const kind = KINDS.find((name) => given.includes(name));
  if (!kind || !kinds.includes(kind))
    return [{ path, message: `a step${kinds === KINDS ? '' : ' made at once with others'} has one of ${kinds.join(', ')}` }];
  const own = steps[kind](step).map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
  const parts = kind === 'together' ? (step as { together?: unknown }).together : undefined;
  return [...own, ...listProblems({ steps }, parts, [...path, 'together'], ASKING_KINDS)];
}

function listProblems(
  validators: Pick<Validators, 'steps'>,
  list: unknown,
  path: readonly string[],
  kinds: readonly StepKind[],
): Problem[] {
  return Array.isArray(list) ? list.flatMap((step, index) => stepProblems(validators, step, [...path, String(index)], kinds)) : [];
}

/** The earlier steps a step names: whose payment it goes on with, and whose it is held against. */
function wantedNames(step: Step): string[] {
  const on = 'on' in step ? step.on : undefined;
  const of = 'expect' in step ? step.expect?.payment?.of : undefined;
  const own = 'as' in step ? step.as : undefined;
  return [on, of === own ? undefined : of].filter((name) => name !== undefined);
}

function unknownNames(step: Step, names: ReadonlySet<string | undefined>, path: readonly string[]): Problem[] {
  const known = [...names].filter((name) => name !== undefined).join(', ') || 'none';
  const unknown = wantedNames(step).filter((name) => !names.has(name));
  return unknown.map((name) => ({ path, message: `no earlier step is named ${name}; named so far: ${known}` }));
}

function nameProblems({ given, steps }: Scenario): Problem[] {
  const names = new Set([...(given.payments ?? []), ...(given.subscribers ?? [])].map(({ as }) => as));
  const problems: Problem[] = [];
  for (const [index, step] of steps.entries()) {
    const path = ['steps', String(index)];
    // Steps that are made at once do not know each other.
    const parts = 'together' in step ? step.together : [];
    problems.push(...parts.flatMap((part, at) => unknownNames(part, names, [...path, 'together', String(at)])));
    for (const part of parts) names.add(part.as);
    problems.push(...unknownNames(step, names, path));
    if ('as' in step) names.add(step.as);
  }
  return problems;
}

// A TYPE in digits may be one that no gateway knows, which is a case worth having; a word is the name of an operation.
const isSendable = (send: string): boolean => /^\d+$/.test(send) || send.includes('${') || operationNamed(send) !== undefined;

function operationProblems({ steps }: Scenario): Problem[] {
  return steps.flatMap((step, index) =>
    partsOf(step).flatMap((part) => {
      if (!('send' in part) || isSendable(part.send)) return [];
      const names = OPERATIONS.map(({ name }) => name).join(', ');
      return [{ path: ['steps', String(index), 'send'], message: `no operation ${part.send}; there are ${names}, or a TYPE in digits` }];
    }),
  );
}

const asText = (row: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)]));

function complete(value: Partial<Scenario>): Scenario {
  return {
    safe: false,
    tags: [],
    needs: [],
    catches: [],
    given: {},
    ...(value as Pick<Scenario, 'id' | 'why' | 'section' | 'weight'> & { steps: readonly Step[] }),
    examples: (value.examples ?? [{}]).map(asText),
  };
}

function readSource(text: string, file: string): YamlSource {
  try {
    return readYaml(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new ScenarioError(file, [{ ...error.place, message: error.message }]);
  }
}

/**
 * Reads a scenario from YAML.
 *
 * @param file what to call it in messages
 * @throws ScenarioError naming the place of everything that is wrong
 */
export async function parseScenario(text: string, file: string): Promise<LoadedScenario> {
  compiled ??= compile();
  const validators = await compiled;
  const source = readSource(text, file);
  const fail = (problems: readonly Problem[]): never => {
    throw new ScenarioError(
      file,
      problems.map(({ path, message }) => ({ ...source.placeOf(path), message: `${path.join('.') || 'the file'}: ${message}` })),
    );
  };
  const value = source.value as Partial<Scenario> | null;
  const outer = validators.scenario(value);
  const steps = listProblems(validators, value?.steps, ['steps'], KINDS);
  if (outer.length + steps.length > 0) fail([...outer, ...steps]);
  const scenario = complete(value ?? {});
  const problems = [...nameProblems(scenario), ...operationProblems(scenario)];
  if (problems.length > 0) fail(problems);
  return { ...scenario, file, placeOf: source.placeOf };
}
