/** An operation of a concurrent history: when it was asked and when it was answered, on one clock. */
export interface Operation<Asked, Told> {
  readonly asked: Asked;
  readonly told: Told;
  readonly from: number;
  readonly to: number;
}

/** What a sequential object does: the states it may pass into by an operation that was told this. */
export interface Sequential<State, Asked, Told> {
  readonly initial: State;
  /** The state after it; undefined: it could not have been told this. */
  step(state: State, asked: Asked, told: Told): State | undefined;
  /** States of one key behave the same from there on. */
  keyOf(state: State): string;
}

/**
 * Looks for an order of a concurrent history in which every operation stands between its question and its reply, and is told
 * what the sequential object would have told it (Wing and Gong's search, with Lowe's memory of what was tried). At most 31 operations.
 *
 * @returns the order; undefined: there is none
 */
export function linearize<State, Asked, Told>(
  history: readonly Operation<Asked, Told>[],
  object: Sequential<State, Asked, Told>,
): readonly Operation<Asked, Told>[] | undefined {
  if (history.length > 31) throw new RangeError(`A history of ${history.length} operations is too long to search.`);
  const all = 2 ** history.length - 1;
  const tried = new Set<string>();
  const order: Operation<Asked, Told>[] = [];

  const search = (done: number, state: State): boolean => {
    if (done === all) return true;
    const key = `${done} ${object.keyOf(state)}`;
    if (tried.has(key)) return false;
    tried.add(key);
    const left = history.flatMap((operation, n) => ((done >> n) & 1 ? [] : [{ operation, n }]));
    const firstReply = Math.min(...left.map(({ operation }) => operation.to));
    for (const { operation, n } of left) {
      // Whatever was asked after another one's reply comes after that one.
      if (operation.from > firstReply) continue;
      const next = object.step(state, operation.asked, operation.told);
      if (next === undefined) continue;
      order.push(operation);
      if (search(done | (1 << n), next)) return true;
      order.pop();
    }
    return false;
  };

  return search(0, object.initial) ? order : undefined;
}
