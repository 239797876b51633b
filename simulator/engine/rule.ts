import {
  type AuthenticationOutcome,
  cardSha1,
  isCardShaped,
  maskCard,
  maskField,
  maskText,
  typeBy,
  VARIABLE_BY_NAME,
  withoutLeadingZeros,
} from '../../contracts/index.js';
import { arePatternsLoaded } from '../../contracts/patterns.js';
import type { ResultFault } from './authentication.js';
import type { CheckoutFault } from './checkout.js';
import { type Fault, happens, type InjectedFault } from './fault.js';
import type { Payment } from './payment.js';
import type { Host, Question } from './question.js';
import { isPattern, matchesPattern } from './rule-patterns.js';

/** A condition on a value: equal to a text or to one of several, matching a regular expression, or present. */
export type Matcher = string | readonly string[] | { readonly pattern: string } | { readonly present: boolean };

/** The variables of a payment that a rule can match: those of its first operation, and the numbers of any of its transactions. */
export type PaymentVariable = 'REFERENCE' | 'REFABONNE' | 'NUMTRANS' | 'NUMAPPEL' | 'PORTEUR';

/** What a rule matches as the TYPE of a request to RemoteMPI. */
export const AUTHENTICATE = 'authenticate';
/** What a rule matches as the TYPE of a request to the hosted page. */
export const CHECKOUT = 'checkout';

/** A rule as the user writes it: the conditions on a question, and the answer or the fault for it. */
export interface RuleInput {
  /** Default: a generated id. */
  readonly id?: string;
  /** Conditions on the variables of the request. TYPE may be a number or the name of the operation. */
  readonly match?: Readonly<Record<string, Matcher>>;
  /** The host that the question is sent to. Default: both. */
  readonly host?: Host;
  /** Conditions on the payment that a capture, cancel, refund or inquiry names. */
  readonly payment?: Readonly<Partial<Record<PaymentVariable, Matcher>>>;
  /** The first matching call for which the rule takes effect, counted from 1. Default: 1. */
  readonly from?: number;
  /** For how many calls the rule takes effect. Default: 0, for all that follow. */
  readonly times?: number;
  /** The probability that the rule takes effect for a call, from 0 to 1. Default: 1. */
  readonly probability?: number;
  /** The same seed chooses the same calls and the same delays. Default: 1. */
  readonly seed?: number;
  /** The CODEREPONSE, also with a text of your own. With 00000, the question gets its ordinary answer. */
  readonly answer?: string | RuleAnswer;
  /** The fault to inject. */
  readonly fault?: Fault;
  /** How an authentication ends. Only with `match: { TYPE: 'authenticate' }`. */
  readonly authentication?: RuleAuthentication;
  /** What becomes of a payment on the hosted page. Only with `match: { TYPE: 'checkout' }`. */
  readonly checkout?: RuleCheckout;
}

/** How a rule decides a payment on the hosted page. */
export interface RuleCheckout {
  /** Whether the payment stays pending: the shop learns only later how it ended, by a call. */
  readonly pending?: boolean;
  /** What goes wrong with the call to the shop's server. */
  readonly server?: CheckoutFault;
  /** What goes wrong with the address that the browser is led to. */
  readonly browser?: CheckoutFault;
}

/** How a rule decides an authentication that is started at RemoteMPI. */
export interface RuleAuthentication {
  /** How it ends: at once, or with a challenge when the cardholder confirms. Default: by the card. */
  readonly outcome?: AuthenticationOutcome;
  /** Whether the bank asks the cardholder. Default: by the card; not if there is an outcome. */
  readonly challenge?: boolean;
  /** What goes wrong with the call to the shop's server. */
  readonly server?: ResultFault;
  /** What goes wrong with the result that the browser posts. */
  readonly browser?: ResultFault;
}

/** A CODEREPONSE that a rule answers with: any five digits or letters. */
export interface RuleAnswer {
  readonly code: string;
  /** COMMENTAIRE, verbatim. Default: the text of the code. */
  readonly comment?: string | undefined;
}

/** The answer of a rule in its long form. */
export const ruleAnswer = (answer: string | RuleAnswer): RuleAnswer => (typeof answer === 'string' ? { code: answer } : answer);

/** An active rule. */
export interface Rule
  extends Required<Omit<RuleInput, 'answer' | 'fault' | 'host' | 'authentication' | 'checkout'>>,
    Pick<RuleInput, 'answer' | 'fault' | 'host' | 'authentication' | 'checkout'> {
  /** How many questions have matched. */
  readonly calls: number;
}

/** The result of evaluating the rules for a question. */
export interface RuleResult {
  /** Ids of the rules that matched. Their calls are counted. */
  readonly matched: readonly string[];
  readonly answer?: ({ readonly rule: string } & RuleAnswer) | undefined;
  readonly fault?: InjectedFault | undefined;
  readonly authentication?: RuleAuthentication | undefined;
  readonly checkout?: RuleCheckout | undefined;
}

const CARD_DIGEST = /^\d{6}\*+\d{4}\/[0-9A-F]{40}$/;

// Card numbers are not stored, so the mask and the SHA-1 of the card replace them.
const cardDigest = (value: string): string =>
  isCardShaped(value) ? `${maskCard(value)}/${cardSha1(value)}` : CARD_DIGEST.test(value) ? value : maskText(value);

/** How the value of a condition is stored. In other variables a question has the masked text too, so it is found by it. */
const NORMALISED: ReadonlyMap<string, (value: string) => string> = new Map([
  ['PORTEUR', cardDigest],
  ['CCNumber', cardDigest],
  ['TYPE', typeBy],
]);

function normalise(name: string, matcher: Matcher): Matcher {
  const stored = NORMALISED.get(name) ?? ((value) => maskField(name, value));
  if (typeof matcher === 'string') return stored(matcher);
  return Array.isArray(matcher) ? (matcher as readonly string[]).map(stored) : matcher;
}

const normaliseAll = (matchers: Readonly<Record<string, Matcher>> = {}): Record<string, Matcher> =>
  Object.fromEntries(Object.entries(matchers).map(([name, matcher]) => [name, normalise(name, matcher)]));

/** Replaces the card numbers in the conditions of a rule. What is replaced already stays. */
export const withoutCardNumbers = <Conditions extends Pick<RuleInput, 'match' | 'payment'>>(rule: Conditions) => ({
  ...rule,
  match: normaliseAll(rule.match),
  payment: normaliseAll(rule.payment),
});

/**
 * Makes an active rule: fills in the defaults and replaces card numbers by their mask and SHA-1.
 *
 * @param id the id if the input has none
 */
export function makeRule(input: RuleInput, id: string): Rule {
  return {
    id: input.id ?? id,
    match: normaliseAll(input.match),
    payment: normaliseAll(input.payment),
    from: input.from ?? 1,
    times: input.times ?? 0,
    probability: input.probability ?? 1,
    seed: input.seed ?? 1,
    ...(input.host && { host: input.host }),
    ...(input.answer !== undefined && { answer: input.answer }),
    ...(input.fault && { fault: input.fault }),
    ...(input.authentication && { authentication: input.authentication }),
    ...(input.checkout && { checkout: input.checkout }),
    calls: 0,
  };
}

// Leading zeros make no difference in numbers. In texts they do.
const isNumericVariable = (name: string): boolean => VARIABLE_BY_NAME.get(name)?.format === 'digits';

function equals(name: string, expected: string, sent: string): boolean {
  // The only value that a question has unmasked, and a rule masked.
  const value = name === 'ID3D' ? maskText(sent) : sent;
  if (CARD_DIGEST.test(expected)) {
    return expected === value || (isCardShaped(value) && expected === `${maskCard(value)}/${cardSha1(value)}`);
  }
  return isNumericVariable(name) ? withoutLeadingZeros(expected) === withoutLeadingZeros(value) : expected === value;
}

function matches(name: string, matcher: Matcher, values: readonly string[]): boolean {
  if (typeof matcher === 'string') return values.some((value) => equals(name, matcher, value));
  if (isPattern(matcher)) return matchesPattern(matcher, values);
  if ('present' in matcher) return values.length > 0 === matcher.present;
  return values.some((value) => matcher.some((expected) => equals(name, expected, value)));
}

function paymentValues(payment: Payment, name: string): readonly string[] {
  if (name === 'REFERENCE') return [payment.REFERENCE];
  if (name === 'REFABONNE') return payment.REFABONNE === '' ? [] : [payment.REFABONNE];
  if (name === 'PORTEUR') return payment.card.mask === '' ? [] : [payment.card.mask, `${payment.card.mask}/${payment.card.sha1}`];
  return payment.transactions.map((transaction) => (name === 'NUMTRANS' ? transaction.NUMTRANS : transaction.NUMAPPEL));
}

/** Whether a rule has a condition that is a regular expression. */
export function usesPatterns(rules: readonly Pick<RuleInput, 'match' | 'payment'>[]): boolean {
  return rules.some(({ match = {}, payment = {} }) => Object.values(match).some(isPattern) || Object.values(payment).some(isPattern));
}

/** Whether rules can be evaluated now: those with regular expressions need `loadPatterns()` first. */
export const canEvaluate = (rules: readonly Rule[]): boolean => arePatternsLoaded() || !usesPatterns(rules);

/** Whether the conditions of a rule match a question and the payment that it names. `from`, `times` and `probability` are not considered. */
export function ruleMatches(rule: Rule, question: Pick<Question, 'has' | 'get' | 'host'>, payment: Payment | undefined): boolean {
  const onRequest = Object.entries(rule.match).every(([name, matcher]) =>
    matches(name, matcher, question.has(name) ? [name === 'TYPE' ? typeBy(question.get(name)) : question.get(name)] : []),
  );
  if (!onRequest || (rule.host !== undefined && rule.host !== question.host)) return false;
  return Object.entries(rule.payment).every(
    ([name, matcher]) => payment !== undefined && matches(name, matcher, paymentValues(payment, name)),
  );
}

/** The rules that match requests of browsers with a TYPE ({@link AUTHENTICATE} or {@link CHECKOUT}). The others are for questions. */
export const rulesFor = (type: string, rules: readonly Rule[]): readonly Rule[] =>
  rules.filter(({ match }) => [match.TYPE].flat().includes(type));

/** Whether a rule takes effect for no further question, because `times` is reached. */
export function isUsedUp({ calls, from, times }: Rule): boolean {
  return times > 0 && calls + 1 >= from + times;
}

/** Whether the current question, which a rule matches, is the last for which it takes effect. */
export const isLastCall = ({ calls, from, times }: Rule): boolean => times > 0 && calls + 2 === from + times;

/** Whether a rule that matches the current question takes effect, by `from`, `times` and `probability`. */
export function ruleTakesEffect({ calls, from, times, probability, seed }: Rule): boolean {
  const call = calls + 1;
  return call >= from && (times === 0 || call < from + times) && happens(probability, seed, call);
}
