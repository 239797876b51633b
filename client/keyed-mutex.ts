import type { Outcome } from './outcome.js';
import { raceAbort } from './wait.js';

interface RunningCall {
  readonly dedupeKey: string | undefined;
  /** Resolves when the call ends; with undefined if it threw. */
  readonly ended: Promise<Outcome | undefined>;
}

/** What a call locks while it runs. */
export interface LockRequest {
  /** What the call is about. Calls with the same key run one after the other. */
  readonly key: string;
  /** Calls with the same key and the same dedupeKey are one call. Undefined: the call has no duplicates. */
  readonly dedupeKey: string | undefined;
  /** Ends the wait for the lock. */
  readonly signal: AbortSignal | undefined;
  /** Makes the error to throw if the signal fires during the wait. */
  readonly abortError: (isDuplicate: boolean) => Error;
}

/** Runs calls about the same order or payment one after the other, and concurrent duplicates of a call once. */
export class KeyedMutex {
  readonly #running = new Map<string, RunningCall>();

  /**
   * Runs the work when no other call holds the key. If a duplicate is running, resolves with its outcome instead; if that duplicate
   * throws, runs the work.
   */
  async run({ key, dedupeKey, signal, abortError }: LockRequest, work: () => Promise<Outcome>): Promise<Outcome> {
    for (let running = this.#running.get(key); running; running = this.#running.get(key)) {
      const isDuplicate = dedupeKey !== undefined && running.dedupeKey === dedupeKey;
      const outcome = await raceAbort(running.ended, signal);
      if (signal?.aborted) throw abortError(isDuplicate);
      if (outcome && isDuplicate) return outcome;
    }
    const result = work().finally(() => this.#running.delete(key));
    this.#running.set(key, { dedupeKey, ended: result.catch(() => undefined) });
    return result;
  }
}
