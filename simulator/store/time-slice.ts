/** Runs a function in a later turn of the event loop. */
// Browsers have no setImmediate. Taken when the module is loaded: fake timers of a test must not stop the work.
export const afterThisTurn: (run: () => void) => unknown = globalThis.setImmediate ?? globalThis.setTimeout;

/** How long work goes on before other work gets its turn, in milliseconds. */
const SLICE = 2;

/** Resolves when all slices that were asked for have had their turn. */
let lastTurn: Promise<void> = Promise.resolve();

/** Resolves in a later turn of the event loop, which no other slice has. */
function nextTurn(): Promise<void> {
  lastTurn = lastTurn.then(
    () =>
      new Promise((resolve) => {
        afterThisTurn(resolve);
      }),
  );
  return lastTurn;
}

/**
 * Long work in slices: it gives way to the questions that arrive meanwhile. Of all such work, one slice runs in a turn of the event loop.
 *
 * @example
 * const slice = new TimeSlice();
 * for (const item of items) {
 *   if (slice.isOver) await slice.giveWay();
 *   handle(item);
 * }
 */
export class TimeSlice {
  #end = performance.now() + SLICE;

  /** Whether other work should get its turn now. */
  get isOver(): boolean {
    return performance.now() >= this.#end;
  }

  /** Resolves when this work may go on. */
  async giveWay(): Promise<void> {
    await nextTurn();
    this.#end = performance.now() + SLICE;
  }
}

/** Returns what a function makes of each item, and gives way to other work meanwhile. */
export async function mapInSlices<Item, Result>(items: readonly Item[], make: (item: Item) => Result): Promise<Result[]> {
  const slice = new TimeSlice();
  const results: Result[] = [];
  for (const item of items) {
    if (slice.isOver) await slice.giveWay();
    results.push(make(item));
  }
  return results;
}

/** Runs a generator to its end, and gives way to other work between its steps. Returns its result. */
export async function runInSlices<Result>(steps: Generator<void, Result>): Promise<Result> {
  const slice = new TimeSlice();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (slice.isOver) await slice.giveWay();
  }
}
