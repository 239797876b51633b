import { GATEWAY_TABLES, type GatewayTable } from '../gateway-rows.js';
import { COLUMNS } from './columns.js';
import { type CommitId, WITH_COMMIT_ID } from './commit-ids.js';
import type { Connection, SqlStatement } from './connections.js';
import type { RowValues } from './pending-rows.js';
import type { PostgresTransaction } from './postgres-transaction.js';

/** Maximum number of rows in one statement. */
const CHUNK_SIZE = 2000;

/** Replaces the row that has the same key. */
const replacing = (table: GatewayTable, key: readonly string[]): string =>
  `ON CONFLICT (gateway, ${key.join(', ')}) DO UPDATE SET ${COLUMNS[table]
    .filter(([name]) => !key.includes(name))
    .map(([name]) => `${name} = excluded.${name}`)
    .join(', ')}`;

/** What an insert does if the key exists already. In the other tables it is an error. */
const ON_CONFLICT: Partial<Record<GatewayTable, string>> = {
  questions: 'ON CONFLICT DO NOTHING',
  cards: 'ON CONFLICT DO NOTHING',
  tokens: 'ON CONFLICT DO NOTHING',
  subscribers: replacing('subscribers', ['account', 'REFABONNE']),
  authentications: replacing('authentications', ['ID3D']),
  checkouts: replacing('checkouts', ['id']),
};

function insertInto(table: GatewayTable): SqlStatement {
  const columns = COLUMNS[table];
  const names = columns.map(([name]) => name).join(', ');
  const values = columns.map(([, type], n) => `$${n + 2}::${type}[]`).join(', ');
  return {
    name: `insert into ${table}`,
    text: `INSERT INTO ${table} (gateway, ${names}) SELECT $1::bigint, * FROM unnest(${values}) ${ON_CONFLICT[table] ?? ''}`,
  };
}

// Built once: every batch uses them.
const INSERTS = GATEWAY_TABLES.map((table) => [table, insertInto(table)] as const);
const DELETES = GATEWAY_TABLES.map((table) => ({ text: `DELETE FROM ${table} WHERE gateway = $1` }));

const DELETE_SUBSCRIBERS = {
  text: `DELETE FROM subscribers t USING unnest($2::text[], $3::text[]) AS s (account, name)
    WHERE t.gateway = $1 AND t.account = s.account AND t.REFABONNE = s.name`,
};

const SAVE_COUNTERS = {
  name: 'save counters',
  text: `${WITH_COMMIT_ID} UPDATE gateways SET sequence = $4, entries = $5 WHERE id = $3`,
};
const SAVE_ALL = {
  name: 'save counters and configuration',
  text: `${WITH_COMMIT_ID} UPDATE gateways SET sequence = $4, entries = $5, shared = $6 WHERE id = $3`,
};

/** The values of one column in several rows. */
type ColumnValues = (string | number | null)[];

const columnsOf = (rows: readonly RowValues[], count: number): ColumnValues[] =>
  Array.from({ length: count }, (_, column) => rows.map((row) => row[column] as string | number | null));

function* chunksOf(rows: readonly RowValues[]): Generator<readonly RowValues[]> {
  for (let from = 0; from < rows.length; from += CHUNK_SIZE) yield rows.slice(from, from + CHUNK_SIZE);
}

/** Deletes all rows of a gateway except its row in `gateways`. All statements are sent at once; each must succeed. */
export function deleteRows({ query }: Connection, gateway: number): Promise<unknown>[] {
  return DELETES.map((statement) => query(statement, [gateway]));
}

/** Writes the pending rows of a transaction, and its id. All statements are sent at once; each must succeed. */
export function writeRows(
  connection: Connection,
  { id, pending, sequence, entries }: PostgresTransaction,
  { writer, number }: CommitId,
): Promise<unknown>[] {
  const { query } = connection;
  const sent: Promise<unknown>[] = pending.replacesAll ? deleteRows(connection, id) : [];
  const deleted = pending.deletedSubscribers;
  if (deleted.length > 0) sent.push(query(DELETE_SUBSCRIBERS, [id, ...columnsOf(deleted, 2)]));
  for (const [table, insert] of INSERTS)
    for (const rows of chunksOf(pending.rows(table))) sent.push(query(insert, [id, ...columnsOf(rows, COLUMNS[table].length)]));
  const { shared } = pending;
  const counters = [writer, number, id, sequence, entries];
  sent.push(shared ? query(SAVE_ALL, [...counters, shared.text ?? null]) : query(SAVE_COUNTERS, counters));
  return sent;
}
