import { REPLY_ORDER, VARIABLES } from '../contracts/index.js';
import { nearest } from '../contracts/nearest.js';
import type { Problem } from '../contracts/validate.js';
import { partsOf, type Scenario, type Step } from './scenario.js';

const REQUEST_NAMES: readonly string[] = VARIABLES.map(({ name }) => name);

interface NamedVariables {
  readonly path: readonly string[];
  readonly names: readonly string[];
  readonly known: readonly string[];
}

const keysOf = (value: unknown): string[] => Object.keys((value ?? {}) as object);

function ruleNames(rule: unknown, path: readonly string[]): NamedVariables {
  return { path: [...path, 'match'], names: keysOf((rule as { match?: unknown }).match), known: REQUEST_NAMES };
}

/** The names of variables that a step mentions, by the place where they are. */
function stepNames(step: Step, path: readonly string[]): NamedVariables[] {
  if ('rule' in step) return [ruleNames(step.rule, [...path, 'rule'])];
  const expected = 'expect' in step ? step.expect : undefined;
  const isSend = 'send' in step;
  return [
    { path: [...path, 'with'], names: isSend ? keysOf(step.with) : [], known: REQUEST_NAMES },
    { path: [...path, 'without'], names: isSend ? (step.without ?? []) : [], known: REQUEST_NAMES },
    {
      path: [...path, 'expect', 'reply'],
      names: keysOf(expected && 'reply' in expected ? expected.reply : undefined),
      known: REPLY_ORDER,
    },
    ...(expected?.received ?? []).map((request, index) => ({
      path: [...path, 'expect', 'received', String(index), 'with'],
      names: keysOf(request.with),
      known: REQUEST_NAMES,
    })),
  ];
}

function scenarioNames({ given, steps }: Scenario): NamedVariables[] {
  const ofGiven = [
    ...(given.rules ?? []).map((rule, index) => ruleNames(rule, ['given', 'rules', String(index)])),
    ...(given.subscribers ?? []).map((subscriber, index) => ({
      path: ['given', 'subscribers', String(index), 'with'],
      names: keysOf(subscriber.with),
      known: REQUEST_NAMES,
    })),
  ];
  const ofSteps = steps.flatMap((step, index) => {
    const path = ['steps', String(index)];
    const parts = 'together' in step ? partsOf(step).flatMap((part, at) => stepNames(part, [...path, 'together', String(at)])) : [];
    return [...stepNames(step, path), ...parts];
  });
  return [...ofGiven, ...ofSteps];
}

/**
 * Finds names of variables that the gateway does not know. They are mistakes unless the scenario sets `unknown: true`.
 * A name that contains `${…}` is known only when the scenario runs.
 */
export function unknownVariables(scenario: Scenario): Problem[] {
  if (scenario.unknown) return [];
  return scenarioNames(scenario).flatMap(({ path, names, known }) =>
    names
      .filter((name) => !known.includes(name) && !name.includes('${'))
      .map((name) => {
        const near = nearest(name, known);
        const hint = near === undefined ? '' : `; did you mean ${near}?`;
        const where = path.at(-1) === 'without' ? path : [...path, name];
        return { path: where, message: `the gateway has no variable ${name}${hint} (\`unknown: true\` in the scenario allows any name)` };
      }),
  );
}
