/** A call in a concurrent history. */
export interface TimedCall<Input, Output> {
  readonly input: Input;
  readonly output: Output;
  /** When the call was made and when its output arrived, on one clock. */
  readonly from: number;
  readonly to: number;
}

/** The sequential specification of an object. */
export interface SequentialSpec<State, Input, Output> {
  readonly initial: State;
  /** Returns the state after a call; undefined if the call cannot have this output. */
  step(state: State, input: Input, output: Output): State | undefined;
  /** Returns a key. States with the same key behave the same. */
  keyOf(state: State): string;
}

/**
 * Searches for a linearization of a concurrent history: an order of the calls that respects their times and in which each call has the
 * output of the sequential object. Uses the algorithm of Wing and Gong with Lowe's cache of visited states. At most 31 calls.
 *
 * @returns the calls in this order; undefined if there is none
 */
export function linearize<State, Input, Output>(
  history: readonly TimedCall<Input, Output>[],
  object: SequentialSpec<State, Input, Output>,
): readonly TimedCall<Input, Output>[] | undefined {
  if (history.length > 31) throw new RangeError(`A history of ${history.length} calls is too long to search.`);
  const all = 2 ** history.length - 1;
  const visited = new Set<string>();
  const order: TimedCall<Input, Output>[] = [];

  const search = (done: number, state: State): boolean => {
    if (done === all) return true;
    const key = `${done} ${object.keyOf(state)}`;
    if (visited.has(key)) return false;
    visited.add(key);
    const remaining = history.flatMap((call, n) => ((done >> n) & 1 ? [] : [{ call, n }]));
    const firstOutput = Math.min(...remaining.map(({ call }) => call.to));
    for (const { call, n } of remaining) {
      // A call that was made after another one's output comes after it.
      if (call.from > firstOutput) continue;
      const next = object.step(state, call.input, call.output);
      if (next === undefined) continue;
      order.push(call);
      if (search(done | (1 << n), next)) return true;
      order.pop();
    }
    return false;
  };

  return search(0, object.initial) ? order : undefined;
}
