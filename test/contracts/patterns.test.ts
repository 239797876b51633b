import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkPattern, compilePattern, loadPatterns } from '../../contracts/patterns.js';

beforeAll(loadPatterns);

const AS_IN_JAVASCRIPT: readonly (readonly [pattern: string, texts: readonly string[]])[] = [
  ['^WEB-', ['WEB-1', 'xWEB-1', 'web-1']],
  ['^0*666$', ['666', '0666', '6660', '666\n']],
  ['^(?!0+$)\\d{10}$', ['0000000000', '0000000001', '000000000', '1234567890']],
  ['^(?!paid)(?!re[fg]used)', ['paid 1', 'refused', 'unknown', '']],
  ['^(?=.*\\d)(?![)(|]).{3,}$', ['ab1', 'abc', '(b1', 'a1']],
  ['^(?!a|b)(?:x|y)', ['x', 'ax', 'bx', 'y']],
  ['\\u00e9|\\u{1F600}', ['é', '😀', 'e']],
  ['^\\p{Lu}[^\\W_]+$', ['Éa1', 'Aa1', 'A_']],
  ['^(paid|unknown)$', ['paid', 'unknown', 'paidx']],
  ['a.c$', ['abc', 'a\nc', 'aéc', 'a😀c']],
  ['^(?<year>\\d{4})-\\d\\d$', ['2026-01', '26-01']],
  ['[)(|]\\(', ['|(', '()']],
  ['', ['', 'a']],
];

test.each(AS_IN_JAVASCRIPT)('%s matches the same texts as in JavaScript', (pattern, texts) => {
  checkPattern(pattern);
  for (const text of texts) expect(compilePattern(pattern).test(text), text).toBe(new RegExp(pattern, 'u').test(text));
});

test('random texts match the same patterns as in JavaScript', () => {
  const patterns = AS_IN_JAVASCRIPT.map(([pattern]) => pattern);
  const texts = fc.string({ unit: fc.constantFrom(...'aAbc10-|()\n_é😀paid'), maxLength: 12 });
  fc.assert(
    fc.property(fc.constantFrom(...patterns), texts, (pattern, text) => {
      expect(compilePattern(pattern).test(text)).toBe(new RegExp(pattern, 'u').test(text));
    }),
    { seed: 1 },
  );
});

// JavaScript's own engine would need years for these.
test.each(['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '(a*)*b', '^(?!(a+)+$)a*b', '(.*a){12}b'])('%s is matched at once', (pattern) => {
  checkPattern(pattern);
  expect(compilePattern(pattern).test(`${'a'.repeat(200)}!`)).toBe(false);
});

describe('a pattern is refused', () => {
  test.each([
    ['(', /Unterminated group/],
    ['(a)\\1', /references to a group/],
    ['(?<n>a)\\k<n>', /references to a group/],
    ['(?<=a)b', /^\(\?<= is supported only/],
    ['a(?!b)', /^\(\?! is supported only at the start/],
    ['^(?!a(?=b))', /only at the start/],
    ['^(?!a)b|c', /in a group/],
    ['(a{100}){100}', /repeat/],
    ['a{1001}', /add up to more than 1000/],
    ['a{600}b{600}', /add up to more than 1000/],
    ['x'.repeat(501), /at most 500 characters/],
    [`(?:${'x'.repeat(400)}){900}`, /too large/],
  ])('%s', (pattern, message) => {
    expect(() => checkPattern(pattern)).toThrow(message);
  });
});
