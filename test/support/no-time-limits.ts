import { Socket } from 'node:net';
import { onTestFinished, vi } from 'vitest';

/**
 * Disables the time limits after which a server closes connections by force, until the end of the test: no timer that is set from now on
 * ends. A `close()` that waits for such a limit never resolves, so that the test does not have to measure how long it takes.
 */
export function disableTimeLimits(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const setTimeout = vi.spyOn(Socket.prototype, 'setTimeout').mockReturnThis();
  onTestFinished(() => {
    setTimeout.mockRestore();
    vi.useRealTimers();
  });
}
