import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ConnectionOptions, Database, Driver, PreparedStatement, TransactionRunner } from './driver.js';

// The part of node:sqlite that is used. Node.js 20, whose types the project has, does not have it.
type Row = Readonly<Record<string, unknown>>;

interface StatementSync {
  get(...values: unknown[]): Row | undefined;
  all(...values: unknown[]): Row[];
  iterate(...values: unknown[]): IterableIterator<Row>;
  run(...values: unknown[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
}

interface DatabaseSync {
  prepare(sql: string): StatementSync;
  exec(sql: string): void;
  close(): void;
}

interface NodeSqlite {
  readonly DatabaseSync: new (file: string, options: { readonly readOnly: boolean }) => DatabaseSync;
}

/** Kibibytes of pages that a connection caches, as better-sqlite3 does. */
const CACHE_SIZE = 16_000;

// Node.js 22.13 refuses undefined.
const bindable = (values: readonly unknown[]): unknown[] => values.map((value) => (value === undefined ? null : value));

const firstColumn = (row: Row): unknown => {
  for (const column in row) return row[column];
  return undefined;
};

class NodeStatement implements PreparedStatement {
  readonly #statement: StatementSync;
  #shape: (row: Row) => unknown = (row) => row;

  constructor(statement: StatementSync) {
    this.#statement = statement;
  }

  get(...values: unknown[]): unknown {
    const row = this.#statement.get(...bindable(values));
    return row && this.#shape(row);
  }

  all(...values: unknown[]): unknown[] {
    return this.#statement.all(...bindable(values)).map(this.#shape);
  }

  *iterate(...values: unknown[]): Generator<unknown> {
    for (const row of this.#statement.iterate(...bindable(values))) yield this.#shape(row);
  }

  run(...values: unknown[]): { readonly changes: number; readonly lastInsertRowid: number | bigint } {
    return this.#statement.run(...bindable(values));
  }

  pluck(): this {
    this.#shape = firstColumn;
    return this;
  }

  raw(): this {
    this.#shape = Object.values;
    return this;
  }
}

function connectionClass({ DatabaseSync }: NodeSqlite): Driver {
  return class implements Database {
    readonly name: string;
    readonly #database: DatabaseSync;
    readonly #prepared = new Map<string, StatementSync>();

    constructor(file: string, { readonly = false, timeout = 0 }: ConnectionOptions = {}) {
      // As better-sqlite3 does. SQLite itself does not say why it cannot open the file.
      if (file !== ':memory:' && !existsSync(dirname(file)))
        throw new TypeError('Cannot open database because the directory does not exist');
      this.name = file;
      this.#database = new DatabaseSync(file, { readOnly: readonly });
      this.pragma(`busy_timeout = ${timeout}`);
      this.pragma(`cache_size = -${CACHE_SIZE}`);
    }

    prepare(sql: string): PreparedStatement {
      return new NodeStatement(this.#database.prepare(sql));
    }

    exec(sql: string): void {
      this.#database.exec(sql);
    }

    pragma(sql: string, { simple = false }: { readonly simple?: boolean } = {}): unknown {
      const rows = this.#database.prepare(`PRAGMA ${sql}`).all();
      if (!simple) return rows;
      return rows[0] && firstColumn(rows[0]);
    }

    transaction<Result>(work: () => Result): TransactionRunner<Result> {
      const run = (): Result => this.#transact('BEGIN', work);
      return Object.assign(run, {
        immediate: () => this.#transact('BEGIN IMMEDIATE', work),
        exclusive: () => this.#transact('BEGIN EXCLUSIVE', work),
      });
    }

    close(): void {
      this.#database.close();
    }

    #transact<Result>(begin: string, work: () => Result): Result {
      this.#run(begin);
      try {
        const result = work();
        this.#run('COMMIT');
        return result;
      } catch (cause) {
        try {
          this.#run('ROLLBACK');
        } catch {
          // Some errors have ended the transaction.
        }
        throw cause;
      }
    }

    #run(sql: string): void {
      const statement = this.#prepared.get(sql) ?? this.#database.prepare(sql);
      this.#prepared.set(sql, statement);
      statement.run();
    }
  };
}

/** Returns the SQLite of Node.js with the interface of better-sqlite3; undefined if Node.js has none (before 22.13). */
export function loadNodeDriver(): Driver | undefined {
  // Node.js 22 and 24 warn on standard error that it is experimental.
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    const sqlite = process.getBuiltinModule?.('node:sqlite') as NodeSqlite | undefined;
    return sqlite && connectionClass(sqlite);
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** The names of the primary result codes of SQLite, by their number. */
const CODES = [
  ...['OK', 'ERROR', 'INTERNAL', 'PERM', 'ABORT', 'BUSY', 'LOCKED', 'NOMEM', 'READONLY', 'INTERRUPT', 'IOERR', 'CORRUPT', 'NOTFOUND'],
  ...['FULL', 'CANTOPEN', 'PROTOCOL', 'EMPTY', 'SCHEMA', 'TOOBIG', 'CONSTRAINT', 'MISMATCH', 'MISUSE', 'NOLFS', 'AUTH', 'FORMAT'],
  ...['RANGE', 'NOTADB'],
];

/** The extended result codes that the simulator distinguishes. */
const EXTENDED_CODES: ReadonlyMap<number, string> = new Map([
  [522, 'SQLITE_IOERR_SHORT_READ'],
  [778, 'SQLITE_IOERR_WRITE'],
]);

/** Returns the code that better-sqlite3 gives to an error of node:sqlite; undefined if it is no error of SQLite. */
export function nodeSqliteCode(error: unknown): string | undefined {
  const { code, errcode, message = '' } = error as { readonly code?: string; readonly errcode?: number; readonly message?: string };
  // A number in a damaged row. better-sqlite3 returns it rounded.
  if (code === 'ERR_OUT_OF_RANGE' && message.includes('too large to be represented')) return 'SQLITE_CORRUPT';
  if (code !== 'ERR_SQLITE_ERROR' || errcode === undefined) return undefined;
  return EXTENDED_CODES.get(errcode) ?? `SQLITE_${CODES[errcode & 0xff]}`;
}
