import { defineConfig } from 'vitest/config';
import { SLOW_TESTS } from './slow-tests.js';

/** The long runs, one file after the other: they take measurements and use the whole machine. `ENDURANCE=short` makes them short. */
export default defineConfig({
  test: {
    include: ['test/endurance/**/*.test.ts', ...SLOW_TESTS],
    fileParallelism: false,
    // The language of the commands that tests start, whatever that of the machine is.
    env: { LC_ALL: 'C.UTF-8' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    disableConsoleIntercept: true,
    reporters: ['dot'],
  },
});
