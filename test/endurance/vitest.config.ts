import { defineConfig } from 'vitest/config';

/** The long runs, one file after the other: they take measurements and use the whole machine. */
export default defineConfig({
  test: {
    include: ['test/endurance/**/*.test.ts'],
    env: { ENDURANCE: 'long' },
    fileParallelism: false,
    disableConsoleIntercept: true,
    reporters: ['dot'],
  },
});
