import { FOLDERS } from './folders.mjs';

const folder = process.env.MUTATION ?? 'engine';

export default {
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.mjs' },
  plugins: [new URL('node_modules/@stryker-mutator/vitest-runner/dist/src/index.js', import.meta.url).pathname],
  mutate: FOLDERS[folder].mutate,
  coverageAnalysis: 'perTest',
  // Tables and other code that runs when a module is loaded: every mutant of them would run every test.
  ignoreStatic: true,
  // Texts of messages do not count.
  mutator: { excludedMutations: ['StringLiteral'] },
  // StrykerJS would read it with an interface that TypeScript 7 does not have.
  tsconfigFile: 'none.json',
  concurrency: Number(process.env.JOBS ?? 2),
  incremental: true,
  incrementalFile: `reports/mutation/${folder}.incremental.json`,
  reporters: ['clear-text', 'progress-append-only', 'json'],
  clearTextReporter: { logTests: false, reportTests: false },
  jsonReporter: { fileName: `reports/mutation/${folder}.json` },
};
