import { defineConfig } from 'vitest/config';
import { DefaultReporter, type TestModule, type TestSpecification } from 'vitest/node';
import { SLOW_TESTS } from './test/endurance/slow-tests.js';

/** The default reporter. Output that is not a terminal, as on CI, also shows how many test files are done, and how many there are. */
class ProgressReporter extends DefaultReporter {
  #files = 0;
  #done = 0;

  override onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.#files = specifications.length;
    this.#done = 0;
    super.onTestRunStart(specifications);
  }

  override onTestModuleEnd(testModule: TestModule): void {
    super.onTestModuleEnd(testModule);
    this.#done++;
    if (!process.stdout.isTTY && (this.#done % 10 === 0 || this.#done === this.#files))
      this.log(`${this.#done} of ${this.#files} test files`);
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/endurance/**', ...SLOW_TESTS],
    reporters: [new ProgressReporter()],
    // Files of one worker share its modules: loading them again for each file takes a third of the time of all tests.
    isolate: false,
    // Many tests wait for a server, a database or a browser, and leave a core free.
    maxWorkers: '100%',
    // The language of the commands that tests start, whatever that of the machine is.
    env: { LC_ALL: 'C.UTF-8' },
    // Time limits for a busy machine: tests that start processes or browsers, and conditions that are polled.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
