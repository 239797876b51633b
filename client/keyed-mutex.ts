import type { Outcome } from './outcome.js';
import { endOf } from './wait.js';

/** A call that is under way. */
interface Turn {
  readonly payer: string | undefined;
  /** Undefined where it was thrown out. */
  readonly end: Promise<Outcome | undefined>;
}

/** Who wants a turn. */
export interface Caller {
  /** What the call is about: of two calls about the same, one waits. */
  readonly key: string;
  /** Who pays; a call about the same by the same payer is the same call. Undefined: no other call is. */
  readonly payer: string | undefined;
  readonly signal: AbortSignal | undefined;
  /** Makes the error to throw where the signal fires while another has the turn. */
  readonly aborted: (isSameCall: boolean) => Error;
}

/** Lets calls about the same payment be carried out one after the other, and the same call once. */
export class KeyedMutex {
  readonly #turns = new Map<string, Turn>();

  /** Does the work once nobody else is at it; where the same call is under way, hands on its outcome instead. */
  async take({ key, payer, signal, aborted }: Caller, work: () => Promise<Outcome>): Promise<Outcome> {
    for (let turn = this.#turns.get(key); turn; turn = this.#turns.get(key)) {
      const isSameCall = payer !== undefined && turn.payer === payer;
      const outcome = await endOf(turn.end, signal);
      if (signal?.aborted) throw aborted(isSameCall);
      if (outcome && isSameCall) return outcome;
    }
    const working = work().finally(() => this.#turns.delete(key));
    this.#turns.set(key, { payer, end: working.catch(() => undefined) });
    return working;
  }
}
