/** Lets one of several workers run at a time, and passes on when it is told to. What runs is always the same, whatever takes how long. */
export class Scheduler {
  readonly #waiting = new Map<number, () => void>();
  readonly #ended = new Set<number>();
  readonly #workers: number;
  #holder = 0;

  constructor(workers: number) {
    this.#workers = workers;
  }

  /** Resolves when a worker may run. Call it before the worker starts. */
  start(worker: number): Promise<void> {
    return this.#holder === worker ? Promise.resolve() : this.#wait(worker);
  }

  /** Lets another worker go on, if there is one. Resolves when this one may go on. */
  async pass(worker: number): Promise<void> {
    if (this.#pass(worker)) await this.#wait(worker);
  }

  /** Call when a worker has ended. */
  end(worker: number): void {
    this.#ended.add(worker);
    if (this.#holder === worker) this.#pass(worker);
  }

  #wait(worker: number): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(worker, resolve));
  }

  /** Lets the next worker run that has not ended. Returns whether there is one. */
  #pass(from: number): boolean {
    const others = Array.from({ length: this.#workers - 1 }, (_, step) => (from + step + 1) % this.#workers);
    const next = others.find((worker) => !this.#ended.has(worker));
    if (next === undefined) return false;
    this.#holder = next;
    const resolve = this.#waiting.get(next);
    this.#waiting.delete(next);
    resolve?.();
    return true;
  }
}
