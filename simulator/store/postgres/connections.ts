import type { Pool, PoolClient, QueryResult } from 'pg';
import type { Address } from './address.js';

/** A statement. One with a name is prepared once per connection. */
export interface SqlStatement {
  readonly name?: string;
  readonly text: string;
}

/** The value of a parameter. */
type ParameterValue = string | number | null | readonly (string | number | null)[];

/** A connection from the pool, while it is in use. */
export interface Connection {
  /** Sends a statement at once, without waiting for earlier ones (pipelining). The server runs them in their order. */
  query(statement: SqlStatement, values?: readonly ParameterValue[]): Promise<QueryResult>;
}

/** Milliseconds. */
const CONNECT_TIMEOUT = 5000;
const QUERY_TIMEOUT = 20_000;

/** How long the server waits for the next query of a reader that takes its rows slowly. Milliseconds. */
const READER_TIMEOUT = 60_000;

/** Connections of one process. As many gateways can commit at the same time. */
const MAX_CONNECTIONS = 8;

// The server ends waits for a lock, and the transactions of a process that holds a lock and does nothing. Sequential scans are disabled
// because the statistics of a young table are outdated, and every query has an index. A commit is on the disk when it is confirmed, also
// where the database is set up otherwise.
const SETTINGS = `
  SET lock_timeout = 5000;
  SET idle_in_transaction_session_timeout = 10000;
  SET enable_seqscan = off;
  SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
`;

/** Type ids (OID) of PostgreSQL. */
const INT8 = 20;
const TEXT = 25;

// Texts of requests may contain NUL, those of PostgreSQL may not: NUL and the escape character itself are escaped.
const ESCAPE = '\u001a';
const NUL = '\u0000';
const TO_ESCAPE = new RegExp(`[${NUL}${ESCAPE}]`, 'g');
const ESCAPED = new RegExp(`${ESCAPE}([01])`, 'g');

function escapeNul(text: string): string {
  return text.includes(NUL) || text.includes(ESCAPE) ? text.replace(TO_ESCAPE, (c) => (c === NUL ? `${ESCAPE}0` : `${ESCAPE}1`)) : text;
}

function unescapeNul(text: string): string {
  return text.includes(ESCAPE) ? text.replace(ESCAPED, (_, digit) => (digit === '0' ? NUL : ESCAPE)) : text;
}

const escapedValue = (value: ParameterValue): unknown => {
  if (typeof value === 'string') return escapeNul(value);
  return Array.isArray(value) ? value.map((item) => (typeof item === 'string' ? escapeNul(item) : item)) : value;
};

const connectionOf = (client: PoolClient): Connection => ({
  query: (statement, values = []) => client.query({ ...statement, values: values.map(escapedValue) }),
});

// The driver is loaded only when a database is used.
async function makePool({ url }: Address): Promise<Pool> {
  const { default: pg } = await import('pg');
  const types = {
    getTypeParser: ((oid: number, format?: 'text') => {
      if (oid === INT8) return Number;
      return oid === TEXT ? unescapeNul : pg.types.getTypeParser(oid, format);
    }) as typeof pg.types.getTypeParser,
  };
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'paybox-sim',
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    query_timeout: QUERY_TIMEOUT,
    keepAlive: true,
    types,
    pipeline: true,
  });
  // An error event without a listener would end the process. The pending queries of the connection fail with the error.
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    client.on('error', () => {});
    client.query(SETTINGS).catch(() => {});
  });
  return pool;
}

/** The connections of one process to a database. The first one is made at the first use. */
export class Connections {
  readonly #address: Address;
  readonly #prepare: (connection: Connection) => Promise<void>;
  #pool: Promise<Pool> | undefined;
  #prepared: Promise<void> | undefined;
  #ended: Promise<void> | undefined;

  /** @param prepare runs before the first use of the database; again at the next use if it failed */
  constructor(address: Address, prepare: (connection: Connection) => Promise<void>) {
    this.#address = address;
    this.#prepare = prepare;
  }

  /**
   * Runs work on a connection that no other work uses. If the work fails, its transaction is rolled back.
   *
   * @throws what the preparation, the work or the driver throws
   */
  async use<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    await this.#prepareOnce();
    return this.#withConnection(work);
  }

  /** Runs a query in a transaction that sees the database as it is at its beginning, for as long as the caller takes what it yields. */
  async *readInParts<Part>(query: (connection: Connection) => AsyncGenerator<Part>): AsyncGenerator<Part> {
    await this.#prepareOnce();
    this.#pool ??= makePool(this.#address);
    const client = await (await this.#pool).connect();
    const connection = connectionOf(client);
    let isWhole = false;
    try {
      await connection.query({ text: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' });
      await connection.query({ text: `SET LOCAL idle_in_transaction_session_timeout = ${READER_TIMEOUT}` });
      yield* query(connection);
      await connection.query({ text: 'COMMIT' });
      isWhole = true;
    } finally {
      // A transaction that was not read to its end ends with its connection.
      client.release(!isWhole);
    }
  }

  async #prepareOnce(): Promise<void> {
    this.#prepared ??= this.#withConnection(this.#prepare).catch((error: unknown) => {
      this.#prepared = undefined;
      throw error;
    });
    await this.#prepared;
  }

  /** Closes the connections; those in use are closed when their work is finished. */
  end(): Promise<void> {
    this.#ended ??= (async () => (await this.#pool)?.end())();
    return this.#ended;
  }

  async #withConnection<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    this.#pool ??= makePool(this.#address);
    const client = await (await this.#pool).connect();
    try {
      const result = await work(connectionOf(client));
      client.release();
      return result;
    } catch (error) {
      await client.query('ROLLBACK').then(
        () => client.release(),
        () => client.release(true),
      );
      throw error;
    }
  }
}
