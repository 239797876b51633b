/** A key of what a store is asked for: the values that name it. */
export type Key = readonly (string | number)[];

/** Which keys a view knows, and which it was asked for and does not. */
export class MissingKeys {
  readonly #known = new Set<string>();
  readonly #missing = new Map<string, Key>();

  /** Whether a key is known; one that is not is noted. */
  has(...key: Key): boolean {
    const text = JSON.stringify(key);
    if (this.#known.has(text)) return true;
    this.#missing.set(text, key);
    return false;
  }

  get isMissing(): boolean {
    return this.#missing.size > 0;
  }

  /** The keys that were noted, one list for each of their parts. They count as known from now on. */
  take(parts: number): (string | number)[][] {
    const keys = [...this.#missing.values()];
    for (const text of this.#missing.keys()) this.#known.add(text);
    this.#missing.clear();
    return Array.from({ length: parts }, (_, part) => keys.map((key) => key[part] as string | number));
  }
}
