import { maskExample } from './masking.js';
import { forEachInOrder } from './parallel.js';
import type { LoadedScenario } from './parse.js';
import { type CaseRecord, runCase } from './run-case.js';
import { type Expectation, type Need, partsOf, type Scenario, type Step, startsPrograms } from './scenario.js';
import type { Target } from './target.js';

/** A scenario with one row of its examples. */
export interface Case {
  /** The id of the scenario, followed by the values of the row, if it has any. */
  readonly name: string;
  readonly scenario: LoadedScenario;
  readonly row: Readonly<Record<string, string>>;
}

/** The result of a case. */
export type CaseResult = { readonly case: Case; readonly milliseconds: number } & (
  | { readonly outcome: 'passed'; readonly record: CaseRecord }
  | { readonly outcome: 'failed'; readonly record: CaseRecord /** What else may be the reason. */; readonly hint?: string }
  | { readonly outcome: 'skipped'; readonly reason: string }
);

/** Options of {@link runScenarios}. */
export interface RunOptions {
  readonly target: Target;
  /** Run only scenarios that have all of these tags. */
  readonly tags?: readonly string[];
  /** Run only scenarios that may run on a shared real endpoint; skip the others. Default: false. */
  readonly safe?: boolean;
  /** Values of `${name}` in every scenario, in addition to the default ones and those of the examples. */
  readonly values?: Readonly<Record<string, string>>;
  /** Number of cases to run concurrently. Default: 8. */
  readonly jobs?: number;
  /** Called after each case. */
  readonly onResult?: (result: CaseResult, done: number, all: number) => void;
}

/** The results of a run. */
export interface RunSummary {
  /** In the order of the scenarios. */
  readonly results: readonly CaseResult[];
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly milliseconds: number;
}

function nameOf({ id, examples }: Scenario, row: Readonly<Record<string, string>>): string {
  const values = Object.entries(row).map(([name, value]) => `${name}=${maskExample(name, value)}`);
  return examples.length === 1 && values.length === 0 ? id : `${id} (${values.join(', ')})`;
}

/** Returns the cases of scenarios, one for each row of their examples. */
export function casesOf(scenarios: readonly LoadedScenario[]): Case[] {
  return scenarios.flatMap((scenario) => scenario.examples.map((row) => ({ name: nameOf(scenario, row), scenario, row })));
}

/** Expectations that need the control API. */
const STATE_EXPECTATIONS: readonly (keyof Expectation)[] = ['payment', 'findings', 'received', 'money', 'result', 'notified'];
/** Kinds of steps that need the control API. */
const STEPS_OF_CONTROL_API = ['advance', 'remit', 'rule', 'authenticate', 'checkout', 'browse'] as const;

function usesControlApi(step: Step): boolean {
  if (STEPS_OF_CONTROL_API.some((kind) => kind in step)) return true;
  const expected: Expectation | undefined = 'expect' in step ? step.expect : undefined;
  return STATE_EXPECTATIONS.some((name) => expected?.[name] !== undefined);
}

function needsControlApi({ given, steps }: Scenario): boolean {
  // Subscribers without a token are registered by a question, so any endpoint can have them. Variants are assumed where they cannot be set.
  const { subscribers = [], variants, ...staged } = given;
  const isImported = subscribers.some(({ token }) => token !== undefined);
  return isImported || Object.keys(staged).length > 0 || steps.flatMap(partsOf).some(usesControlApi);
}

function needsOfStep(step: Step): readonly Need[] {
  if ('run' in step) return step.run.includes('${integration}') ? ['integration'] : [];
  if ('call' in step) return step.call.includes('${shop}') ? ['shop'] : [];
  if ('browse' in step) return step.browse.includes('${shop}') ? ['shop'] : [];
  if (!('sign' in step) || step.sign === undefined || step.sign === 'none') return [];
  return [step.sign === 'cle' ? 'cle' : 'hmac'];
}

/** The `needs` of a scenario and the keys that its steps sign with. */
export const needsOf = ({ needs, steps }: Scenario): ReadonlySet<Need> =>
  new Set([...needs, ...steps.flatMap(partsOf).flatMap(needsOfStep)]);

/** Why a target cannot run a scenario, by what the scenario does. The first that applies. */
const TARGET_REASONS: readonly (readonly [reason: string, applies: (scenario: Scenario, options: RunOptions) => boolean])[] = [
  ['not safe on a shared endpoint', ({ safe }, options) => options.safe === true && !safe],
  [
    'it sets up or checks state (clock, rules, accounts, payments), which needs a simulator',
    (scenario, { target }) => !target.canStage && needsControlApi(scenario),
  ],
  [
    'it starts programs, which cannot reach a gateway that only runs in this process',
    (scenario, { target }) => !target.isReachable && startsPrograms(scenario),
  ],
  [
    'it receives results of authentications, and the gateway of this target cannot call the runner',
    ({ steps }, { target }) => !target.canCallBack && steps.flatMap(partsOf).some((step) => 'authenticate' in step || 'checkout' in step),
  ],
];

/** Why a need is not met. */
const NEED_REASONS: Readonly<Record<Need, readonly [reason: string, isUnmet: (options: RunOptions) => boolean]>> = {
  integration: ['no integration is given (--integration)', ({ values }) => values?.integration === undefined],
  shop: ['no web shop is given (--shop)', ({ values }) => values?.shop === undefined],
  cle: ['the account has no CLE', ({ target }) => (target.account.cle ?? '') === ''],
  hmac: ['the account has no HMAC key', ({ target }) => (target.account.hmacKey ?? '') === ''],
  plus: ['the account has no Direct Plus', ({ target }) => target.account.version === '00103'],
};

/** Returns why a scenario is skipped on a target, or undefined if it runs. */
function skipReason(scenario: Scenario, options: RunOptions): string | undefined {
  const ofTarget = TARGET_REASONS.find(([, applies]) => applies(scenario, options));
  if (ofTarget) return ofTarget[0];
  const needs = needsOf(scenario);
  return Object.entries(NEED_REASONS).find(([need, [, isUnmet]]) => needs.has(need as Need) && isUnmet(options))?.[1][0];
}

// Letters only: digits may look like a card number, which is no name of a session.
const token = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => String.fromCharCode(97 + (byte % 26))).join('');

/** Names the variant values that a scenario assumes of an endpoint where they cannot be set. */
function variantsHint({ given: { variants = {} } }: Scenario): string | undefined {
  const assumed = Object.entries(variants).map(([name, value]) => `${name}=${value}`);
  if (assumed.length === 0) return undefined;
  return `The case assumes ${assumed.join(', ')}. If the endpoint has another value of the variant, it need not be a fault: see \`compare URL --learn\`.`;
}

async function runOne(one: Case, options: RunOptions): Promise<CaseResult> {
  const reason = skipReason(one.scenario, options);
  if (reason !== undefined) return { case: one, outcome: 'skipped', reason, milliseconds: 0 };
  const start = performance.now();
  const name = token();
  const endpoint = await options.target.open(name);
  try {
    const record = await runCase(one.scenario, { ...options.values, ...one.row }, endpoint, name);
    const failed = record.steps.some(({ failures }) => failures.length > 0);
    const milliseconds = performance.now() - start;
    if (!failed) return { case: one, outcome: 'passed', record, milliseconds };
    const hint = endpoint.control ? undefined : variantsHint(one.scenario);
    return { case: one, outcome: 'failed', record, milliseconds, ...(hint !== undefined && { hint }) };
  } finally {
    await endpoint.close();
  }
}

const DEFAULT_JOBS = 8;

/**
 * Runs scenarios concurrently, each case on its own gateway.
 *
 * @example
 * const { passed, failed } = await runScenarios([await scenario('refund.yaml')], { target: simulatorTarget('http://127.0.0.1:8888') });
 * @throws ControlApiError, or the error of fetch, when the simulator of the target does not answer
 */
export async function runScenarios(scenarios: readonly LoadedScenario[], options: RunOptions): Promise<RunSummary> {
  const { tags = [], jobs = DEFAULT_JOBS, onResult } = options;
  const cases = casesOf(scenarios.filter((scenario) => tags.every((tag) => scenario.tags.includes(tag))));
  const start = performance.now();
  let done = 0;
  const results = await forEachInOrder(cases, jobs, async (one) => {
    const result = await runOne(one, options);
    onResult?.(result, ++done, cases.length);
    return result;
  });
  const count = (outcome: CaseResult['outcome']): number => results.filter((result) => result.outcome === outcome).length;
  return { results, passed: count('passed'), failed: count('failed'), skipped: count('skipped'), milliseconds: performance.now() - start };
}
