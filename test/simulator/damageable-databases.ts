import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { databaseOf, hasPostgres, postgres } from '../support/postgres.js';
import { openSqlite } from '../support/sqlite.js';
import { tempFolder } from '../support/temp-folder.js';

/** A database that the test changes with SQL. */
export interface DamageableDatabase {
  readonly db: string;
  readonly sql: (statement: string) => void;
}

/** Makes a database of each kind. */
export const DAMAGEABLE: Readonly<Record<string, () => Promise<DamageableDatabase>>> = {
  SQLite: async () => {
    const db = join(await tempFolder(), 'state.db');
    writeFileSync(db, '');
    const file = openSqlite(db);
    onTestFinished(() => void file.close());
    return { db, sql: (statement) => void file.exec(statement) };
  },
  ...(hasPostgres && {
    PostgreSQL: async () => {
      const server = await postgres();
      const db = server.makeDatabase();
      return { db, sql: (statement) => void server.sql(databaseOf(db), statement) };
    },
  }),
};
