import { compilePattern, type Pattern } from '../../contracts/patterns.js';
import type { Matcher, RuleInput } from './rule.js';

/** A condition that is a regular expression. */
export type PatternMatcher = Extract<Matcher, { readonly pattern: string }>;

/** What became of the pattern of a condition: the condition stays the same object as long as its rule exists. */
const results = new WeakMap<PatternMatcher, Pattern | Error>();

function resultOf(matcher: PatternMatcher): Pattern | Error {
  const known = results.get(matcher);
  if (known) return known;
  const made = compile(matcher.pattern);
  results.set(matcher, made);
  return made;
}

function compile(pattern: string): Pattern | Error {
  try {
    return compilePattern(pattern);
  } catch (error) {
    if (error instanceof SyntaxError) return error;
    throw error;
  }
}

/** Whether a condition is a regular expression. */
export const isPattern = (matcher: Matcher | undefined): matcher is PatternMatcher => typeof matcher === 'object' && 'pattern' in matcher;

/**
 * Whether the pattern of a condition matches one of these values. A pattern that an earlier version stored and this one does not support
 * matches nothing. `loadPatterns()` must have resolved.
 */
export function matchesPattern(matcher: PatternMatcher, values: readonly string[]): boolean {
  const result = resultOf(matcher);
  return !(result instanceof Error) && values.some((value) => result.test(value));
}

/**
 * Returns why a stored rule matches nothing: it has a pattern that this version does not support. Returns undefined if it has none.
 * `loadPatterns()` must have resolved if the rule has a pattern.
 */
export function disabledReason({ match = {}, payment = {} }: Pick<RuleInput, 'match' | 'payment'>): string | undefined {
  for (const [name, matcher] of [...Object.entries(match), ...Object.entries(payment)]) {
    const result = isPattern(matcher) ? resultOf(matcher) : undefined;
    if (result instanceof Error) return `${name}: ${result.message}.`;
  }
  return undefined;
}
