/** How long work is tried again in all. Milliseconds. */
const LIMIT = 5000;

/** Delays between tries, in milliseconds: the first, doubled from try to try up to the longest. */
interface Delays {
  readonly first: number;
  readonly longest: number;
}

/** Decides how long work that failed for a passing reason (a lock of another process, a lost connection) is tried again. */
export class RetryPolicy {
  readonly #delays: Delays;
  #isEnded = false;

  constructor(delays: Delays) {
    this.#delays = delays;
  }

  /** Failures after this call are final. */
  end(): void {
    this.#isEnded = true;
  }

  /**
   * Starts the retries of one piece of work.
   *
   * @returns called after each failure: the milliseconds until the next try, or undefined when the work has failed for good
   */
  begin(): () => number | undefined {
    const since = performance.now();
    const { first, longest } = this.#delays;
    let tries = 0;
    return () => {
      if (this.#isEnded || performance.now() - since >= LIMIT) return undefined;
      // Random, so that two processes that wait for each other do not wait in step.
      return Math.min(longest, first * 2 ** tries++) * (0.5 + Math.random());
    };
  }
}
