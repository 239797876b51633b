/** A timer that ends when the test says so, not after its milliseconds. */
export interface ManualTimer {
  readonly milliseconds: number;
  end(): void;
}

/** The timers that were set, oldest first. */
export const manualTimers: ManualTimer[] = [];

/**
 * Replaces the function of `node:timers/promises`, so that the length of an outage does not depend on the speed of the machine:
 * `vi.mock('node:timers/promises', () => import('../support/manual-timers.js'))`.
 */
export const setTimeout = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    manualTimers.push({ milliseconds, end: resolve });
  });
