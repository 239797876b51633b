import type { RecordFilter, RecordTable } from '../record-table.js';
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
  readonly #table: RecordTable<Item>;
  #byId = new TrackedMap<string, Item>();
  /** Ascending. Only appended to, so that a reader can go on reading it. */
  #ids: string[] = [];
  /** By account and name: the highest id. */
  #newest = new Map<string, string>();
  /** When something of a record is due, by its id. */
  #due = new Map<string, number>();
  /** Nothing is due before this time. Most lists of what is due are empty. */
  #earliest = Number.POSITIVE_INFINITY;

  constructor(table: RecordTable<Item>) {
    this.#table = table;
  }

  get size(): number {
    return this.#ids.length;
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
    const id = this.#table.idOf(item);
    if (!this.#byId.has(id)) this.#addId(id);
    this.#byId.set(id, item);
    const name = nameKey(item.account, this.#table.nameOf(item));
    if (id > (this.#newest.get(name) ?? '')) this.#newest.set(name, id);
    const due = this.#table.dueOf(item);
    if (due === undefined) this.#due.delete(id);
    else this.#due.set(id, due);
    this.#earliest = Math.min(this.#earliest, due ?? Number.POSITIVE_INFINITY);
  }

  /** Lists records, highest id first or, of what is due, first due first. */
  async list(filter: RecordFilter): Promise<Item[]> {
    const { dueBefore, limit } = filter;
    const isSelected = this.#condition(filter);
    if (dueBefore !== undefined) return this.#dueUntil(dueBefore).filter(isSelected).slice(0, limit);
    const found: Item[] = [];
    const [ids, items] = [this.#ids, this.#byId];
    const slice = new TimeSlice();
    for (let i = ids.length - 1; i >= 0 && found.length < limit; i--) {
      if (slice.isOver) await slice.giveWay();
      const item = items.get(ids[i] as string) as Item;
      if (isSelected(item)) found.push(item);
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

  #condition({ name, account, before }: RecordFilter): (item: Item) => boolean {
    const { idOf, nameOf } = this.#table;
    return (item) =>
      (name === undefined || nameOf(item) === name) &&
      (account === undefined || item.account === account) &&
      (before === undefined || idOf(item) < before);
  }

  #dueUntil(time: number): Item[] {
    if (time < this.#earliest) return [];
    const due: (readonly [id: string, at: number])[] = [];
    this.#earliest = Number.POSITIVE_INFINITY;
    for (const entry of this.#due) {
      this.#earliest = Math.min(this.#earliest, entry[1]);
      if (entry[1] <= time) due.push(entry);
    }
    due.sort(([id, at], [otherId, otherAt]) => at - otherAt || (id < otherId ? -1 : 1));
    return due.map(([id]) => this.#byId.get(id) as Item);
  }

  #addId(id: string): void {
    if (id > (this.#ids.at(-1) ?? '')) this.#ids.push(id);
    else this.#ids = [...this.#ids, id].sort();
  }
}
