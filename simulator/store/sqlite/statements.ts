import type { Database, PreparedStatement } from './driver.js';

/** The prepared statements of a connection, by their SQL. Each is prepared once. */
export class Statements {
  readonly #database: Database;
  readonly #statements = new Map<string, PreparedStatement>();
  readonly #columnStatements = new Map<string, PreparedStatement>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Returns a statement whose rows are objects. */
  prepare(sql: string): PreparedStatement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** Returns a statement whose rows are the values of their first column. */
  prepareColumn(sql: string): PreparedStatement {
    const known = this.#columnStatements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql).pluck();
    this.#columnStatements.set(sql, statement);
    return statement;
  }
}
