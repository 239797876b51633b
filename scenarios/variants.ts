import { OPERATIONS, operationBy, VARIANTS, type VariantName } from '../contracts/index.js';
import type { LoadedScenario } from './parse.js';
import type { CaseResult } from './runner.js';
import { partsOf, type Scenario } from './scenario.js';

/** A variant with one of its values. */
export interface VariantChoice {
  readonly name: VariantName;
  readonly value: string;
}

/** A scenario under a variant value other than the default. */
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

/** The scenario under a variant value; undefined if the value cannot make a difference, or if the scenario rests on another one. */
function underVariant(scenario: LoadedScenario, choice: VariantChoice): VariantScenario | undefined {
  const { name, value } = choice;
  const touched: readonly string[] = VARIANTS.find((variant) => variant.name === name)?.operations ?? [];
  const restsOn = { ...scenario.given.variants, ...(scenario.given.account?.variants as object | undefined) } as Record<string, string>;
  if (restsOn[name] !== undefined && restsOn[name] !== value) return undefined;
  const sent = sentTypes(scenario);
  if (!touched.some((TYPE) => sent.has(TYPE))) return undefined;
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
export interface VariantSummary extends VariantChoice {
  readonly cases: number;
  /** Names of the cases that failed, although they passed with the default. */
  readonly broken: readonly string[];
}

const choiceOf = ({ case: { scenario } }: CaseResult): VariantChoice | undefined => (scenario as Partial<VariantScenario>).under;

/** Sums up the results of scenarios that {@link withVariants} returned: one row for each variant value that was tried. */
export function summarizeVariants(results: readonly CaseResult[]): VariantSummary[] {
  const failedAnyway = new Set(
    results.filter((result) => !choiceOf(result) && result.outcome === 'failed').map((result) => result.case.name),
  );
  const summaries = new Map<string, { choice: VariantChoice; cases: number; broken: string[] }>();
  for (const result of results) {
    const choice = choiceOf(result);
    if (!choice || result.outcome === 'skipped') continue;
    const label = labelOf(choice);
    const summary = summaries.get(label) ?? { choice, cases: 0, broken: [] };
    summaries.set(label, summary);
    summary.cases++;
    const name = result.case.name.replace(` [${label}]`, '');
    if (result.outcome === 'failed' && !failedAnyway.has(name)) summary.broken.push(name);
  }
  return [...summaries.values()].map(({ choice, cases, broken }) => ({ ...choice, cases, broken }));
}

const NAMES_SHOWN = 3;

const listNames = (names: readonly string[]): string =>
  names.length === 0
    ? 'nothing'
    : names.slice(0, NAMES_SHOWN).join(', ') + (names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '');

/** Formats the summaries as a table, followed by the verdict. */
export function variantsText(summaries: readonly VariantSummary[]): string {
  const rows = summaries.map((summary) => [labelOf(summary), String(summary.cases), listNames(summary.broken)]);
  const all = [['variant', 'cases', 'what broke'], ...rows];
  const widths = [0, 1].map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, '', verdict(summaries)].join('\n');
}

function verdict(summaries: readonly VariantSummary[]): string {
  const broken = summaries.filter((summary) => summary.broken.length > 0);
  if (summaries.length === 0) return 'No variant touches what these scenarios send.';
  if (broken.length === 0) return 'The integration works whatever the gateway does.';
  return `The integration depends on what the gateway does: it breaks with ${broken.map(labelOf).join(', ')}.`;
}
