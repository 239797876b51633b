import { maskedExample } from './masked-example.js';
import type { LoadedScenario } from './parse.js';
import { partsOf, startsPrograms } from './parts-of.js';
import { type CaseRecord, runCase } from './run-case.js';
import type { Expectation, Need, Scenario, Step } from './scenario.js';
import type { Target } from './target.js';

/** One scenario with one row of its examples. */
export interface Case {
  /** Its scenario's id, and the row's values where there are several. */
  readonly name: string;
  readonly scenario: LoadedScenario;
  readonly row: Readonly<Record<string, string>>;
}

/** What became of a case. */
export type CaseResult = { readonly case: Case; readonly milliseconds: number } & (
  | { readonly outcome: 'passed' | 'failed'; readonly record: CaseRecord }
  | { readonly outcome: 'skipped'; readonly reason: string }
);

/** How to run. */
export interface RunOptions {
  readonly target: Target;
  /** Only scenarios that have all of these tags. */
  readonly tags?: readonly string[];
  /** Only scenarios that may run on a shared real endpoint. */
  readonly safe?: boolean;
  /** What `${name}` stands for in every scenario, beside the usual values and those of the examples. */
  readonly values?: Readonly<Record<string, string>>;
  /** How many cases at once; 8 where it is left out. */
  readonly jobs?: number;
  /** Told of each result as it comes. */
  readonly onResult?: (result: CaseResult, done: number, all: number) => void;
}

/** How a run went. */
export interface RunSummary {
  /** In the order of the scenarios. */
  readonly results: readonly CaseResult[];
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly milliseconds: number;
}

function nameOf({ id, examples }: Scenario, row: Readonly<Record<string, string>>): string {
  const values = Object.entries(row).map(([name, value]) => `${name}=${maskedExample(name, value)}`);
  return examples.length === 1 && values.length === 0 ? id : `${id} (${values.join(', ')})`;
}

/** The cases of scenarios: one for each row of their examples. */
export function casesOf(scenarios: readonly LoadedScenario[]): Case[] {
  return scenarios.flatMap((scenario) => scenario.examples.map((row) => ({ name: nameOf(scenario, row), scenario, row })));
}

const LOOKS: readonly (keyof Expectation)[] = ['payment', 'findings', 'received', 'money'];

function stagesOrLooks(step: Step): boolean {
  if ('advance' in step || 'remit' in step || 'rule' in step) return true;
  const expected: Expectation | undefined = 'expect' in step ? step.expect : undefined;
  return LOOKS.some((look) => expected?.[look] !== undefined);
}

function needsStage({ given, steps }: Scenario): boolean {
  const { subscribers, ...staged } = given;
  return Object.keys(staged).length > 0 || steps.flatMap(partsOf).some(stagesOrLooks);
}

function needOf(step: Step): readonly Need[] {
  if (!('sign' in step) || step.sign === undefined || step.sign === 'none') return [];
  return [step.sign === 'cle' ? 'cle' : 'hmac'];
}

/** What a scenario says that it needs, and what its steps sign with. */
const needsOf = ({ needs, steps }: Scenario): ReadonlySet<Need> => new Set([...needs, ...steps.flatMap(partsOf).flatMap(needOf)]);

/** Why a scenario cannot or shall not be run on a target; undefined: it can. */
function skipReason(scenario: Scenario, { target, safe = false, values = {} }: RunOptions): string | undefined {
  if (safe && !scenario.safe) return 'not safe on a shared endpoint';
  if (!target.canStage && needsStage(scenario))
    return 'it sets clock, rules or accounts, or looks into the state, which this endpoint does not allow';
  if (!target.isReachable && startsPrograms(scenario)) return 'it starts programs, which cannot reach a gateway within this process';
  const needs = needsOf(scenario);
  if (needs.has('integration') && values.integration === undefined) return 'no integration was given (--integration)';
  const { cle = '', hmacKey = '', version } = target.account;
  if (needs.has('cle') && cle === '') return 'the account has no CLE';
  if (needs.has('hmac') && hmacKey === '') return 'the account has no HMAC key';
  if (needs.has('plus') && version === '00103') return 'the account has no Direct Plus';
  return undefined;
}

const token = (): string => crypto.randomUUID().slice(0, 13).replace('-', '');

async function runOne(one: Case, options: RunOptions): Promise<CaseResult> {
  const reason = skipReason(one.scenario, options);
  if (reason !== undefined) return { case: one, outcome: 'skipped', reason, milliseconds: 0 };
  const start = performance.now();
  const name = token();
  const endpoint = await options.target.open(name);
  try {
    const record = await runCase(one.scenario, { ...options.values, ...one.row }, endpoint, name);
    const failed = record.steps.some(({ failures }) => failures.length > 0);
    return { case: one, outcome: failed ? 'failed' : 'passed', record, milliseconds: performance.now() - start };
  } finally {
    await endpoint.close();
  }
}

const DEFAULT_JOBS = 8;

/**
 * Runs scenarios side by side, every case on a gateway of its own.
 *
 * @throws StageError, or what fetch throws, when the target's own simulator is not there
 */
export async function runScenarios(scenarios: readonly LoadedScenario[], options: RunOptions): Promise<RunSummary> {
  const { tags = [], jobs = DEFAULT_JOBS, onResult } = options;
  const cases = casesOf(scenarios.filter((scenario) => tags.every((tag) => scenario.tags.includes(tag))));
  const results: CaseResult[] = [];
  const start = performance.now();
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < cases.length; index = next++) {
      const result = await runOne(cases[index] as Case, options);
      results[index] = result;
      onResult?.(result, ++done, cases.length);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, work));
  const count = (outcome: CaseResult['outcome']): number => results.filter((result) => result.outcome === outcome).length;
  return { results, passed: count('passed'), failed: count('failed'), skipped: count('skipped'), milliseconds: performance.now() - start };
}
