/**
 * Tests that start many programs of other languages and take longer than all others: `npm run endurance` runs them, also in its short form,
 * and `npm test` does not.
 */
export const SLOW_TESTS: readonly string[] = ['test/languages/*.test.ts', 'test/cli/exec-clients.test.ts', 'test/cli/compose.test.ts'];
