import { type Magic, RESPONSE_CODE_BY_CODE, readMagicAmount, readMagicCard, SUCCESS } from '../../contracts/index.js';
import type { DecisionInput, Forced } from './decision-input.js';
import { describeFault, type InjectedFault, millisecondsOf } from './fault.js';
import { type Rule, type RuleResult, ruleMatches, ruleTakesEffect } from './rule.js';

/** No rule has been asked. */
export const NO_RULES: RuleResult = { matched: [] };

function injectedFault({ id, fault, seed, calls }: Rule): InjectedFault | undefined {
  return fault && { ...fault, rule: id, delay: millisecondsOf(fault.delay ?? 0, seed, calls + 1), description: describeFault(fault) };
}

/** Asks the rules in their order: the first that has an answer gives the answer, the first that has a fault the fault. */
export function evaluateRules({ rules, question, found }: Pick<DecisionInput, 'rules' | 'question' | 'found'>): RuleResult {
  if (rules.length === 0) return NO_RULES;
  const matched = rules.filter((rule) => ruleMatches(rule, question, found.payment));
  const inEffect = matched.filter(ruleTakesEffect);
  const answering = inEffect.find(({ answer }) => answer !== undefined);
  const failing = inEffect.find(({ fault }) => fault !== undefined);
  return {
    matched: matched.map(({ id }) => id),
    answer: answering && { rule: answering.id, code: answering.answer ?? SUCCESS },
    fault: failing && injectedFault(failing),
  };
}

/** What ERRORCODETEST asks for: a code, nothing (empty or success), or something that is no code. */
export function readErrorCodeTest(value: string): string | 'nothing' | 'unknown' {
  if (value === '' || /^0+$/.test(value)) return 'nothing';
  const code = value.padStart(5, '0');
  return RESPONSE_CODE_BY_CODE.has(code) ? code : 'unknown';
}

function fromErrorCodeTest({ question, account }: DecisionInput): Forced | undefined {
  if (!account.errorCodeTest) return undefined;
  const code = readErrorCodeTest(question.get('ERRORCODETEST'));
  return code === 'nothing' || code === 'unknown' ? undefined : { code, by: `ERRORCODETEST=${code}`, traceless: true };
}

function fromMagic(magic: Magic | undefined, TYPE: string, by: string): Forced | undefined {
  return magic && (magic.TYPE ?? TYPE) === TYPE ? { code: magic.code, by, traceless: false } : undefined;
}

/**
 * The code a question is made to be answered with, if anything asks for one: ERRORCODETEST, a rule, the account,
 * the card (now, or at the payment's or subscriber's beginning), the amount; in this order.
 */
export function forcedOutcome(input: DecisionInput, ruleResult: RuleResult): Forced | undefined {
  const test = fromErrorCodeTest(input);
  if (test) return test;
  if (ruleResult.answer) {
    const { code, rule } = ruleResult.answer;
    return code === SUCCESS ? undefined : { code, by: `rule ${rule}`, traceless: false };
  }
  const { account, operation, question, found, amount } = input;
  if (account.answer === SUCCESS) return undefined;
  if (account.answer !== '') return { code: account.answer, by: `setting answer of account ${account.id}`, traceless: false };
  const { TYPE } = operation;
  const card = operation.porteur === 'card' ? readMagicCard(question.get('PORTEUR')) : undefined;
  return (
    fromMagic(card, TYPE, 'magic card') ??
    fromMagic(found.payment?.forced, TYPE, "magic card of the payment's first operation") ??
    fromMagic(found.subscriber?.forced, TYPE, "magic card of the subscriber's registration") ??
    // Asking after a payment is no new try at it.
    (operation.finds === 'nothing' || operation.finds === 'payment' ? fromMagic(readMagicAmount(amount), TYPE, 'magic amount') : undefined)
  );
}
