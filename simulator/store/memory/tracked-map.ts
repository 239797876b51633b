/** Reads a map as it was at one instant. */
export interface MapReader<Key, Value> {
  /** Yields the keys of that instant, in no order. The map may change meanwhile. */
  keys(): Generator<Key>;
  get(key: Key): Value | undefined;
  /** Ends the reading. Until then the map keeps the values that it replaces. */
  close(): void;
}

/** A map that can be read as it was at one instant while it changes. No value is undefined. */
export class TrackedMap<Key, Value> {
  readonly #map = new Map<Key, Value>();
  /** For each reader the values since its instant that were replaced, by their key; undefined: there was none. */
  readonly #readers = new Set<Map<Key, Value | undefined>>();

  get(key: Key): Value | undefined {
    return this.#map.get(key);
  }

  has(key: Key): boolean {
    return this.#map.has(key);
  }

  values(): IterableIterator<Value> {
    return this.#map.values();
  }

  set(key: Key, value: Value): void {
    if (this.#readers.size > 0) this.#keep(key);
    this.#map.set(key, value);
  }

  delete(key: Key): void {
    if (this.#readers.size > 0) this.#keep(key);
    this.#map.delete(key);
  }

  /** Returns a reader of what the map holds now. It must be closed. */
  open(): MapReader<Key, Value> {
    const replaced = new Map<Key, Value | undefined>();
    this.#readers.add(replaced);
    const map = this.#map;
    return {
      keys: function* () {
        // The iteration also reaches keys that are added meanwhile. They are in `replaced`, without a value.
        for (const key of map.keys()) if (!replaced.has(key)) yield key;
        for (const [key, value] of replaced) if (value !== undefined) yield key;
      },
      get: (key) => (replaced.has(key) ? replaced.get(key) : this.#map.get(key)),
      close: () => void this.#readers.delete(replaced),
    };
  }

  #keep(key: Key): void {
    for (const replaced of this.#readers) if (!replaced.has(key)) replaced.set(key, this.#map.get(key));
  }
}
