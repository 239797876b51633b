import { APPLICATION_ID } from '../sqlite/schema.js';
import { StoreError } from '../store.js';
import type { Connection } from './connection.js';
import { MARK, POSTGRES_MIGRATIONS } from './schema.js';

const LEFT = 'It was left as it is:';

const TABLES = `SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE nspname = current_schema() AND relkind IN ('r', 'p', 'v', 'm', 'f')`;

async function checkEncoding({ query }: Connection, database: string): Promise<void> {
  const { rows } = await query({ text: "SELECT current_setting('server_encoding') AS encoding" });
  const encoding = rows[0]?.encoding as string;
  if (encoding !== 'UTF8')
    throw new StoreError(`Database ${database} has the encoding ${encoding}, not UTF8. Make one with createdb -E UTF8 -T template0.`);
}

/** Which version its tables are of; 0 where it holds none. */
async function versionOf({ query }: Connection, database: string): Promise<number> {
  const { rows: tables } = await query({ text: TABLES });
  if (tables.length === 0) return 0;
  if (!tables.some(({ relname }) => relname === MARK))
    throw new StoreError(
      `Database ${database} holds tables of another program. ${LEFT} give a database of the simulator's own (createdb).`,
    );
  const { rows: marks } = await query({ text: `SELECT version FROM ${MARK}` });
  const version = marks[0]?.version as number | undefined;
  if (version === undefined) throw new StoreError(`Database ${database} is damaged: ${MARK} has no row. Restore a copy of it.`);
  return version;
}

function checkVersion(version: number, database: string): void {
  const known = POSTGRES_MIGRATIONS.length;
  if (version > known)
    throw new StoreError(
      `Database ${database} has schema version ${version}; this version of the simulator knows ${known}. ${LEFT} use a newer simulator, or give another database.`,
    );
}

async function migrate(connection: Connection, database: string): Promise<void> {
  const { query } = connection;
  await query({ text: 'BEGIN' });
  // Of several processes that find an old database one migrates it.
  await query({ text: `SELECT pg_advisory_xact_lock(${APPLICATION_ID})` });
  const from = await versionOf(connection, database);
  checkVersion(from, database);
  if (from === 0) await query({ text: `CREATE TABLE ${MARK} (version integer NOT NULL)` });
  if (from === 0) await query({ text: `INSERT INTO ${MARK} VALUES (0)` });
  for (const step of POSTGRES_MIGRATIONS.slice(from)) await query({ text: step });
  await query({ text: `UPDATE ${MARK} SET version = ${POSTGRES_MIGRATIONS.length}` });
  await query({ text: 'COMMIT' });
}

/**
 * Makes sure that a database is the simulator's and of this version, making or migrating its tables.
 *
 * @param database as it is shown
 * @throws StoreError when it is another program's or of a newer version; nothing is written then
 */
export async function openDatabase(connection: Connection, database: string): Promise<void> {
  await checkEncoding(connection, database);
  const version = await versionOf(connection, database);
  checkVersion(version, database);
  if (version < POSTGRES_MIGRATIONS.length) await migrate(connection, database);
}
