/** Runs a callback now or later. */
type Scheduler = (callback: () => void) => void;

/**
 * Collects callbacks and runs them together, in their order, when the scheduler fires.
 *
 * @param schedule `setImmediate`: after all sockets that are ready were read; `process.nextTick`: after the code that runs now
 */
export function batch(schedule: Scheduler): Scheduler {
  let waiting: (() => void)[] = [];
  return (callback) => {
    waiting.push(callback);
    if (waiting.length > 1) return;
    schedule(() => {
      const callbacks = waiting;
      waiting = [];
      for (const run of callbacks) run();
    });
  };
}
