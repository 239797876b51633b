import { defineConfig } from 'vitest/config';

/** The long runs, one file after the other: they take measurements and use the whole machine. `ENDURANCE=short` makes them short. */
export default defineConfig({
  test: {
    include: ['test/endurance/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    disableConsoleIntercept: true,
    reporters: ['dot'],
  },
});
