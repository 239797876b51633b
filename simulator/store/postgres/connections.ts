import type { Pool, PoolClient } from 'pg';
import type { Address } from './address.js';
import type { Connection, Value } from './connection.js';
import { readText, writeText } from './nul-escape.js';
import { openDatabase } from './open.js';

/** Milliseconds. */
const CONNECT = 5000;
const ANSWER = 20_000;

/** Connections of one process. Gateways work beside each other on as many. */
const MOST = 8;

// What waits for a lock gives up, and so does the server on somebody who holds one and sleeps. The server's guess of what a
// table holds is late on a young one, and its indexes serve everything that is asked.
const SETTINGS = `
  SET lock_timeout = 5000;
  SET idle_in_transaction_session_timeout = 10000;
  SET enable_seqscan = off;
`;

const INT8 = 20;
const TEXT = 25;

const written = (value: Value): unknown => {
  if (typeof value === 'string') return writeText(value);
  return Array.isArray(value) ? value.map((one) => (typeof one === 'string' ? writeText(one) : one)) : value;
};

const connectionOf = (client: PoolClient): Connection => ({
  query: (sql, values = []) => client.query({ ...sql, values: values.map(written) }),
});

// Loaded when a database is asked for and not before.
async function makePool({ url }: Address): Promise<Pool> {
  const { default: pg } = await import('pg');
  const types = {
    getTypeParser: ((oid: number, format?: 'text') => {
      if (oid === INT8) return Number;
      return oid === TEXT ? readText : pg.types.getTypeParser(oid, format);
    }) as typeof pg.types.getTypeParser,
  };
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'paybox-sim',
    max: MOST,
    connectionTimeoutMillis: CONNECT,
    query_timeout: ANSWER,
    keepAlive: true,
    types,
    pipeline: true,
  });
  // Whoever works on a connection that ends is told by what they ask of it.
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    client.on('error', () => {});
    client.query(SETTINGS).catch(() => {});
  });
  return pool;
}

/** The connections of one process to a database, which is reached when it is first asked for. */
export class Connections {
  readonly #address: Address;
  #pool: Promise<Pool> | undefined;
  #opened: Promise<void> | undefined;
  #ended: Promise<void> | undefined;

  constructor(address: Address) {
    this.#address = address;
  }

  /**
   * Does something on a connection of its own.
   *
   * @throws StoreError when the database is not the simulator's or of a newer version; else what the work or the driver throws
   */
  async use<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    this.#opened ??= this.#take((connection) => openDatabase(connection, this.#address.shown)).catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    await this.#opened;
    return this.#take(work);
  }

  /** Ends the connections; those in use when they are given back. */
  end(): Promise<void> {
    this.#ended ??= (async () => (await this.#pool)?.end())();
    return this.#ended;
  }

  async #take<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
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
