import { type ReplyFields, SUCCESS } from '../../contracts/index.js';
import type { Admitted } from './admit.js';
import { parisDay } from './calendar.js';
import { checkCard } from './card-rules.js';
import * as checks from './checks.js';
import type { DecisionInput } from './decision-input.js';
import { EFFECTS, type Effect } from './effects.js';
import type { Fact } from './fact.js';
import type { InjectedFault } from './fault.js';
import { type Finding, finding, joinFindings, NO_FINDINGS } from './finding.js';
import { evaluateRules, forcedOutcome, NO_RULES } from './forced.js';
import type { LookupResult } from './lookup.js';
import { refusedPayment } from './new-payment.js';
import type { Payment } from './payment.js';
import type { Refusal } from './refusal.js';
import { refusedReply, successReply } from './reply.js';
import type { Rule, RuleResult } from './rule.js';
import { stateFindings } from './state-findings.js';

/** What becomes of a question. */
export interface Decision {
  readonly reply: ReplyFields;
  readonly facts: readonly Fact[];
  readonly findings: readonly Finding[];
  /** The payment the question concerned, as it was before. */
  readonly payment?: Payment | undefined;
  /** Ids of the rules whose calls are to be counted. */
  readonly rules: readonly string[];
  /** What goes wrong on the reply's way out. */
  readonly fault?: InjectedFault | undefined;
}

type RefusalStep = readonly [check: checks.Check, trace: 'none' | 'question' | 'payment'];

/**
 * Steps 5 to 11 of the refusals, and what each leaves behind: nothing, the question number,
 * or a payment that STATUS calls refused.
 */
const REFUSAL_STEPS: readonly RefusalStep[] = [
  [checks.checkQuestionNumber, 'none'],
  [checks.checkForced, 'none'],
  [checkCard, 'question'],
  [checks.checkSubscriber, 'question'],
  [checks.checkFound, 'question'],
  [(input) => EFFECTS[input.operation.does].refuses(input), 'question'],
  [checks.checkThreeDSecure, 'question'],
  [checks.checkIssuer, 'payment'],
];

function questionFact({ account, now, questionNumber, operation }: DecisionInput): Fact {
  return { fact: 'question', account: account.id, day: parisDay(now), questionNumber, TYPE: operation.TYPE };
}

function factsOfRefusal(input: DecisionInput, trace: RefusalStep[1], refusal: Refusal): readonly Fact[] {
  if (trace === 'none') return [];
  if (trace === 'question') return [questionFact(input)];
  return [questionFact(input), refusedPayment(input, refusal.code)];
}

function refused(
  input: DecisionInput,
  [, trace]: RefusalStep,
  refusal: Refusal,
): Pick<Decision, 'reply' | 'facts'> & Pick<Effect, 'findings'> {
  const numbers = trace === 'payment' ? input.found.next : undefined;
  return {
    findings: refusal.reason ? [refusal.reason] : NO_FINDINGS,
    reply: refusedReply(input.question, refusal, numbers),
    facts: factsOfRefusal(input, trace, refusal),
  };
}

function accepted(input: DecisionInput): Pick<Decision, 'reply' | 'facts'> & Pick<Effect, 'findings'> {
  const effect = EFFECTS[input.operation.does].apply(input);
  return { reply: successReply(input.question, effect), facts: [questionFact(input), ...effect.facts], findings: effect.findings };
}

function stagedFindings({ forced }: DecisionInput, { fault }: RuleResult, code: string): readonly Finding[] {
  const findings: Finding[] = [];
  if (forced?.code === code) findings.push(finding('outcome-forced', `Answered ${code} because of ${forced.by}.`));
  if (fault) findings.push(finding('fault-staged', `Rule ${fault.rule}: ${fault.description}.`));
  return findings;
}

function inputOf(
  admitted: Admitted,
  found: LookupResult,
  rules: readonly Rule[],
  now: number,
): { input: DecisionInput; ruleResult: RuleResult } {
  const { question, operation, account, amount, questionNumber } = admitted;
  const { asksIssuer } = EFFECTS[operation.does];
  const unforced: DecisionInput = {
    question,
    operation,
    account,
    amount,
    questionNumber,
    found,
    rules,
    now,
    asksIssuer,
    forced: undefined,
  };
  if (checks.checkQuestionNumber(unforced)) return { input: unforced, ruleResult: NO_RULES };
  const ruleResult = evaluateRules(unforced);
  const forced = forcedOutcome(unforced, ruleResult);
  return { input: forced ? { ...unforced, forced } : unforced, ruleResult };
}

// A reply that gives numbers out without anything behind them uses them up all the same: no later payment may have them.
function usedNumbers({ NUMTRANS }: ReplyFields, { next }: LookupResult): readonly Fact[] {
  return NUMTRANS === next.NUMTRANS ? [{ fact: 'number', NUMTRANS: next.NUMTRANS }] : [];
}

/**
 * What becomes of an admitted question: pure, so that the same rules run in a server, in a browser and under a
 * model checker. Protocol sheet, section 3, steps 5 to 11.
 *
 * @param found what the store found for the question
 * @param rules the rules in force, in their order
 * @param now milliseconds since the epoch
 */
export function decide(admitted: Admitted, found: LookupResult, rules: readonly Rule[], now: number): Decision {
  const { input, ruleResult } = inputOf(admitted, found, rules, now);
  let decided: ReturnType<typeof accepted> | undefined;
  for (const step of REFUSAL_STEPS) {
    const refusal = step[0](input);
    if (!refusal) continue;
    decided = refused(input, step, refusal);
    break;
  }
  decided ??= accepted(input);
  const code = decided.reply.CODEREPONSE ?? SUCCESS;
  return {
    reply: decided.reply,
    facts: ruleResult.fault?.processed === 'no' ? usedNumbers(decided.reply, found) : decided.facts,
    findings: joinFindings(admitted.findings, stateFindings(input, code), decided.findings, stagedFindings(input, ruleResult, code)),
    payment: found.payment ?? found.existing,
    rules: ruleResult.matched,
    fault: ruleResult.fault,
  };
}
