import { OPERATIONS, operationNamed } from '../contracts/index.js';
import { nearest } from '../contracts/nearest.js';
import { checkPattern, loadPatterns } from '../contracts/patterns.js';
import { compileSchema, type Problem, type Validator } from '../contracts/validate.js';
import type { Path } from './expectations.js';
import { LAWS } from './explore/laws.js';
import { expressionProblem, loadExpressions } from './explore/scenario-laws.js';
import { partsOf, type Scenario, type Step } from './scenario.js';
import { ScenarioError } from './scenario-error.js';
import { ACTION_KINDS, SCENARIO_SCHEMA, STEP_SCHEMAS } from './schema.js';
import { unknownVariables } from './variable-names.js';
import { type Position, readYaml, YamlError } from './yaml-source.js';

/** A scenario and the file it was read from. */
export interface LoadedScenario extends Scenario {
  readonly file: string;
  /** Returns the position in the file of the value at a path of the scenario. */
  positionOf(path: Path): Position;
}

type StepKind = keyof typeof STEP_SCHEMAS;

interface Validators {
  readonly scenario: Validator;
  readonly steps: Readonly<Record<StepKind, Validator>>;
}

let compiled: Promise<Validators> | undefined;

// `expect` can occur in most kinds of steps. It is last, so that it decides the kind only if there is no other key.
const KINDS = Object.keys(STEP_SCHEMAS) as StepKind[];

const STEP_KEYS = [...new Set(Object.values(STEP_SCHEMAS).flatMap(({ properties }) => Object.keys(properties)))];

/**
 * Returns the schema without its description of the steps in the list `name`. Each step is validated against the schema of
 * its own kind instead, whose messages are more precise than those of an `anyOf`.
 */
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
  const given = typeof step === 'object' ? Object.keys(step ?? {}) : [];
  const kind = KINDS.find((name) => given.includes(name));
  if (!kind || !kinds.includes(kind)) {
    const message = `${kinds === KINDS ? 'a step' : 'a step in together'} needs one of ${kinds.join(', ')}`;
    const unknown = given.find((name) => !STEP_KEYS.includes(name));
    if (unknown === undefined) return [{ path, message }];
    const near = nearest(unknown, kinds);
    return [{ path, message: `${unknown} is not a key of a step; ${near === undefined ? message : `did you mean ${near}?`}` }];
  }
  const own = steps[kind](step).map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
  const parts = kind === 'together' ? (step as { together?: unknown }).together : undefined;
  return [...own, ...listProblems({ steps }, parts, [...path, 'together'], ACTION_KINDS)];
}

function listProblems(
  validators: Pick<Validators, 'steps'>,
  list: unknown,
  path: readonly string[],
  kinds: readonly StepKind[],
): Problem[] {
  return Array.isArray(list) ? list.flatMap((step, index) => stepProblems(validators, step, [...path, String(index)], kinds)) : [];
}

/** Returns the names of earlier steps that a step refers to, by `on` and by the `of` of an expected payment. */
function referredNames(step: Step): string[] {
  const on = 'on' in step ? step.on : undefined;
  const of = 'expect' in step ? step.expect?.payment?.of : undefined;
  const result = 'expect' in step ? step.expect?.result?.of : undefined;
  const own = 'as' in step ? step.as : undefined;
  return [on, ...[of, result].filter((name) => name !== own)].filter((name) => name !== undefined);
}

function unknownNames(step: Step, names: ReadonlySet<string | undefined>, path: readonly string[]): Problem[] {
  const known = [...names].filter((name) => name !== undefined).join(', ') || 'none';
  const unknown = referredNames(step).filter((name) => !names.has(name));
  return unknown.map((name) => ({ path, message: `no earlier step is named ${name}; named so far: ${known}` }));
}

function nameProblems({ given, steps }: Scenario): Problem[] {
  const names = new Set([...(given.payments ?? []), ...(given.subscribers ?? [])].map(({ as }) => as));
  const problems: Problem[] = [];
  for (const [index, step] of steps.entries()) {
    const path = ['steps', String(index)];
    // Concurrent steps cannot refer to each other.
    const parts = 'together' in step ? step.together : [];
    problems.push(...parts.flatMap((part, at) => unknownNames(part, names, [...path, 'together', String(at)])));
    for (const part of parts) names.add(part.as);
    problems.push(...unknownNames(step, names, path));
    if ('as' in step) names.add(step.as);
  }
  return problems;
}

// A TYPE in digits may be unknown, to test how the gateway answers it. A word must be the name of an operation.
const isSendable = (send: string): boolean => /^\d+$/.test(send) || send.includes('${') || operationNamed(send) !== undefined;

function operationProblems({ steps }: Scenario): Problem[] {
  return steps.flatMap((step, index) =>
    partsOf(step).flatMap((part) => {
      if (!('send' in part) || isSendable(part.send)) return [];
      const names = OPERATIONS.map(({ name }) => name).join(', ');
      return [
        { path: ['steps', String(index), 'send'], message: `unknown operation ${part.send}; use a TYPE in digits or one of ${names}` },
      ];
    }),
  );
}

/** Returns the problems of the regular expressions in a value. Those with `${name}` are known only when the scenario runs. */
function patternProblems(value: unknown, path: readonly string[] = []): Problem[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => {
    const at = [...path, name];
    if (name !== 'pattern' || typeof part !== 'string' || part.includes('${')) return patternProblems(part, at);
    try {
      checkPattern(part);
      return [];
    } catch (error) {
      return [{ path: at, message: (error as Error).message }];
    }
  });
}

function lawProblems({ laws = [] }: Scenario): Problem[] {
  return laws.flatMap(({ id, holds }, index) => {
    const path = ['laws', String(index)];
    const isTaken = LAWS.some((law) => law.id === id) || laws.findIndex((law) => law.id === id) < index;
    const message = expressionProblem(holds);
    return [
      ...(message === undefined ? [] : [{ path: [...path, 'holds'], message }]),
      ...(isTaken ? [{ path: [...path, 'id'], message: `${id} is already the name of a law` }] : []),
    ];
  });
}

const asStrings = (row: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)]));

function withDefaults(value: Partial<Scenario>): Scenario {
  return {
    safe: false,
    unknown: false,
    tags: [],
    needs: [],
    catches: [],
    given: {},
    ...(value as Pick<Scenario, 'id' | 'why'> & { steps: readonly Step[] }),
    examples: (value.examples ?? [{}]).map(asStrings),
  };
}

/** A path with its list elements counted from one, as the reports count steps. */
const shownPath = (path: readonly string[]): string =>
  path.map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : part)).join('.') || 'the file';

/** Reads a part of a scenario file, and turns the YamlError of a file that is not valid YAML into a ScenarioError. */
export function withScenarioError<Result>(file: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new ScenarioError(file, [{ ...error.position, message: error.message }]);
  }
}

/**
 * Parses a scenario in YAML or JSON.
 *
 * @param file name of the file in messages
 * @throws ScenarioError listing every problem with its position
 */
export async function parseScenario(text: string, file: string): Promise<LoadedScenario> {
  compiled ??= compile();
  const validators = await compiled;
  const source = withScenarioError(file, () => readYaml(text));
  const fail = (problems: readonly Problem[]): never => {
    throw new ScenarioError(
      file,
      problems.map(({ path, message }) => ({ ...source.positionOf(path), message: `${shownPath(path)}: ${message}` })),
    );
  };
  const value = source.value as Partial<Scenario> | null;
  const outer = validators.scenario(value);
  const steps = listProblems(validators, value?.steps, ['steps'], KINDS);
  if (outer.length + steps.length > 0) fail([...outer, ...steps]);
  const scenario = withDefaults(value ?? {});
  if (text.includes('pattern')) await loadPatterns();
  if (scenario.laws) await loadExpressions();
  const { given, steps: parsed } = scenario;
  const problems = [
    ...nameProblems(scenario),
    ...operationProblems(scenario),
    ...unknownVariables(scenario),
    ...patternProblems({ given, steps: parsed }),
    ...lawProblems(scenario),
  ];
  if (problems.length > 0) fail(problems);
  return { ...scenario, file, positionOf: source.positionOf };
}
