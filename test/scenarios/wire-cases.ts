import type { LoadedScenario } from '../../scenarios/parse.js';
import { type Case, casesOf } from '../../scenarios/runner.js';
import { type Expectation, partsOf, type Step } from '../../scenarios/scenario.js';

const expectationOf = (step: Step): Expectation => ('expect' in step ? (step.expect ?? {}) : {});

const handlesBytes = (step: Step): boolean => 'raw' in step || expectationOf(step).wire !== undefined;

/** Returns what the questions of a step are, as far as a transport can treat them differently. */
function kindsOfStep(step: Step, row: Case['row']): string[] {
  const value = (text: unknown): unknown =>
    typeof text === 'string' ? text.replace(/\$\{(\w+)\}/g, (whole, name: string) => row[name] ?? whole) : text;
  const kinds = 'send' in step ? { operation: value(step.send), TYPE: value(step.with?.TYPE), host: step.host, sign: step.sign } : {};
  const named = Object.entries(kinds).flatMap(([name, kind]) => (typeof kind === 'string' ? [`${name} ${kind}`] : []));
  return [...Object.keys(step), ...named];
}

const kindsOf = ({ scenario, row }: Case): string[] => [
  ...Object.keys(scenario.given),
  ...scenario.steps.flatMap(partsOf).flatMap((step) => kindsOfStep(step, row)),
];

/**
 * Selects the cases whose result another transport or store can change: all rows of the scenarios that send bytes as they are written
 * or check the bytes or headers of replies, and of the others each case with an operation, TYPE, host, signature, kind of step or
 * kind of state that no case before it has. The rest differs only in what the gateway decides.
 */
export function wireCases(scenarios: readonly LoadedScenario[]): LoadedScenario[] {
  const seen = new Set<string>();
  return scenarios.flatMap((scenario) => {
    const all = scenario.steps.flatMap(partsOf).some(handlesBytes);
    const selected = casesOf([scenario]).filter((one) => {
      const kinds = kindsOf(one).filter((kind) => !seen.has(kind));
      for (const kind of kinds) seen.add(kind);
      return all || kinds.length > 0;
    });
    return selected.length === 0 ? [] : [{ ...scenario, examples: selected.map(({ row }) => row) }];
  });
}
