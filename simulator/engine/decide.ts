import { type ReplyFields, SUCCESS } from '../../contracts/index.js';
import type { Admitted } from './admit.js';
import { parisDay } from './calendar.js';
import { checkCard } from './card-rules.js';
import * as checks from './checks.js';
import type { DecisionInput } from './decision-input.js';
import type { Fact } from './fact.js';
import type { InjectedFault } from './fault.js';
import { type Finding, finding, joinFindings, NO_FINDINGS } from './finding.js';
import { evaluateRules, findForcedCode, NO_RULE_MATCHED } from './forced.js';
import { id3dFindings, useOfId3d } from './id3d.js';
import type { LookupResult } from './lookup.js';
import { payingCard, refusedPayment } from './new-payment.js';
import { OPERATION_HANDLERS } from './operation-handlers.js';
import type { Payment } from './payment.js';
import type { Refusal } from './refusal.js';
import { refusedReply, successReply } from './reply.js';
import type { Rule, RuleResult } from './rule.js';
import { stateFindings } from './state-findings.js';

/** What the gateway does with a question. */
export interface Decision {
  readonly reply: ReplyFields;
  readonly facts: readonly Fact[];
  readonly findings: readonly Finding[];
  /** The payment that the question names, before the decision. */
  readonly payment?: Payment | undefined;
  /** Ids of the rules that matched. Their calls are counted. */
  readonly rules: readonly string[];
  /** The fault to inject when the reply is sent. */
  readonly fault?: InjectedFault | undefined;
}

/** The time of a decision. See {@link DecisionInput}. */
export type Instants = Pick<DecisionInput, 'now' | 'realNow'>;

interface RefusalStep {
  readonly check: checks.Check;
  /** What a refusal at this step records: nothing, the question number, or also a payment with STATUS `Refusé`. */
  readonly records: 'nothing' | 'question' | 'payment';
}

/** Steps 6 to 12 of the order of refusals. See docs/protocol.md#refusal-6. */
const REFUSAL_STEPS: readonly RefusalStep[] = [
  { check: checks.checkQuestionNumber, records: 'nothing' },
  { check: checks.checkForced, records: 'nothing' },
  { check: checks.checkSubscriber, records: 'question' },
  { check: checkCard, records: 'question' },
  { check: checks.checkFound, records: 'question' },
  { check: (input) => OPERATION_HANDLERS[input.operation.does].checkState(input), records: 'question' },
  { check: checks.checkThreeDSecure, records: 'question' },
  { check: checks.checkIssuer, records: 'payment' },
];

type Resolution = Pick<Decision, 'reply' | 'facts' | 'findings'>;

function questionFact({ account, now, questionNumber, operation }: DecisionInput): Fact {
  return { fact: 'question', account: account.id, day: parisDay(now), questionNumber, TYPE: operation.TYPE };
}

function refusalFacts(input: DecisionInput, records: RefusalStep['records'], refusal: Refusal): readonly Fact[] {
  if (records === 'nothing') return [];
  if (records === 'question') return [questionFact(input)];
  return [questionFact(input), refusedPayment(input, refusal.code)];
}

function refuse(input: DecisionInput, records: RefusalStep['records'], refusal: Refusal): Resolution {
  const { question, account, found } = input;
  const asked = records === 'payment' ? { numbers: found.next, card: payingCard(input) } : undefined;
  return {
    findings: refusal.reason ? [refusal.reason] : NO_FINDINGS,
    reply: refusedReply(question, refusal, { account, asked }),
    facts: refusalFacts(input, records, refusal),
  };
}

function accept(input: DecisionInput): Resolution {
  const result = OPERATION_HANDLERS[input.operation.does].apply(input);
  const { question, operation, account } = input;
  return {
    reply: successReply(question, operation, account, result),
    facts: [questionFact(input), ...result.facts, ...useOfId3d(input, result.numbers)],
    findings: joinFindings(result.findings, id3dFindings(input)),
  };
}

function resolve(input: DecisionInput): Resolution {
  for (const { check, records } of REFUSAL_STEPS) {
    const refusal = check(input);
    if (refusal) return refuse(input, records, refusal);
  }
  return accept(input);
}

function stagedFindings({ forced }: DecisionInput, { fault }: RuleResult, code: string): readonly Finding[] {
  const findings: Finding[] = [];
  if (forced?.code === code) findings.push(finding('outcome-forced', 'forced', { code, cause: forced.cause }));
  if (fault) findings.push(finding('fault-staged', 'fault', { rule: fault.rule, fault: fault.description }));
  return findings;
}

function makeInput(
  admitted: Admitted,
  found: LookupResult,
  rules: readonly Rule[],
  { now, realNow }: Instants,
): { input: DecisionInput; ruleResult: RuleResult } {
  const { question, operation, account, amount, questionNumber } = admitted;
  const { asksIssuer } = OPERATION_HANDLERS[operation.does];
  const unforced: DecisionInput = {
    question,
    operation,
    account,
    amount,
    questionNumber,
    found,
    rules,
    now,
    realNow,
    asksIssuer,
    forced: undefined,
  };
  // A question that is refused because of its number does not count as a call of a rule.
  if (checks.checkQuestionNumber(unforced)) return { input: unforced, ruleResult: NO_RULE_MATCHED };
  const ruleResult = evaluateRules(unforced);
  const forced = findForcedCode(unforced, ruleResult);
  return { input: forced ? { ...unforced, forced } : unforced, ruleResult };
}

// A question that is not processed may still be answered with new numbers. Later payments must not get the same ones.
function reserveNumbers({ NUMTRANS }: ReplyFields, { next }: LookupResult): readonly Fact[] {
  return NUMTRANS === next.NUMTRANS ? [{ fact: 'number', NUMTRANS: next.NUMTRANS }] : [];
}

/**
 * Decides an admitted question: steps 6 to 12 of the order of refusals, then the operation. Pure, so that the same rules run in a server,
 * in a browser and in model-based tests. See docs/protocol.md#section-3.
 *
 * @param found what the store found for the question's lookup
 * @param rules the active rules in their order
 */
export function decide(admitted: Admitted, found: LookupResult, rules: readonly Rule[], instants: Instants): Decision {
  const { input, ruleResult } = makeInput(admitted, found, rules, instants);
  const { reply, facts, findings } = resolve(input);
  const code = reply.CODEREPONSE ?? SUCCESS;
  return {
    reply,
    facts: ruleResult.fault?.processed === 'no' ? reserveNumbers(reply, found) : facts,
    findings: joinFindings(admitted.findings, stateFindings(input, code), findings, stagedFindings(input, ruleResult, code)),
    payment: found.payment ?? found.existing,
    rules: ruleResult.matched,
    fault: ruleResult.fault,
  };
}
