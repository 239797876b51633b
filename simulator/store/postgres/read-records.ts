import type { RecordRow, RecordTable } from '../record-table.js';
import { MissingKeys } from './missing-keys.js';

const nameKey = (account: string, name: string): string => `${account}\n${name}`;

/** The records of one table that a transaction read or is going to write. Those that it needs and that are not here are missing. */
export class ReadRecords<Item extends { readonly account: string }> {
  readonly table: RecordTable<Item>;
  readonly missingIds = new MissingKeys();
  readonly missingNames = new MissingKeys();
  #isComplete = false;
  readonly #byId = new Map<string, Item>();
  /** By account and name: the highest id. */
  readonly #newest = new Map<string, string>();

  constructor(table: RecordTable<Item>) {
    this.table = table;
  }

  get hasMissing(): boolean {
    return !(this.missingIds.isEmpty && this.missingNames.isEmpty);
  }

  with(id: string): Item | undefined {
    if (!this.table.isId(id)) return undefined;
    if (!this.#isComplete) this.missingIds.require(Number(id));
    return this.#byId.get(id);
  }

  /** Returns the newest record of an account with this name. */
  named(account: string, name: string): Item | undefined {
    if (!this.#isComplete) this.missingNames.require(account, name);
    return this.#byId.get(this.#newest.get(nameKey(account, name)) ?? '');
  }

  /** Adds a record that was read. One that is here already is newer and stays. */
  add(row: RecordRow): void {
    const item = this.table.read(row);
    if (!this.#byId.has(this.table.idOf(item))) this.set(item);
  }

  /** Adds a record that is going to be written, or replaces the one with its id. */
  set(item: Item): void {
    const id = this.table.idOf(item);
    this.#byId.set(id, item);
    const name = nameKey(item.account, this.table.nameOf(item));
    if (id > (this.#newest.get(name) ?? '')) this.#newest.set(name, id);
  }

  /** Removes all records. Those that are set from now on are all that there are. */
  replaceAll(): void {
    this.#byId.clear();
    this.#newest.clear();
    this.#isComplete = true;
  }
}
