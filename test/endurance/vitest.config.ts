import { defineConfig } from 'vitest/config';

/** The long runs, one after the other: they measure and crowd the machine. */
export default defineConfig({
  test: {
    include: ['test/endurance/**/*.test.ts'],
    env: { ENDURANCE: 'long' },
    fileParallelism: false,
    disableConsoleIntercept: true,
    reporters: ['dot'],
  },
});
