import { OPERATIONS, operationBy, VARIANTS, type VariantName } from '../contracts/index.js';
import type { LoadedScenario } from './parse.js';
import type { CaseResult } from './runner.js';
import { partsOf, type Scenario } from './scenario.js';

/** A variant with one of its values. */
export interface VariantChoice {
  readonly name: VariantName;
  readonly value: string;
}

/** A scenario under a chosen value of a variant. */
interface VariantScenario extends LoadedScenario {
  readonly under: VariantChoice;
}

/** Every value of every variant that is not the default. */
const ALTERNATIVES: readonly VariantChoice[] = VARIANTS.flatMap(({ name, values: [, ...others] }) =>
  others.map(({ value }) => ({ name, value })),
);

const labelOf = ({ name, value }: VariantChoice): string => `${name}=${value}`;

/**
 * Reads `each`, or the value of a variant (`captureNumbers=new`).
 *
 * @throws RangeError when there is no such variant or value
 */
export function readVariantChoices(text: string): readonly VariantChoice[] {
  if (text === 'each') return ALTERNATIVES;
  const [given = '', value = ''] = text.split('=');
  const variant = VARIANTS.find(({ name }) => name === given);
  if (!variant) throw new RangeError(`${given} is not a variant. Variants: ${VARIANTS.map(({ name }) => name).join(', ')}.`);
  const values = variant.values.map((one) => one.value as string);
  if (!values.includes(value)) throw new RangeError(`${given} has no value ${value || '(empty)'}. Values: ${values.join(', ')}.`);
  return [{ name: variant.name, value }];
}

/** The TYPEs that a scenario sends. Programs and raw bodies may send any. */
function sentTypes({ steps, given }: Scenario): ReadonlySet<string> {
  const types = steps.flatMap(partsOf).flatMap((step) => {
    if ('raw' in step || 'run' in step || 'call' in step) return OPERATIONS.map(({ TYPE }) => TYPE);
    return 'send' in step ? [operationBy(step.send)?.TYPE ?? ''] : [];
  });
  return new Set([...types, ...(given.subscribers ? ['00056'] : [])]);
}

/** Whether a variant changes the replies to something that a scenario sends. */
function touches({ name }: VariantChoice, scenario: Scenario): boolean {
  const operations: readonly string[] = VARIANTS.find((variant) => variant.name === name)?.operations ?? [];
  const sent = sentTypes(scenario);
  return operations.some((TYPE) => sent.has(TYPE));
}

/** The scenario under a variant value; undefined if the value cannot make a difference, or if the scenario depends on another one. */
function underVariant(scenario: LoadedScenario, choice: VariantChoice): VariantScenario | undefined {
  const { name, value } = choice;
  const dependsOn = { ...scenario.given.variants, ...(scenario.given.account?.variants as object | undefined) } as Record<string, string>;
  if (dependsOn[name] !== undefined && dependsOn[name] !== value) return undefined;
  if (!touches(choice, scenario)) return undefined;
  return {
    ...scenario,
    id: `${scenario.id} [${labelOf(choice)}]`,
    given: { ...scenario.given, variants: { ...scenario.given.variants, [name]: value } },
    under: choice,
  };
}

/** The scenarios, followed by each of them under each variant value that touches what it sends. */
export function withVariants(scenarios: readonly LoadedScenario[], choices: readonly VariantChoice[]): readonly LoadedScenario[] {
  return [...scenarios, ...choices.flatMap((choice) => scenarios.flatMap((scenario) => underVariant(scenario, choice) ?? []))];
}

/** The cases under one variant value. */
interface VariantSummary extends VariantChoice {
  /** How many cases were compared: those that passed with the default values. */
  readonly cases: number;
  /** Names of the cases that failed. */
  readonly broken: readonly string[];
}

/** What the results of scenarios under variant values show. */
export interface VariantsReport {
  readonly head: readonly string[];
  /** A row for each variant value that was tried. */
  readonly rows: readonly (readonly string[])[];
  /** Sentences to print below the table. */
  readonly verdict: string;
}

const choiceOf = ({ case: { scenario } }: CaseResult): VariantChoice | undefined => (scenario as Partial<VariantScenario>).under;

function summarize(results: readonly CaseResult[], failedByDefault: ReadonlySet<string>): VariantSummary[] {
  const summaries = new Map<string, { choice: VariantChoice; cases: number; broken: string[] }>();
  for (const result of results) {
    const choice = choiceOf(result);
    if (!choice || result.outcome === 'skipped') continue;
    const label = labelOf(choice);
    const summary = summaries.get(label) ?? { choice, cases: 0, broken: [] };
    summaries.set(label, summary);
    const name = result.case.name.replace(` [${label}]`, '');
    if (failedByDefault.has(name)) continue;
    summary.cases++;
    if (result.outcome === 'failed') summary.broken.push(name);
  }
  return [...summaries.values()].map(({ choice, cases, broken }) => ({ ...choice, cases, broken }));
}

const NAMES_SHOWN = 3;

const listNames = (names: readonly string[]): string =>
  names.length === 0
    ? 'nothing'
    : names.slice(0, NAMES_SHOWN).join(', ') + (names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '');

function verdictOf(summaries: readonly VariantSummary[], isComplete: boolean): string {
  const broken = summaries.filter((summary) => summary.broken.length > 0);
  if (summaries.length === 0) return 'No variant touches what these scenarios send.';
  if (broken.length > 0) return `The integration depends on what the gateway does: it breaks with ${broken.map(labelOf).join(', ')}.`;
  return isComplete
    ? 'The integration works whatever the gateway does.'
    : 'Every case that passes with the default values also passes with each tried value.';
}

const notCompared = (count: number): string[] =>
  count === 0
    ? []
    : [
        `${count} ${count === 1 ? 'case fails' : 'cases fail'} with the default values too and ${count === 1 ? 'was' : 'were'} not compared.`,
      ];

/** Compares the results of scenarios that {@link withVariants} returned: those under variant values with those under the defaults. */
export function reportVariants(results: readonly CaseResult[]): VariantsReport {
  const byDefault = results.filter((result) => !choiceOf(result));
  const failedByDefault = new Set(byDefault.filter(({ outcome }) => outcome === 'failed').map((result) => result.case.name));
  const summaries = summarize(results, failedByDefault);
  const tried = new Set(summaries.map(labelOf));
  const isEachTried = ALTERNATIVES.every(
    (choice) => tried.has(labelOf(choice)) || !byDefault.some((result) => touches(choice, result.case.scenario)),
  );
  return {
    head: ['variant=value', 'cases', 'what broke'],
    rows: summaries.map((summary) => [labelOf(summary), String(summary.cases), listNames(summary.broken)]),
    verdict: [...notCompared(failedByDefault.size), verdictOf(summaries, isEachTried && failedByDefault.size === 0)].join('\n'),
  };
}
