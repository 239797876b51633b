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
export interface RecordTable<Item> extends RecordColumns {
  readonly isId: ValueCheck;
  idOf(item: Item): string;
  nameOf(item: Item): string;
  /** When something of a record is due next; undefined: nothing is. */
  dueOf(item: Item): number | undefined;
  valuesOf(item: Item): unknown[];
  /** Reads a record from its row. Data of later versions are left out. */
  read(row: RecordRow): Item;
}

/** Selects records. A record must meet all conditions that are given. */
export interface RecordFilter {
  readonly name?: string | undefined;
  readonly account?: string | undefined;
  /** Only records with a lower id. */
  readonly before?: string | undefined;
  /** Only records of which something is due at or before this time; those that are due first come first. */
  readonly dueBefore?: number | undefined;
  readonly limit: number;
}

type TextOf<Item> = { [Name in keyof Item]-?: Item[Name] extends string ? Name : never }[keyof Item] & string;

/** Describes a table of records. */
export function recordTable<Item extends { readonly account: string }>({
  table,
  id,
  name,
  isId,
  formatId,
  shape,
  due,
}: {
  readonly table: RecordTable<Item>['table'];
  readonly id: TextOf<Item>;
  readonly name: TextOf<Item>;
  readonly isId: ValueCheck;
  /** Returns the id with a number, as text. */
  readonly formatId: (number: number) => string;
  /** All properties. */
  readonly shape: ObjectShape;
  readonly due?: (item: Item) => number | undefined;
}): RecordTable<Item> {
  const own = [id, 'account', name];
  const without = (members: ObjectShape['members']): ObjectShape['members'] =>
    Object.fromEntries(Object.entries(members).filter(([member]) => !own.includes(member)));
  const data = { members: without(shape.members), optional: shape.optional ?? {} };
  const dataNames = [...Object.keys(data.members), ...Object.keys(data.optional)];
  const dueOf = due ?? (() => undefined);
  const check = rowCheck(table, {
    [id]: (value) => typeof value === 'number' && isId(formatId(value)),
    account: isText,
    [name]: isText,
    data: isText,
  });
  return {
    table,
    id,
    name,
    columns: [...own, ...(due ? ['due_at'] : []), 'data'],
    isId,
    idOf: (item) => item[id] as string,
    nameOf: (item) => item[name] as string,
    dueOf,
    valuesOf: (item) => {
      const known = Object.fromEntries(Object.entries(item).filter(([member]) => !own.includes(member)));
      return [Number(item[id]), item.account, item[name], ...(due ? [due(item) ?? null] : []), JSON.stringify(known)];
    },
    read: (row) => {
      check(row);
      const { [id]: number, account, [name]: text, data: json } = row;
      const read = readJson<Record<string, unknown>>(table, 'data', json as string);
      const known = Object.fromEntries(dataNames.flatMap((member) => (Object.hasOwn(read, member) ? [[member, read[member]]] : [])));
      if (Array.isArray(read) || faultIn(data, known)) throw damagedRow(table, 'data');
      const item = { [id]: formatId(number as number), account, [name]: text, ...known } as unknown as Item;
      if (due && row.due_at !== (due(item) ?? null)) throw damagedRow(table, 'due_at');
      return item;
    },
  };
}
