/** How long work is retried in total. Milliseconds. */
const MAX_DURATION = 5000;

/** Delays between attempts, in milliseconds: `first`, doubled after each attempt up to `longest`. */
interface Delays {
  readonly first: number;
  readonly longest: number;
}

/** Decides when work is retried that failed for a temporary reason: a lock of another process, a lost connection. */
export class RetryPolicy {
  readonly #delays: Delays;
  #isEnded = false;

  constructor(delays: Delays) {
    this.#delays = delays;
  }

  /** Ends all retries: failures after this call are final. */
  end(): void {
    this.#isEnded = true;
  }

  /**
   * Starts the retries of one piece of work.
   *
   * @returns a function to call after each failure: returns the milliseconds until the next attempt, or undefined if there is none
   */
  begin(): () => number | undefined {
    const since = performance.now();
    const { first, longest } = this.#delays;
    let attempts = 0;
    return () => {
      if (this.#isEnded || performance.now() - since >= MAX_DURATION) return undefined;
      // Random, so that two processes that block each other do not retry at the same instants.
      return Math.min(longest, first * 2 ** attempts++) * (0.5 + Math.random());
    };
  }
}
