import { isQuestion } from '../../contracts/index.js';
import type { RanStep } from './attempt.js';
import type { Breach } from './laws.js';
import type { Observation, ObservedQuestion } from './observation.js';
import { type Perturbation, type Plan, ruleId } from './perturbation.js';

/** A question of a run, at which perturbations can be placed. */
export type Point = Pick<ObservedQuestion, 'TYPE' | 'operation' | 'request'>;

/** The result of a run under a plan. It is plain data, so that it can be stored. */
export interface RunResult {
  readonly plan: Plan;
  /** The questions of the first attempt, in order. A rule counts the same. */
  readonly points: readonly Point[];
  /** The operations of the steps on pages of the gateway in the first attempt. Default: none. */
  readonly steps?: readonly string[];
  /** Whether every perturbation of the plan happened. */
  readonly happened: boolean;
  readonly signature: string;
  readonly breaches: readonly Breach[];
  /** What happened, line by line; only of a run that broke a law. */
  readonly timeline: readonly string[];
  /** Whether there was a second attempt. Default: false. */
  readonly hasSecond?: boolean;
  readonly milliseconds: number;
  /** Of a scenario: the steps of the first attempt, and of the second if there was one. */
  readonly ran?: readonly (readonly RanStep[])[];
}

// Refusals that come before the rules are evaluated.
const BEFORE_RULES: ReadonlySet<string> = new Set(['00005', '00006', '00009', '00013', '00014', '00039']);

/** The step that is decided as a question: an attempt to pay on the hosted page. */
const ATTEMPT = 'attempt';

/** Codes of attempts that are refused before they are decided as questions. */
const BEFORE_ATTEMPT: ReadonlySet<string> = new Set(['00015', '00016', '00040', '']);

/** Whether rules count a question, or an attempt to pay on the hosted page. */
function isCounted(entry: ObservedQuestion): boolean {
  const { operation, CODEREPONSE, clientReceived, findings } = entry;
  if (!isQuestion(entry)) return operation === ATTEMPT && !BEFORE_ATTEMPT.has(CODEREPONSE);
  if (clientReceived === 'again') return false;
  return !BEFORE_RULES.has(CODEREPONSE) || findings.some(({ rule }) => rule === 'outcome-forced' || rule === 'fault-staged');
}

const entriesOf = ({ entries, questions }: Observation): readonly ObservedQuestion[] => entries ?? questions;

/** Returns the operations of the steps on pages of the gateway. */
export const stepsOf = (observation: Observation): string[] =>
  entriesOf(observation).flatMap((entry) => (isQuestion(entry) ? [] : [entry.operation]));

/** Returns the points of a run. Values are left out, because only the presence of a variable is needed. */
export function pointsOf(observation: Observation): Point[] {
  const counted = entriesOf(observation).filter(isCounted);
  return counted.map(({ TYPE, operation, request }) => ({
    TYPE,
    operation,
    request: request.flatMap(([name, value]) => (name === 'PORTEUR' && value !== '' ? [[name, '*'] as const] : [])),
  }));
}

/** Whether a perturbation of a question happened. The findings of the question name its rule. */
export function hasHappened(perturbation: Perturbation, observation: Observation): boolean {
  // Messages begin with the rule, or have it within: "Rule drop-at-1: …". The id of another rule may begin with this one.
  const named = new RegExp(`\\brule ${ruleId(perturbation)}(?![\\w-])`, 'i');
  const isNamed = ({ message }: { readonly message: string }): boolean => named.test(message);
  return perturbation.at === 0 || entriesOf(observation).some(({ findings }) => findings.some(isNamed));
}
