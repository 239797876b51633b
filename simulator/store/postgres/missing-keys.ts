/** The values that identify a row, or the rows of one lookup. */
type RowKey = readonly (string | number)[];

/** The keys of one table that a transaction needs and has not read yet. */
export class MissingKeys {
  readonly #read = new Set<string>();
  readonly #missing = new Map<string, RowKey>();

  /** Adds a key, unless it was read before. */
  require(...key: RowKey): void {
    const text = JSON.stringify(key);
    if (!this.#read.has(text)) this.#missing.set(text, key);
  }

  get isEmpty(): boolean {
    return this.#missing.size === 0;
  }

  /**
   * Returns the missing keys as columns: one list for each part of the keys. From then on the keys count as read.
   *
   * @param parts number of values in a key
   */
  take(parts: number): (string | number)[][] {
    const keys = [...this.#missing.values()];
    for (const text of this.#missing.keys()) this.#read.add(text);
    this.#missing.clear();
    return Array.from({ length: parts }, (_, part) => keys.map((key) => key[part] as string | number));
  }
}
