/**
 * Tests that start many programs of other languages or look at many pages in a browser, and take longer than all others: `npm run endurance`
 * runs them, also in its short form, and `npm test` does not.
 */
export const SLOW_TESTS: readonly string[] = [
  'test/browser/bank-page.test.ts',
  'test/browser/hosted-page.test.ts',
  'test/browser/inspector.test.ts',
  'test/browser/inspector-accessibility.test.ts',
  'test/cli/compose.test.ts',
  'test/cli/exec-clients.test.ts',
  'test/languages/*.test.ts',
  'test/scenarios/examples.test.ts',
];
