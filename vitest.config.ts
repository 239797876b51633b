import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/endurance/**'],
    // Files of one worker share its modules: loading them anew for each file takes a third of the time of all tests.
    isolate: false,
    // Time limits for a busy machine: tests that start processes or browsers, and conditions that are polled.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
