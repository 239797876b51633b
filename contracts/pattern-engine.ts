import { RE2JS } from 're2js';
import { type Pattern, UnsupportedPattern } from './patterns.js';

/** Limits of a pattern: the repetitions that its counts add up to, and the instructions it is compiled to. */
const MAX_REPETITIONS = 1000;
const MAX_PROGRAM = 20_000;

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
 * Checks that a regular expression can be matched in linear time: lookaheads are at its start only, and there are no lookbehinds and no
 * references to groups.
 *
 * @throws UnsupportedPattern when it cannot; the message says why
 */
function checkSupported(pattern: string): void {
  const { lookaheads, rest } = splitLookaheads(pattern);
  for (const part of [rest, ...lookaheads.map(({ source }) => source)]) checkPart(part);
  if (lookaheads.length > 0 && hasAlternatives(rest))
    throw new UnsupportedPattern('after a lookahead, write alternatives in a group: (?:a|b)');
}

function compilePart(source: string): Pattern {
  const program = RE2JS.compile(RE2JS.translateRegExp(source));
  if (program.programSize() > MAX_PROGRAM) throw new UnsupportedPattern('the pattern is too large: use lower counts in {}');
  return program;
}

function compileAll(pattern: string): Pattern {
  const { lookaheads, rest } = splitLookaheads(pattern);
  const main = compilePart(rest);
  const conditions = lookaheads.map(({ source, isNegative }) => ({ pattern: compilePart(source), isNegative }));
  if (conditions.length === 0) return main;
  return { test: (text) => conditions.every((condition) => condition.pattern.test(text) !== condition.isNegative) && main.test(text) };
}

/**
 * Compiles a regular expression.
 *
 * @throws UnsupportedPattern when it is not supported
 */
export function compile(pattern: string): Pattern {
  checkSupported(pattern);
  try {
    return compileAll(pattern);
  } catch (cause) {
    // The errors of the engine are no SyntaxErrors.
    throw cause instanceof UnsupportedPattern
      ? cause
      : new UnsupportedPattern((cause as Error).message.replace(/^error parsing regexp: /, ''), { cause });
  }
}
