/** A regular expression that a user wrote. Its time is proportional to the length of the text, whatever the pattern. */
export interface Pattern {
  /** Whether it matches somewhere in a text. */
  test(text: string): boolean;
}

const MAX_LENGTH = 500;

/** A valid regular expression that is not supported, because its time would not be proportional to the length of the text. */
export class UnsupportedPattern extends SyntaxError {}

/** How many compiled patterns are kept: those that were used last. */
const CACHE_LIMIT = 200;

let engine: typeof import('./pattern-engine.js') | undefined;
const compiled = new Map<string, Pattern>();

/** Whether {@link compilePattern} can be called. */
export const arePatternsLoaded = (): boolean => engine !== undefined;

/** Loads the engine of regular expressions: it is large, and few programs use patterns. */
export async function loadPatterns(): Promise<void> {
  engine ??= await import('./pattern-engine.js');
}

/**
 * Checks that a pattern is a JavaScript regular expression (flag `u`). If {@link loadPatterns} has resolved, also that it can be matched in
 * linear time: lookaheads are at its start only, and there are no lookbehinds and no references to groups.
 *
 * @throws SyntaxError when it is not, {@link UnsupportedPattern} when it is only not supported; the message says why
 */
export function checkPattern(pattern: string): void {
  if (engine) compilePattern(pattern);
  else checkSyntax(pattern);
}

function checkSyntax(pattern: string): void {
  if (pattern.length > MAX_LENGTH) throw new UnsupportedPattern(`a pattern has at most ${MAX_LENGTH} characters`);
  new RegExp(pattern, 'u');
}

/**
 * Checks and compiles a pattern. {@link loadPatterns} must have resolved before.
 *
 * @throws SyntaxError when it is not a regular expression, {@link UnsupportedPattern} when it is only not supported
 */
export function compilePattern(pattern: string): Pattern {
  if (!engine) throw new Error('The engine of regular expressions is not loaded.');
  let made = compiled.get(pattern);
  if (!made) {
    checkSyntax(pattern);
    made = engine.compile(pattern);
  }
  // A map lists its entries in the order in which they were set.
  compiled.delete(pattern);
  compiled.set(pattern, made);
  const [oldest] = compiled.keys();
  if (compiled.size > CACHE_LIMIT) compiled.delete(oldest as string);
  return made;
}
