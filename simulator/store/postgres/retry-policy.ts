import { wait } from '../../wait.js';
import { isLost, isPassing } from './errors.js';

/** How long work waits for a server that was there and is not. Milliseconds. */
const PATIENCE = 5000;

/** Until the next try: those that wait shall not wait in step. Milliseconds. */
const untilNextTry = (tries: number): number => Math.min(250, 5 * 2 ** tries) * (0.5 + Math.random());

/** Tries again what failed for now. Nobody waits for a server that has not been there yet, or has been waited for in vain. */
export class RetryPolicy {
  #isUp = false;
  #isOver = false;

  /** Work that fails from now on is not tried again. */
  end(): void {
    this.#isOver = true;
  }

  /** Does something until it succeeds or there is no point in trying again; throws what it threw last. */
  async until<Result>(attempt: () => Promise<Result>): Promise<Result> {
    const since = performance.now();
    for (let tries = 0; ; tries++) {
      try {
        const result = await attempt();
        this.#isUp = true;
        return result;
      } catch (error) {
        if (!isPassing(error)) throw error;
        if (!this.#isUp || this.#isOver || performance.now() - since > PATIENCE) {
          if (isLost(error)) this.#isUp = false;
          throw error;
        }
        await wait(untilNextTry(tries));
      }
    }
  }
}
