import { setTimeout } from 'node:timers/promises';
import { RetryPolicy } from '../retry-policy.js';
import type { Storage, Store } from '../store.js';
import { readAddress } from './address.js';
import type { Batch } from './batch.js';
import type { Connection } from './connection.js';
import { Connections } from './connections.js';
import { isLost, isOfWork, isPassing, storeError } from './errors.js';
import { PostgresStore } from './postgres-store.js';
import { readNames } from './queries.js';
import { lockGateway } from './read-rows.js';
import { deleteAll } from './write-rows.js';

/**
 * Keeps gateways in a PostgreSQL database, which is reached when it is first asked for. A transaction holds the row of its
 * gateway, so that processes come one after another, and gateways do not wait for each other.
 */
export class PostgresStorage implements Storage {
  readonly description: string;
  readonly #connections: Connections;
  readonly #retryPolicy = new RetryPolicy({ first: 5, longest: 250 });
  /** Whether the server answered last. Work does not wait for a server that never answered, or that was already waited for. */
  #isUp = false;
  readonly #working = new Set<Promise<void>>();

  /**
   * @param url `postgres://user:password@host:5432/database`; what it leaves out is as the `PG…` variables say
   * @throws StoreError when it cannot be read
   */
  constructor(url: string) {
    const address = readAddress(url);
    this.description = address.shown;
    this.#connections = new Connections(address);
  }

  open(name: string): Store {
    return new PostgresStore(name, this);
  }

  names(): Promise<string[]> {
    return this.use(readNames);
  }

  drop(name: string): Promise<void> {
    return this.use(async (connection) => {
      const { query } = connection;
      await query({ text: 'BEGIN' });
      const gateway = await lockGateway(connection, name);
      if (gateway) await Promise.all(deleteAll(connection, gateway.id));
      if (gateway) await query({ text: 'DELETE FROM gateways WHERE id = $1' }, [gateway.id]);
      await query({ text: 'COMMIT' });
    });
  }

  async close(): Promise<void> {
    this.#retryPolicy.end();
    await Promise.all(this.#working);
    await this.#connections.end();
  }

  /**
   * Does something that may be done twice.
   *
   * @throws StoreError when it could not be done
   */
  async use<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    try {
      return await this.#retrying(() => this.#connections.use(work));
    } catch (cause) {
      throw storeError(this.description, cause);
    }
  }

  /** Commits a batch and tells everybody. The storage is not closed before. */
  commit(batch: Batch): Promise<void> {
    const working = this.#commit(batch).finally(() => this.#working.delete(working));
    this.#working.add(working);
    return working;
  }

  async #commit(batch: Batch): Promise<void> {
    try {
      await this.#retrying(() => this.#connections.use((connection) => batch.attempt(connection)));
    } catch (cause) {
      await this.#failed(batch, cause);
      return;
    }
    batch.answer();
  }

  async #retrying<Result>(attempt: () => Promise<Result>): Promise<Result> {
    const nextRetry = this.#retryPolicy.begin();
    for (;;) {
      try {
        const result = await attempt();
        this.#isUp = true;
        return result;
      } catch (error) {
        const delay = this.#isUp && isPassing(error) ? nextRetry() : undefined;
        if (delay === undefined) {
          if (isLost(error)) this.#isUp = false;
          throw error;
        }
        await setTimeout(delay);
      }
    }
  }

  // Where one piece of work is at fault and not the server, the others get their own commit.
  async #failed(batch: Batch, cause: unknown): Promise<void> {
    const parts = isOfWork(cause) ? batch.split() : [];
    if (parts.length === 0) batch.fail(storeError(this.description, cause));
    for (const part of parts) await this.#commit(part);
  }
}
