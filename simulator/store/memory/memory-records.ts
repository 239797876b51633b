import type { RecordFilter, RecordKeys } from '../record-keys.js';
import { TimeSlice } from '../time-slice.js';
import { TrackedMap } from './tracked-map.js';

/** Reads records as they were at one instant. */
interface RecordReader<Item> {
  /** Ascending by id. */
  readonly records: Generator<Item>;
  /** Ends the reading. */
  close(): void;
}

const nameKey = (account: string, name: string): string => `${account}\n${name}`;

/** The records of a gateway in one table. */
export class MemoryRecords<Item extends { readonly account: string }> {
  readonly #keys: RecordKeys<Item>;
  #byId = new TrackedMap<string, Item>();
  /** Ascending. Only appended to, so that a reader can go on reading it. */
  #ids: string[] = [];
  /** By account and name: the highest id. */
  #newest = new Map<string, string>();
  /** When something of a record is due, by its id. */
  #due = new Map<string, number>();
  /** Nothing is due before this time. Most lists of what is due are empty. */
  #earliest = Number.POSITIVE_INFINITY;

  constructor(keys: RecordKeys<Item>) {
    this.#keys = keys;
  }

  get size(): number {
    return this.#ids.length;
  }

  has(item: Item): boolean {
    return this.#byId.has(this.#keys.idOf(item));
  }

  get(id: string): Item | undefined {
    return this.#byId.get(id);
  }

  /** Returns the newest record of an account with this name. */
  named(account: string, name: string): Item | undefined {
    return this.get(this.#newest.get(nameKey(account, name)) ?? '');
  }

  /** Adds a record, or replaces the one with its id. */
  set(item: Item): void {
    const id = this.#keys.idOf(item);
    if (!this.#byId.has(id)) this.#addId(id);
    this.#byId.set(id, item);
    const name = nameKey(item.account, this.#keys.nameOf(item));
    if (id > (this.#newest.get(name) ?? '')) this.#newest.set(name, id);
    const due = this.#keys.dueOf(item);
    if (due === undefined) this.#due.delete(id);
    else this.#due.set(id, due);
    this.#earliest = Math.min(this.#earliest, due ?? Number.POSITIVE_INFINITY);
  }

  /** Lists records, highest id first or, of what is due, first due first. */
  async list({ name, account, before = '~', dueBefore, limit }: RecordFilter): Promise<Item[]> {
    const found: Item[] = [];
    const items = this.#byId;
    const ids = dueBefore === undefined ? this.#ids : this.#dueUntil(dueBefore);
    const slice = new TimeSlice();
    for (let i = ids.length - 1; i >= 0 && found.length < limit; i--) {
      if (slice.isOver) await slice.giveWay();
      const id = ids[i] as string;
      if (id >= before) continue;
      const item = items.get(id) as Item;
      const itsName = this.#keys.nameOf(item);
      if ((name ?? itsName) === itsName && (account ?? item.account) === item.account) found.push(item);
    }
    return found;
  }

  /** Returns a reader of the records as they are now. It must be closed. */
  open(): RecordReader<Item> {
    const [ids, count, reader] = [this.#ids, this.#ids.length, this.#byId.open()];
    return {
      records: (function* () {
        for (let i = 0; i < count; i++) yield reader.get(ids[i] as string) as Item;
      })(),
      close: () => reader.close(),
    };
  }

  // Not emptied: a reader may read them.
  clear(): void {
    this.#byId = new TrackedMap();
    this.#ids = [];
    this.#newest = new Map();
    this.#due = new Map();
    this.#earliest = Number.POSITIVE_INFINITY;
  }

  /** The ids of the records of which something is due at a time, the first due last. */
  #dueUntil(time: number): string[] {
    if (time < this.#earliest) return [];
    const due: (readonly [id: string, at: number])[] = [];
    this.#earliest = Number.POSITIVE_INFINITY;
    for (const entry of this.#due) {
      this.#earliest = Math.min(this.#earliest, entry[1]);
      if (entry[1] <= time) due.push(entry);
    }
    return due.sort(([id, at], [otherId, otherAt]) => otherAt - at || (id < otherId ? 1 : -1)).map(([id]) => id);
  }

  #addId(id: string): void {
    if (id > (this.#ids.at(-1) ?? '')) this.#ids.push(id);
    else this.#ids = [...this.#ids, id].sort();
  }
}
