import { MPI_VARIABLES, REPLY_ORDER, RESULT_ORDER, VARIABLES } from '../contracts/index.js';
import { nearest } from '../contracts/nearest.js';
import type { Problem } from '../contracts/validate.js';
import { RESULT_VALUES } from './browsing/result-fields.js';
import { partsOf, type Scenario, type Step } from './scenario.js';

const REQUEST_NAMES: readonly string[] = VARIABLES.map(({ name }) => name);

/** How rules and expected requests name a request to RemoteMPI. */
const AUTHENTICATE = 'authenticate';

const MPI_NAMES: readonly string[] = MPI_VARIABLES.map(({ name }) => name);

const WAYS = ['server', 'browser'];
const RESULT_NAMES: readonly string[] = [
  'of',
  ...RESULT_VALUES,
  ...[...RESULT_ORDER, 'check', 'order'].flatMap((name) => [name, ...WAYS.map((way) => `${way}.${name}`)]),
];

interface NamedVariables {
  readonly path: readonly string[];
  readonly names: readonly string[];
  readonly known: readonly string[];
}

const keysOf = (value: unknown): string[] => Object.keys((value ?? {}) as object);

function ruleNames(rule: unknown, path: readonly string[]): NamedVariables {
  const { match } = rule as { readonly match?: { readonly TYPE?: unknown } };
  const isForAuthentication = [match?.TYPE].flat().includes(AUTHENTICATE);
  return { path: [...path, 'match'], names: keysOf(match), known: isForAuthentication ? ['TYPE', ...MPI_NAMES] : REQUEST_NAMES };
}

/** The names of variables that a step mentions, by the place where they are. */
function stepNames(step: Step, path: readonly string[]): NamedVariables[] {
  if ('rule' in step) return [ruleNames(step.rule, [...path, 'rule'])];
  const expected = 'expect' in step ? step.expect : undefined;
  const isSend = 'send' in step;
  const isAuthenticate = 'authenticate' in step;
  return [
    { path: [...path, 'with'], names: isSend ? keysOf(step.with) : [], known: REQUEST_NAMES },
    { path: [...path, 'authenticate'], names: isAuthenticate ? keysOf(step.authenticate) : [], known: MPI_NAMES },
    {
      path: [...path, 'without'],
      names: isSend || isAuthenticate ? (step.without ?? []) : [],
      known: isAuthenticate ? MPI_NAMES : REQUEST_NAMES,
    },
    { path: [...path, 'expect', 'result'], names: keysOf(expected?.result), known: RESULT_NAMES },
    {
      path: [...path, 'expect', 'reply'],
      names: keysOf(expected && 'reply' in expected ? expected.reply : undefined),
      known: REPLY_ORDER,
    },
    ...(expected?.received ?? []).map((request, index) => ({
      path: [...path, 'expect', 'received', String(index), 'with'],
      names: keysOf(request.with),
      known: request.send === AUTHENTICATE ? MPI_NAMES : REQUEST_NAMES,
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
