import { Socket } from 'node:net';
import { onTestFinished, vi } from 'vitest';

/**
 * Disables the time limits after which a server closes connections by force, until the end of the test: a timer that is set from now on
 * ends only through {@link passTime}. A `close()` that waits for such a limit never resolves, so that the test does not have to measure how
 * long it takes.
 */
export function disableTimeLimits(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const setTimeout = vi.spyOn(Socket.prototype, 'setTimeout').mockReturnThis();
  onTestFinished(() => {
    setTimeout.mockRestore();
    vi.useRealTimers();
  });
}

/** Lets time pass for the timers that were set after {@link disableTimeLimits}. */
export const passTime = async (milliseconds: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(milliseconds);
};

/**
 * Holds timers of exactly these milliseconds back until the returned function is called, or the test ends. All other timers run: for tests
 * with a browser, whose driver needs its own.
 */
export function holdTimers(milliseconds: number): () => void {
  const held: (() => void)[] = [];
  const real = globalThis.setTimeout;
  const spy = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void, after?: number, ...args: never[]) => {
    if (after !== milliseconds) return real(run, after, ...args);
    held.push(run);
    return undefined;
  }) as typeof setTimeout);
  onTestFinished(() => spy.mockRestore());
  return () => {
    for (const run of held.splice(0)) run();
  };
}
