import type { RecordKeys } from './record-keys.js';
import { damagedRow, isText, readJson, rowCheck, type ValueCheck } from './row-checks.js';
import { faultIn, type ObjectShape } from './shape.js';

/** A row of a table of records. The columns of the id and of the name have their own names. */
export type RecordRow = Readonly<Record<string, unknown>>;

/** The columns of a table of records. */
export interface RecordColumns {
  readonly table: 'authentications' | 'checkouts';
  /** The columns and the properties of the id and the name. */
  readonly id: string;
  readonly name: string;
  /** All columns except `gateway`, in the order of {@link RecordTable.valuesOf}. */
  readonly columns: readonly string[];
}

/**
 * A table of records that have an id with a number of the gateway's sequence, belong to an account, and are found by a name too. All else
 * about them is JSON. In the column `due_at` of some tables is when something of a record is due next.
 */
export interface RecordTable<Item> extends RecordColumns, RecordKeys<Item> {
  readonly isId: ValueCheck;
  valuesOf(item: Item): unknown[];
  /** Reads a record from its row. Data of later versions are left out. */
  read(row: RecordRow): Item;
}

/** Describes a table of records. */
export function recordTable<Item extends { readonly account: string }>({
  table,
  id,
  name,
  isId,
  formatId,
  shape,
  keys,
  hasDue = false,
}: {
  readonly table: RecordTable<Item>['table'];
  readonly id: keyof Item & string;
  readonly name: keyof Item & string;
  readonly isId: ValueCheck;
  /** Returns the id with a number, as text. */
  readonly formatId: (number: number) => string;
  /** All properties. */
  readonly shape: ObjectShape;
  readonly keys: RecordKeys<Item>;
  /** Whether the table has the column `due_at`. */
  readonly hasDue?: boolean;
}): RecordTable<Item> {
  const own = [id, 'account', name];
  const without = (members: ObjectShape['members']): ObjectShape['members'] =>
    Object.fromEntries(Object.entries(members).filter(([member]) => !own.includes(member)));
  const data = { members: without(shape.members), optional: shape.optional ?? {} };
  const dataNames = [...Object.keys(data.members), ...Object.keys(data.optional)];
  const dueOf = (item: Item): number | null => keys.dueOf(item) ?? null;
  const check = rowCheck(table, {
    [id]: (value) => typeof value === 'number' && isId(formatId(value)),
    account: isText,
    [name]: isText,
    data: isText,
  });
  return {
    ...keys,
    table,
    id,
    name,
    columns: [...own, ...(hasDue ? ['due_at'] : []), 'data'],
    isId,
    valuesOf: (item) => {
      const known = Object.fromEntries(Object.entries(item).filter(([member]) => !own.includes(member)));
      return [Number(item[id]), item.account, item[name], ...(hasDue ? [dueOf(item)] : []), JSON.stringify(known)];
    },
    read: (row) => {
      check(row);
      const { [id]: number, account, [name]: text, data: json } = row;
      const read = readJson<Record<string, unknown>>(table, 'data', json as string);
      const known = Object.fromEntries(dataNames.flatMap((member) => (Object.hasOwn(read, member) ? [[member, read[member]]] : [])));
      if (Array.isArray(read) || faultIn(data, known)) throw damagedRow(table, 'data');
      const item = { [id]: formatId(number as number), account, [name]: text, ...known } as unknown as Item;
      if (hasDue && row.due_at !== dueOf(item)) throw damagedRow(table, 'due_at');
      return item;
    },
  };
}
