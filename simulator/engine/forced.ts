import { type Magic, readMagicAmount, readMagicCard, SOFT_DECLINE, SOFT_DECLINE_CARD, SUCCESS } from '../../contracts/index.js';
import type { DecisionInput, ForcedCode } from './decision-input.js';
import { describeFault, drawDelay, type InjectedFault } from './fault.js';
import { messageText } from './finding-messages.js';
import { isZeros } from './question.js';
import { type Rule, type RuleResult, ruleAnswer, ruleMatches, ruleTakesEffect } from './rule.js';

/** The result if no rule was evaluated or none matched. */
export const NO_RULE_MATCHED: RuleResult = { matched: [] };

function injectedFault({ id, fault, seed, calls }: Rule): InjectedFault | undefined {
  return fault && { ...fault, rule: id, delay: drawDelay(fault.delay ?? 0, seed, calls + 1), description: describeFault(fault) };
}

/** What rules are evaluated for: a question or a request to RemoteMPI, and the payment that it names. */
interface RuleContext extends Pick<DecisionInput, 'rules'> {
  readonly question: Pick<DecisionInput['question'], 'has' | 'get' | 'host'>;
  readonly found: Pick<DecisionInput['found'], 'payment'>;
}

/** Evaluates the rules in their order. The first with an answer gives the answer, the first with a fault gives the fault. */
export function evaluateRules({ rules, question, found }: RuleContext): RuleResult {
  if (rules.length === 0) return NO_RULE_MATCHED;
  const matched = rules.filter((rule) => ruleMatches(rule, question, found.payment));
  const inEffect = matched.filter(ruleTakesEffect);
  const answering = inEffect.find(({ answer }) => answer !== undefined);
  const failing = inEffect.find(({ fault }) => fault !== undefined);
  return {
    matched: matched.map(({ id }) => id),
    answer: answering && { rule: answering.id, ...ruleAnswer(answering.answer ?? SUCCESS) },
    fault: failing && injectedFault(failing),
    authentication: inEffect.find(({ authentication }) => authentication !== undefined)?.authentication,
  };
}

/** Reads ERRORCODETEST: a code, nothing (empty or zeros), or a value that is not one to five digits or letters. */
export function readErrorCodeTest(value: string): { readonly code?: string; readonly isMalformed?: boolean } {
  if (isZeros(value)) return {};
  return /^[0-9A-Za-z]{1,5}$/.test(value) ? { code: value.padStart(5, '0') } : { isMalformed: true };
}

function fromErrorCodeTest({ question, account }: DecisionInput): ForcedCode | undefined {
  if (!account.errorCodeTest) return undefined;
  const { code } = readErrorCodeTest(question.get('ERRORCODETEST'));
  return code === undefined ? undefined : { code, cause: messageText('cause', 'test', { code }), isTraceless: true };
}

type MagicCause = 'card' | 'paymentCard' | 'subscriberCard' | 'amount';

function fromMagic(magic: Magic | undefined, TYPE: string, cause: MagicCause): ForcedCode | undefined {
  return magic && (magic.TYPE ?? TYPE) === TYPE ? { code: magic.code, cause: messageText('cause', cause), isTraceless: false } : undefined;
}

/** Whether the bank of the card wants an authentication, and the question has none. */
function isSoftlyDeclined({ operation, asksIssuer, question }: DecisionInput): boolean {
  if (operation.porteur !== 'card' || !asksIssuer) return false;
  const isAuthenticated = !isZeros(question.get('ID3D')) || /^[YA]$/.test(question.get('3DSTATUS'));
  return !isAuthenticated && question.get('PORTEUR') === SOFT_DECLINE_CARD;
}

/**
 * The code that the user requested for a question, or undefined if there is none. In order of precedence: ERRORCODETEST, a rule, the
 * account, the card (of this question, of the payment's first operation or of the subscriber's registration), the amount.
 */
export function findForcedCode(input: DecisionInput, ruleResult: RuleResult): ForcedCode | undefined {
  const test = fromErrorCodeTest(input);
  if (test) return test;
  if (ruleResult.answer) {
    const { code, comment, rule } = ruleResult.answer;
    return code === SUCCESS ? undefined : { code, comment, cause: messageText('cause', 'rule', { rule }), isTraceless: false };
  }
  const { account, operation, question, found, amount } = input;
  if (account.answer === SUCCESS) return undefined;
  if (account.answer !== '')
    return { code: account.answer, cause: messageText('cause', 'account', { account: account.id }), isTraceless: false };
  const { TYPE } = operation;
  const card = operation.porteur === 'card' ? readMagicCard(question.get('PORTEUR')) : undefined;
  if (isSoftlyDeclined(input)) return { code: SOFT_DECLINE, cause: messageText('cause', 'softDecline'), isTraceless: false };
  return (
    fromMagic(card, TYPE, 'card') ??
    fromMagic(found.payment?.forced, TYPE, 'paymentCard') ??
    fromMagic(found.subscriber?.forced, TYPE, 'subscriberCard') ??
    // Not for inquiries: an inquiry about a magic amount is answered as usual.
    (operation.finds === 'nothing' || operation.finds === 'payment' ? fromMagic(readMagicAmount(amount), TYPE, 'amount') : undefined)
  );
}
