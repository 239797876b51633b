import { TABLES, type Table } from './columns.js';
import type { Connection, Sql } from './connection.js';
import type { GatewayTransaction } from './gateway-transaction.js';
import type { Row } from './pending-rows.js';

/** Rows of one statement: a whole gateway is loaded in several. */
const CHUNK = 2000;

const KEY_OF_SUBSCRIBERS = ['gateway', 'account', 'REFABONNE'];

/** What becomes of a row whose key is there; else it is refused. */
const CONFLICTS: Partial<Record<Table, string>> = {
  questions: 'ON CONFLICT DO NOTHING',
  cards: 'ON CONFLICT DO NOTHING',
  subscribers: `ON CONFLICT (${KEY_OF_SUBSCRIBERS.join(', ')}) DO UPDATE SET ${TABLES.subscribers
    .filter(([name]) => !KEY_OF_SUBSCRIBERS.includes(name))
    .map(([name]) => `${name} = excluded.${name}`)
    .join(', ')}`,
};

function insertInto(table: Table): Sql {
  const columns = TABLES[table];
  const names = columns.map(([name]) => name).join(', ');
  const values = columns.map(([, type], n) => `$${n + 2}::${type}[]`).join(', ');
  return {
    name: `insert into ${table}`,
    text: `INSERT INTO ${table} (gateway, ${names}) SELECT $1::bigint, * FROM unnest(${values}) ${CONFLICTS[table] ?? ''}`,
  };
}

const NAMES = Object.keys(TABLES) as Table[];

// Put together once: these are sent by every batch.
const INSERTS = NAMES.map((table) => [table, insertInto(table)] as const);
const DELETES = NAMES.map((table) => ({ text: `DELETE FROM ${table} WHERE gateway = $1` }));

const DELETE_SUBSCRIBERS = {
  text: `DELETE FROM subscribers t USING unnest($2::text[], $3::text[]) AS s (account, name)
    WHERE t.gateway = $1 AND t.account = s.account AND t.REFABONNE = s.name`,
};

const COUNT = { name: 'count', text: 'UPDATE gateways SET sequence = $2, entries = $3 WHERE id = $1' };
const COUNT_AND_SHARE = { name: 'count and share', text: 'UPDATE gateways SET sequence = $2, entries = $3, shared = $4 WHERE id = $1' };

type Column = (string | number | null)[];

const columnsOf = (rows: readonly Row[], count: number): Column[] =>
  Array.from({ length: count }, (_, column) => rows.map((row) => row[column] as string | number | null));

function* chunksOf(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let from = 0; from < rows.length; from += CHUNK) yield rows.slice(from, from + CHUNK);
}

/** Forgets all that a gateway holds. All statements are sent at once. */
export function deleteAll({ query }: Connection, id: number): Promise<unknown>[] {
  return DELETES.map((sql) => query(sql, [id]));
}

/** Writes what a view's work left. All statements are sent at once; each must have succeeded. */
export function writeChanges(connection: Connection, { id, changes, sequence, entries }: GatewayTransaction): Promise<unknown>[] {
  const { query } = connection;
  const sent: Promise<unknown>[] = changes.isEmptied ? deleteAll(connection, id) : [];
  const gone = changes.goneSubscribers;
  if (gone.length > 0) sent.push(query(DELETE_SUBSCRIBERS, [id, ...columnsOf(gone, 2)]));
  for (const [table, sql] of INSERTS)
    for (const rows of chunksOf(changes.rows(table))) sent.push(query(sql, [id, ...columnsOf(rows, TABLES[table].length)]));
  const { shared } = changes;
  sent.push(shared ? query(COUNT_AND_SHARE, [id, sequence, entries, shared.text ?? null]) : query(COUNT, [id, sequence, entries]));
  return sent;
}
