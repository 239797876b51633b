import { cardSha1, isCardShaped, maskCard, typeBy, VARIABLE_BY_NAME } from '../../contracts/index.js';
import { type Fault, happens, type InjectedFault } from './fault.js';
import type { Payment } from './payment.js';
import type { Host, Question } from './question.js';

/** What a value must be: one text, one of several, a regular expression, or there at all. */
export type Matcher = string | readonly string[] | { readonly pattern: string } | { readonly present: boolean };

/** Variables of a payment that a rule can ask for: those it was opened with, and the numbers of any of its transactions. */
export type PaymentVariable = 'REFERENCE' | 'REFABONNE' | 'NUMTRANS' | 'NUMAPPEL' | 'PORTEUR';

/** A rule as it is written: whom it concerns, and what they are answered or what goes wrong for them. */
export interface RuleInput {
  /** Name of the rule; made up where it is left out. */
  readonly id?: string;
  /** Variables of the request. TYPE may be a number or the name of the operation. */
  readonly match?: Readonly<Record<string, Matcher>>;
  /** The host that is asked; either where it is left out. */
  readonly host?: Host;
  /** The payment a capture, cancel, refund or inquiry names. */
  readonly payment?: Readonly<Partial<Record<PaymentVariable, Matcher>>>;
  /** The first matching call that gets the answer, from 1. */
  readonly from?: number;
  /** For how many calls; 0: for all that follow. */
  readonly times?: number;
  /** How likely it is that a call meets the rule, from 0 to 1. */
  readonly probability?: number;
  /** The same seed picks the same calls, and the same delays. */
  readonly seed?: number;
  /** The CODEREPONSE; 00000 lets the question through to its ordinary answer. */
  readonly answer?: string;
  /** What goes wrong on the way. */
  readonly fault?: Fault;
}

/** A rule in force. */
export interface Rule extends Required<Omit<RuleInput, 'answer' | 'fault' | 'host'>>, Pick<RuleInput, 'answer' | 'fault' | 'host'> {
  /** How many questions have matched. */
  readonly calls: number;
}

/** What the rules say of a question. */
export interface RuleResult {
  /** Ids of the rules that matched: their calls are counted. */
  readonly matched: readonly string[];
  readonly answer?: { readonly rule: string; readonly code: string } | undefined;
  readonly fault?: InjectedFault | undefined;
}

const CARD_DIGEST = /^\d{6}\*+\d{4}\/[0-9A-F]{40}$/;

// A rule may name a card, but a card number is not kept: its mask and digest stand for it.
function withoutCardNumber(matcher: Matcher): Matcher {
  const hide = (value: string): string => (isCardShaped(value) ? `${maskCard(value)}/${cardSha1(value)}` : value);
  if (typeof matcher === 'string') return hide(matcher);
  return Array.isArray(matcher) ? (matcher as readonly string[]).map(hide) : matcher;
}

function normalise(name: string, matcher: Matcher): Matcher {
  if (name === 'PORTEUR') return withoutCardNumber(matcher);
  if (name !== 'TYPE') return matcher;
  if (typeof matcher === 'string') return typeBy(matcher);
  return Array.isArray(matcher) ? (matcher as readonly string[]).map(typeBy) : matcher;
}

const normaliseAll = (matchers: Readonly<Record<string, Matcher>> = {}): Record<string, Matcher> =>
  Object.fromEntries(Object.entries(matchers).map(([name, matcher]) => [name, normalise(name, matcher)]));

/** A rule as it will be applied: everything said, card numbers replaced by their mask and digest. */
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
    calls: 0,
  };
}

const unpadded = (value: string): string => (/^\d+$/.test(value) ? value.replace(/^0+(?=\d)/, '') : value);

// Numbers are the same however they are padded; texts are not.
const isNumber = (name: string): boolean => VARIABLE_BY_NAME.get(name)?.format === 'digits';

function equals(name: string, expected: string, value: string): boolean {
  if (CARD_DIGEST.test(expected)) {
    return expected === value || (isCardShaped(value) && expected === `${maskCard(value)}/${cardSha1(value)}`);
  }
  return isNumber(name) ? unpadded(expected) === unpadded(value) : expected === value;
}

function matches(name: string, matcher: Matcher, values: readonly string[]): boolean {
  if (typeof matcher === 'string') return values.some((value) => equals(name, matcher, value));
  if ('pattern' in matcher) return values.some((value) => new RegExp(matcher.pattern, 'u').test(value));
  if ('present' in matcher) return values.length > 0 === matcher.present;
  return values.some((value) => matcher.some((expected) => equals(name, expected, value)));
}

function paymentValues(payment: Payment, name: string): readonly string[] {
  if (name === 'REFERENCE') return [payment.REFERENCE];
  if (name === 'REFABONNE') return payment.REFABONNE === '' ? [] : [payment.REFABONNE];
  if (name === 'PORTEUR') return payment.card.mask === '' ? [] : [payment.card.mask, `${payment.card.mask}/${payment.card.sha1}`];
  return payment.transactions.map((transaction) => (name === 'NUMTRANS' ? transaction.NUMTRANS : transaction.NUMAPPEL));
}

/** Whether a rule concerns a question and the payment it names. How often it did so before does not matter here. */
export function ruleMatches(rule: Rule, question: Question, payment: Payment | undefined): boolean {
  const onRequest = Object.entries(rule.match).every(([name, matcher]) =>
    matches(name, matcher, question.has(name) ? [name === 'TYPE' ? typeBy(question.get(name)) : question.get(name)] : []),
  );
  if (!onRequest || (rule.host !== undefined && rule.host !== question.host)) return false;
  return Object.entries(rule.payment).every(
    ([name, matcher]) => payment !== undefined && matches(name, matcher, paymentValues(payment, name)),
  );
}

/** Whether a rule takes effect on the question that matches it now. */
export function ruleTakesEffect({ calls, from, times, probability, seed }: Rule): boolean {
  const call = calls + 1;
  return call >= from && (times === 0 || call < from + times) && happens(probability, seed, call);
}
