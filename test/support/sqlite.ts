import { type ConnectionOptions, type Database, loadDriver } from '../../simulator/store/sqlite/driver.js';

/** Opens a SQLite file with the driver that the simulator uses: two SQLites in one process would release each other's locks. */
export function openSqlite(file: string, options?: ConnectionOptions): Database {
  return new (loadDriver())(file, options);
}
