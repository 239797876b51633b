import { FOLDERS } from './folders.mjs';

const { MUTATION: folder = 'engine', MUTANTS, JOBS = '2' } = process.env;
const isSample = MUTANTS !== undefined;
const report = `reports/mutation/${folder}${isSample ? '.sample' : ''}`;

export default {
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.mjs' },
  plugins: [
    new URL('node_modules/@stryker-mutator/vitest-runner/dist/src/index.js', import.meta.url).pathname,
    new URL('sample.mjs', import.meta.url).pathname,
  ],
  checkers: isSample ? ['sample'] : [],
  mutate: FOLDERS[folder].mutate,
  coverageAnalysis: 'perTest',
  // Tables and other code that runs when a module is loaded: every mutant of them would run every test.
  ignoreStatic: true,
  // Texts of messages do not count.
  mutator: { excludedMutations: ['StringLiteral'] },
  // StrykerJS would read it with an interface that TypeScript 7 does not have.
  tsconfigFile: 'none.json',
  concurrency: Number(JOBS),
  // A time-out counts as noticed, so it must not come from a busy machine.
  timeoutFactor: 4,
  timeoutMS: 60_000,
  dryRunTimeoutMinutes: 30,
  // The mutants outside a sample have no result to use again.
  incremental: !isSample,
  incrementalFile: `reports/mutation/${folder}.incremental.json`,
  reporters: ['clear-text', 'progress-append-only', 'json'],
  clearTextReporter: { logTests: false, reportTests: false },
  jsonReporter: { fileName: `${report}.json` },
};
