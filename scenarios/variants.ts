import { OPERATIONS, operationOf, VARIANTS, type VariantName } from '../contracts/index.js';
import type { LoadedScenario } from './parse.js';
import { type CaseRecord, everyStepOf } from './run-case.js';
import { type Case, type CaseResult, type RunOptions, type RunSummary, runScenarios } from './runner.js';
import { partsOf, type Scenario, startsPrograms } from './scenario.js';

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

/** An ISO 8601 duration, which some variants accept as a value. */
const DURATION = /^P(?=.)(\d+[YMWD])*(T(\d+[HMS])+)?$/;

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
  const isDuration = 'accepts' in variant && DURATION.test(value);
  if (value === '') throw new RangeError(`${given} needs a value: ${values.map((one) => `${given}=${one}`).join(' or ')}.`);
  if (!values.includes(value) && !isDuration) throw new RangeError(`${given} has no value ${value}. Values: ${values.join(', ')}.`);
  return [{ name: variant.name, value }];
}

/** The variable without which a question does not show the value of a variant. */
const NEEDED_VARIABLES: Partial<Record<VariantName, string>> = { id3dLife: 'ID3D', id3dReuse: 'ID3D', id3dMismatch: 'ID3D' };

/**
 * The TYPEs of the operations that a case sent, by its own steps and by the programs that it started.
 *
 * @param needed only of questions with this variable
 */
function sentTypes({ given, steps }: Scenario, record: CaseRecord, needed: string | undefined): ReadonlySet<string> {
  const isMeant = (names: { has(name: string): boolean } | undefined): boolean => needed === undefined || names?.has(needed) === true;
  const sent = everyStepOf(record).map(({ exchange }) => (isMeant(exchange?.sent) ? (exchange?.sent.get('TYPE') ?? '') : ''));
  const received = record.received?.filter(({ names }) => isMeant(names)) ?? [];
  // Subscribers of `given` without a token are registered with this operation.
  const isRegistered = given.subscribers?.some(({ token }) => token === undefined) === true;
  const ofSubscribers = isRegistered && needed === undefined ? ['00056'] : [];
  const types = [...sent, ...received.map(({ TYPE }) => TYPE), ...ofSubscribers].map((type) => operationOf(type)?.TYPE ?? '');
  // A raw body need not be a form with a TYPE, so its reply may depend on any variant.
  return new Set(steps.flatMap(partsOf).some((step) => 'raw' in step) ? OPERATIONS.map(({ TYPE }) => TYPE) : types);
}

const usesHostedPage = ({ steps }: Scenario, { hasCheckouts }: CaseRecord): boolean =>
  hasCheckouts === true || steps.flatMap(partsOf).some((step) => 'checkout' in step);

/** Whether a variant changes the replies to something that a case sent, or what its shop gets from the hosted page. */
function touches({ name }: VariantChoice, scenario: Scenario, record: CaseRecord): boolean {
  const operations: readonly string[] = VARIANTS.find((variant) => variant.name === name)?.operations ?? [];
  if (operations.length === 0) return usesHostedPage(scenario, record);
  const sent = sentTypes(scenario, record, NEEDED_VARIABLES[name]);
  return operations.some((TYPE) => sent.has(TYPE));
}

/** Whether a scenario sets another value of a variant itself. */
function isPinned({ name, value }: VariantChoice, { given }: Scenario): boolean {
  const dependsOn = { ...given.variants, ...(given.account?.variants as object | undefined) } as Record<string, string>;
  return dependsOn[name] !== undefined && dependsOn[name] !== value;
}

function underVariant({ scenario, row }: Case, choice: VariantChoice): VariantScenario {
  return {
    ...scenario,
    id: `${scenario.id} [${labelOf(choice)}]`,
    examples: [row],
    given: { ...scenario.given, variants: { ...scenario.given.variants, [choice.name]: choice.value } },
    under: choice,
  };
}

/**
 * Runs scenarios with the default values, and then each case that passed under each of the variant values that touch what it sent.
 *
 * @throws ControlApiError, or the error of fetch, when the simulator of the target does not answer
 */
export async function runUnderVariants(
  scenarios: readonly LoadedScenario[],
  choices: readonly VariantChoice[],
  options: RunOptions,
): Promise<RunSummary> {
  const byDefault = await runScenarios(scenarios, options);
  const chosen = choices.flatMap((choice) =>
    byDefault.results.flatMap((result) => {
      if (result.outcome !== 'passed' || isPinned(choice, result.case.scenario)) return [];
      return touches(choice, result.case.scenario, result.record) ? [underVariant(result.case, choice)] : [];
    }),
  );
  const others = await runScenarios(chosen, options);
  return {
    results: [...byDefault.results, ...others.results],
    passed: byDefault.passed + others.passed,
    failed: byDefault.failed + others.failed,
    skipped: byDefault.skipped + others.skipped,
    milliseconds: byDefault.milliseconds + others.milliseconds,
  };
}

/** The cases under one variant value. */
interface VariantSummary extends VariantChoice {
  /** How many cases ran. */
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

function summarize(results: readonly CaseResult[]): VariantSummary[] {
  const summaries = new Map<string, { choice: VariantChoice; cases: number; broken: string[] }>();
  for (const result of results) {
    const choice = choiceOf(result);
    if (!choice || result.outcome === 'skipped') continue;
    const label = labelOf(choice);
    const summary = summaries.get(label) ?? { choice, cases: 0, broken: [] };
    summaries.set(label, summary);
    summary.cases++;
    if (result.outcome === 'failed') summary.broken.push(result.case.name.replace(` [${label}]`, ''));
  }
  return [...summaries.values()].map(({ choice, cases, broken }) => ({ ...choice, cases, broken }));
}

const NAMES_SHOWN = 3;

const listNames = (names: readonly string[]): string =>
  names.length === 0
    ? 'nothing'
    : names.slice(0, NAMES_SHOWN).join(', ') + (names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '');

function verdictOf(byDefault: readonly CaseResult[], summaries: readonly VariantSummary[], isComplete: boolean): string {
  const broken = summaries.filter((summary) => summary.broken.length > 0);
  const isOfIntegration = byDefault.some((result) => startsPrograms(result.case.scenario));
  if (!byDefault.some(({ outcome }) => outcome === 'passed'))
    return 'No variant was tried, because no case passes with the default values.';
  if (summaries.length === 0) return 'No variant was tried: none touches what the cases send, or the scenarios set its value themselves.';
  if (broken.length > 0)
    return `${isOfIntegration ? 'The integration' : 'The result'} depends on what the gateway does: it breaks with ${broken.map(labelOf).join(', ')}.`;
  return isComplete
    ? `${isOfIntegration ? 'The integration' : 'Every case'} works whatever the gateway does.`
    : 'Every case that passes with the default values also passes with each tried value.';
}

const notCompared = (count: number): string[] =>
  count === 0
    ? []
    : [`${count} ${count === 1 ? 'case fails' : 'cases fail'} with the default values and ${count === 1 ? 'was' : 'were'} not tried.`];

/** Reports the results of {@link runUnderVariants}: which variant values were tried, and what broke. */
export function reportVariants(results: readonly CaseResult[]): VariantsReport {
  const byDefault = results.filter((result) => !choiceOf(result));
  const failedByDefault = byDefault.filter(({ outcome }) => outcome === 'failed').length;
  const summaries = summarize(results);
  const tried = new Set(summaries.map(labelOf));
  const isTouched = (choice: VariantChoice): boolean =>
    byDefault.some((result) => result.outcome === 'passed' && touches(choice, result.case.scenario, result.record));
  const isEachTried = ALTERNATIVES.every((choice) => tried.has(labelOf(choice)) || !isTouched(choice));
  return {
    head: ['variant=value', 'cases', 'what broke'],
    rows: summaries.map((summary) => [labelOf(summary), String(summary.cases), listNames(summary.broken)]),
    verdict: [...notCompared(failedByDefault), verdictOf(byDefault, summaries, isEachTried && failedByDefault === 0)].join('\n'),
  };
}
