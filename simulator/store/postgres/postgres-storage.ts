import { setTimeout } from 'node:timers/promises';
import { RetryPolicy } from '../retry-policy.js';
import type { Storage, Store } from '../store.js';
import { readAddress } from './address.js';
import type { Batch } from './batch.js';
import { type Connection, Connections } from './connections.js';
import { isJobError, isLost, isTemporary, postgresError } from './errors.js';
import { type PostgresAccess, PostgresStore } from './postgres-store.js';
import { preparePostgresDatabase } from './prepare-database.js';
import { findGateway, listNames } from './queries.js';
import { lockGateway } from './read-rows.js';
import { deleteRows } from './write-rows.js';

/**
 * Holds gateways in a PostgreSQL database. It connects at the first use. A transaction locks the row of its gateway, so that processes
 * write to one gateway in turn, and gateways do not wait for each other.
 */
export class PostgresStorage implements Storage, PostgresAccess {
  readonly description: string;
  readonly #connections: Connections;
  readonly #retryPolicy = new RetryPolicy({ first: 5, longest: 250 });
  /** Whether the last attempt reached the server. Retries wait for a server that was up, and only once. */
  #isUp = false;
  readonly #commits = new Set<Promise<void>>();
  /** Resolves when the last reading in parts has ended. */
  #reading: Promise<void> = Promise.resolve();

  /**
   * @param url `postgres://user:password@host:5432/database`; the defaults of missing parts are the `PG…` environment variables
   * @throws StoreError when the URL is invalid
   */
  constructor(url: string) {
    const address = readAddress(url);
    this.description = address.shown;
    this.#connections = new Connections(address, (connection) => preparePostgresDatabase(connection, address.shown));
  }

  open(name: string): Store {
    return new PostgresStore(name, this);
  }

  names(): Promise<string[]> {
    return this.use(listNames);
  }

  async has(name: string): Promise<boolean> {
    return (await this.use((connection) => findGateway(connection, name))) !== undefined;
  }

  drop(name: string): Promise<void> {
    return this.use(async (connection) => {
      const { query } = connection;
      await query({ text: 'BEGIN' });
      const gateway = await lockGateway(connection, name);
      if (gateway) await Promise.all(deleteRows(connection, gateway.id));
      if (gateway) await query({ text: 'DELETE FROM gateways WHERE id = $1' }, [gateway.id]);
      await query({ text: 'COMMIT' });
    });
  }

  async close(): Promise<void> {
    this.#retryPolicy.end();
    await Promise.all(this.#commits);
    await this.#connections.end();
  }

  async use<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    try {
      return await this.#retrying(() => this.#connections.use(work));
    } catch (cause) {
      throw postgresError(this.description, cause);
    }
  }

  async *readInParts<Part>(query: (connection: Connection) => AsyncGenerator<Part>): AsyncGenerator<Part> {
    const before = this.#reading;
    let finish = (): void => {};
    this.#reading = new Promise((resolve) => {
      finish = resolve;
    });
    await before;
    try {
      yield* this.#connections.readInParts(query);
    } catch (cause) {
      throw postgresError(this.description, cause);
    } finally {
      finish();
    }
  }

  commit(batch: Batch): Promise<void> {
    const commit = this.#commit(batch).finally(() => this.#commits.delete(commit));
    this.#commits.add(commit);
    return commit;
  }

  async #commit(batch: Batch): Promise<void> {
    try {
      await this.#retrying(() => this.#connections.use((connection) => batch.attempt(connection)));
    } catch (cause) {
      await this.#handleFailure(batch, cause);
      return;
    }
    batch.finish();
  }

  async #retrying<Result>(attempt: () => Promise<Result>): Promise<Result> {
    const nextRetry = this.#retryPolicy.begin();
    for (;;) {
      try {
        const result = await attempt();
        this.#isUp = true;
        return result;
      } catch (error) {
        const delay = this.#isUp && isTemporary(error) ? nextRetry() : undefined;
        if (delay === undefined) {
          if (isLost(error)) this.#isUp = false;
          throw error;
        }
        await setTimeout(delay);
      }
    }
  }

  // If one job may be the cause, and not the server, each job gets its own transaction, so that the others succeed.
  async #handleFailure(batch: Batch, cause: unknown): Promise<void> {
    const parts = isJobError(cause) && !batch.mayBeWritten ? batch.split() : [];
    if (parts.length === 0) batch.fail(postgresError(this.description, cause, batch.mayBeWritten));
    for (const part of parts) await this.#commit(part);
  }
}
