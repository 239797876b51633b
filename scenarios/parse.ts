import { compileSchema, type Problem, type Validator } from '../contracts/validate.js';
import type { Scenario, Step } from './scenario.js';
import { SCENARIO_SCHEMA, STEP_SCHEMAS } from './schema.js';
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

async function compile(): Promise<Validators> {
  const kinds = Object.keys(STEP_SCHEMAS) as StepKind[];
  const steps = await Promise.all(kinds.map(async (kind) => [kind, await compileSchema(STEP_SCHEMAS[kind])] as const));
  const { steps: items, ...properties } = SCENARIO_SCHEMA.properties as Record<string, object>;
  // Steps are held against the schema of their own kind, which says more than that no kind fits.
  const outer = { ...SCENARIO_SCHEMA, properties: { ...properties, steps: { ...items, items: { type: 'object' } } } };
  return { scenario: await compileSchema(outer), steps: Object.fromEntries(steps) as Record<StepKind, Validator> };
}

function stepProblems(validators: Validators, step: unknown, index: number): Problem[] {
  return problemsAt(validators, step, ['steps', String(index)]);
}

// `expect` may stand with others, so it is the last of them and names the kind only where no other does.
const KINDS = Object.keys(STEP_SCHEMAS) as StepKind[];

function problemsAt(validators: Validators, step: unknown, path: readonly string[]): Problem[] {
  const given = Object.keys((step ?? {}) as object);
  const kind = KINDS.find((name) => given.includes(name));
  if (!kind) return [{ path, message: `a step has one of ${KINDS.join(', ')}` }];
  const own = validators.steps[kind](step).map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
  const parts = kind === 'together' ? (step as { together?: unknown }).together : undefined;
  const inner = Array.isArray(parts)
    ? parts.flatMap((part, index) => problemsAt(validators, part, [...path, 'together', String(index)]))
    : [];
  return [...own, ...inner];
}

const partsOf = (step: Step): readonly Step[] => ('together' in step ? [...step.together, step] : [step]);

/** The earlier steps a step names: whose payment it goes on with, and whose it is held against. */
function wantedNames(step: Step): string[] {
  const on = 'on' in step ? step.on : undefined;
  const of = 'expect' in step ? step.expect?.payment?.of : undefined;
  const own = 'as' in step ? step.as : undefined;
  return [on, of === own ? undefined : of].filter((name) => name !== undefined);
}

function nameProblems({ given, steps }: Scenario): Problem[] {
  const names = new Set([...(given.payments ?? []), ...(given.subscribers ?? [])].map(({ as }) => as));
  const problems: Problem[] = [];
  for (const [index, step] of steps.entries()) {
    for (const part of partsOf(step)) {
      for (const name of wantedNames(part).filter((wanted) => !names.has(wanted))) {
        const known = [...names].filter((known) => known !== undefined).join(', ') || 'none';
        problems.push({ path: ['steps', String(index)], message: `no earlier step is named ${name}; named so far: ${known}` });
      }
      if ('as' in part) names.add(part.as);
    }
  }
  return problems;
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
  const steps = Array.isArray(value?.steps) ? value.steps.flatMap((step, index) => stepProblems(validators, step, index)) : [];
  if (outer.length + steps.length > 0) fail([...outer, ...steps]);
  const scenario = complete(value ?? {});
  const problems = nameProblems(scenario);
  if (problems.length > 0) fail(problems);
  return { ...scenario, file, placeOf: source.placeOf };
}
