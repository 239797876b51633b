import { MemoryStorage } from './memory/memory-store.js';
import { isPostgresUrl, readAddress } from './postgres/address.js';
import { PostgresStorage } from './postgres/postgres-storage.js';
import { SqliteStorage } from './sqlite/sqlite-storage.js';
import type { Storage } from './store.js';

/**
 * Where a simulator keeps its state.
 *
 * @param db a SQLite file or a PostgreSQL URL; undefined: memory
 * @throws StoreError when the file cannot be opened, or the URL not be read
 */
export function openStorage(db: string | undefined): Storage {
  if (db === undefined) return new MemoryStorage();
  return isPostgresUrl(db) ? new PostgresStorage(db) : new SqliteStorage(db);
}

/**
 * The place for people to read: `memory`, the file, or the URL without its password.
 *
 * @throws StoreError when the URL cannot be read
 */
export function shownStorage(db: string | undefined): string {
  if (db === undefined) return 'memory';
  return isPostgresUrl(db) ? readAddress(db).shown : db;
}
