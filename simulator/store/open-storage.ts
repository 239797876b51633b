import { MemoryStorage } from './memory/memory-store.js';
import { isPostgresUrl, readAddress } from './postgres/address.js';
import { PostgresStorage } from './postgres/postgres-storage.js';
import { SqliteStorage } from './sqlite/sqlite-storage.js';
import type { Storage } from './store.js';

/**
 * Opens the storage of a simulator.
 *
 * @param db path of a SQLite file, or a PostgreSQL URL. Default, and `:memory:`: the state is held in memory
 * @throws StoreError when the file cannot be opened or the URL is invalid. A PostgreSQL server is not connected to yet
 */
export function openStorage(db: string | undefined): Storage {
  if (db === undefined || db === ':memory:') return new MemoryStorage();
  return isPostgresUrl(db) ? new PostgresStorage(db) : new SqliteStorage(db);
}

/**
 * Returns the human-readable location of a storage: `memory`, the path of the file, or the URL without its password.
 *
 * @throws StoreError when the URL is invalid
 */
export function shownStorage(db: string | undefined): string {
  if (db === undefined || db === ':memory:') return 'memory';
  return isPostgresUrl(db) ? readAddress(db).shown : db;
}
