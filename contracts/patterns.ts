import type { RE2JS } from 're2js';

/** A regular expression that a user wrote. Its time is proportional to the length of the text, whatever the pattern. */
export interface Pattern {
  /** Whether it matches somewhere in a text. */
  test(text: string): boolean;
}

/** Limits of a pattern: its characters, the repetitions that its counts add up to, and the instructions it is compiled to. */
const MAX_LENGTH = 500;
const MAX_REPETITIONS = 1000;
const MAX_PROGRAM = 20_000;

/** A valid regular expression that is not supported, because its time would not be proportional to the length of the text. */
export class UnsupportedPattern extends SyntaxError {}

/** How many compiled patterns are kept: those that were used last. */
const CACHE_LIMIT = 200;

let engine: typeof RE2JS | undefined;
const compiled = new Map<string, Pattern>();

/** Whether {@link compilePattern} can be called. */
export const arePatternsLoaded = (): boolean => engine !== undefined;

/** Loads the engine of regular expressions: it is large, and few programs use patterns. */
export async function loadPatterns(): Promise<void> {
  engine ??= (await import('re2js')).RE2JS;
}

/** The parts of a pattern that matter for the checks. What they skip (escapes, classes) may contain their characters. */
const TOKENS =
  /\\(?<reference>[1-9]|k<)|\\.|\[(?:\\.|[^\]\\])*\]|(?<look>\(\?<?[=!])|(?<open>\()|(?<close>\))|(?<or>\|)|(?<count>\{\d+,?\d*\})/gsu;

/** A condition on the start of the text: `(?=…)` or `(?!…)` after the `^`. */
interface Lookahead {
  readonly source: string;
  readonly isNegative: boolean;
}

interface SplitPattern {
  readonly lookaheads: readonly Lookahead[];
  readonly rest: string;
}

/** Returns the index after the group that opens at `start`. */
function endOfGroup(pattern: string, start: number): number {
  let depth = 0;
  for (const { index, groups: { open, look, close } = {} } of pattern.slice(start).matchAll(TOKENS)) {
    if (open !== undefined || look !== undefined) depth++;
    if (close !== undefined && --depth === 0) return start + index + 1;
  }
  return pattern.length;
}

/** Whether a pattern has an alternative outside of groups, so that its `^` is not the start of all of it. */
function hasAlternatives(pattern: string): boolean {
  let depth = 0;
  for (const { groups: { open, look, close, or } = {} } of pattern.matchAll(TOKENS)) {
    if (open !== undefined || look !== undefined) depth++;
    if (close !== undefined) depth--;
    if (or !== undefined && depth === 0) return true;
  }
  return false;
}

// The engine has no lookaheads. Those at the start are patterns of their own: each is matched separately.
function splitLookaheads(pattern: string): SplitPattern {
  const lookaheads: Lookahead[] = [];
  let rest = pattern;
  while (/^\^\(\?[=!]/.test(rest)) {
    const end = endOfGroup(rest, 1);
    lookaheads.push({ source: `^(?:${rest.slice(4, end - 1)})`, isNegative: rest[3] === '!' });
    rest = `^${rest.slice(end)}`;
  }
  return { lookaheads, rest };
}

function checkPart(part: string): void {
  let repetitions = 0;
  for (const { 0: text, groups = {} } of part.matchAll(TOKENS)) {
    if (groups.look !== undefined)
      throw new UnsupportedPattern(`${text} is supported only at the start of the pattern, after ^, as (?= or (?!`);
    if (groups.reference !== undefined) throw new UnsupportedPattern('references to a group (\\1) are not supported');
    if (groups.count !== undefined) repetitions += Math.max(...(text.match(/\d+/g) ?? []).map(Number));
  }
  if (repetitions > MAX_REPETITIONS) throw new UnsupportedPattern(`the counts in {} add up to more than ${MAX_REPETITIONS}`);
}

/**
 * Checks that a pattern is a JavaScript regular expression (flag `u`) that can be matched in linear time: lookaheads are at its start only,
 * and there are no lookbehinds and no references to groups. Does not need the engine.
 *
 * @throws SyntaxError when it is not, {@link UnsupportedPattern} when it is only not supported; the message says why
 */
export function checkPattern(pattern: string): void {
  if (pattern.length > MAX_LENGTH) throw new UnsupportedPattern(`a pattern has at most ${MAX_LENGTH} characters`);
  new RegExp(pattern, 'u');
  const { lookaheads, rest } = splitLookaheads(pattern);
  for (const part of [rest, ...lookaheads.map(({ source }) => source)]) checkPart(part);
  if (lookaheads.length > 0 && hasAlternatives(rest))
    throw new UnsupportedPattern('after a lookahead, write alternatives in a group: (?:a|b)');
  if (engine) compilePattern(pattern);
}

function compilePart(regexp: typeof RE2JS, source: string): Pattern {
  const program = regexp.compile(regexp.translateRegExp(source));
  if (program.programSize() > MAX_PROGRAM) throw new UnsupportedPattern('the pattern is too large: use lower counts in {}');
  return program;
}

function compileAll(regexp: typeof RE2JS, pattern: string): Pattern {
  const { lookaheads, rest } = splitLookaheads(pattern);
  const main = compilePart(regexp, rest);
  const conditions = lookaheads.map(({ source, isNegative }) => ({ pattern: compilePart(regexp, source), isNegative }));
  if (conditions.length === 0) return main;
  return { test: (text) => conditions.every((condition) => condition.pattern.test(text) !== condition.isNegative) && main.test(text) };
}

/**
 * Compiles a pattern. {@link loadPatterns} must have resolved before.
 *
 * @throws UnsupportedPattern when the pattern is not supported
 */
export function compilePattern(pattern: string): Pattern {
  const known = compiled.get(pattern);
  if (!known && !engine) throw new Error('The engine of regular expressions is not loaded.');
  const made = known ?? supported(() => compileAll(engine as typeof RE2JS, pattern));
  // A map lists its entries in the order in which they were set.
  compiled.delete(pattern);
  compiled.set(pattern, made);
  const [oldest] = compiled.keys();
  if (compiled.size > CACHE_LIMIT) compiled.delete(oldest as string);
  return made;
}

// The errors of the engine are no SyntaxErrors.
function supported<Value>(compile: () => Value): Value {
  try {
    return compile();
  } catch (cause) {
    throw cause instanceof UnsupportedPattern
      ? cause
      : new UnsupportedPattern((cause as Error).message.replace(/^error parsing regexp: /, ''), { cause });
  }
}
