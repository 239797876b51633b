import type { Authentication } from '../../engine/authentication.js';
import type { Checkout } from '../../engine/checkout.js';
import type { Lookup, LookupResult } from '../../engine/lookup.js';
import type { Payment } from '../../engine/payment.js';
import type { Subscriber } from '../../engine/subscriber.js';
import type { JournalEntry, JournalFilter } from '../../journal/entry.js';
import { AUTHENTICATIONS } from '../authentication-table.js';
import { CHECKOUTS } from '../checkout-table.js';
import {
  type AuthenticationFilter,
  type CheckoutFilter,
  type ContentPart,
  EMPTY_CONTENT,
  type PaymentFilter,
  type Store,
  type StoreContent,
  type TransactionResult,
} from '../store.js';
import { decideAndWrite } from '../store-transaction.js';
import { Batch, type BatchJob } from './batch.js';
import { Writer } from './commit-ids.js';
import type { Connection } from './connections.js';
import type { PostgresTransaction } from './postgres-transaction.js';
import { contentParts, findGateway, listJournal, listPayments, listRecords, listSubscribers, paymentWith, recordWith } from './queries.js';

/** Maximum number of jobs in one transaction: all of them are read and written before the first caller gets its result. */
const MAX_BATCH_SIZE = 256;

/** The database, as a store uses it. */
export interface PostgresAccess {
  /**
   * Runs work that may be repeated. It is repeated if the connection was lost.
   *
   * @throws StoreError when it failed for good
   */
  use<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result>;
  /**
   * Reads rows as they were at one instant, for as long as the caller takes them. One such work runs at a time: the others wait, so that
   * they do not take the connections of the questions.
   *
   * @throws StoreError when it failed
   */
  readInParts<Part>(query: (connection: Connection) => AsyncGenerator<Part>): AsyncGenerator<Part>;
  /** Commits a batch. Resolves when all its jobs have succeeded or failed. */
  commit(batch: Batch): Promise<void>;
}

/** The state of one gateway in a PostgreSQL database. Jobs that arrive during a transaction are committed together in the next one. */
export class PostgresStore implements Store {
  readonly isShared = true;
  readonly #name: string;
  readonly #database: PostgresAccess;
  readonly #writer = new Writer();
  #jobs: BatchJob[] = [];
  #isCommitting = false;

  constructor(name: string, database: PostgresAccess) {
    this.#name = name;
    this.#database = database;
  }

  transact<Result>(
    lookup: Lookup | undefined,
    decide: (found: LookupResult, shared: string | undefined) => TransactionResult<Result>,
  ): Promise<Result> {
    return this.#commit(lookup, (transaction, found) => decideAndWrite(transaction, found, decide));
  }

  payments(filter: PaymentFilter): Promise<Payment[]> {
    return this.#read((connection, id) => listPayments(connection, id, filter), []);
  }

  payment(numtrans: string): Promise<Payment | undefined> {
    return this.#read((connection, id) => paymentWith(connection, id, numtrans), undefined);
  }

  subscribers(): Promise<Subscriber[]> {
    return this.#read(listSubscribers, []);
  }

  authentications(filter: AuthenticationFilter): Promise<Authentication[]> {
    return this.#read((connection, id) => listRecords(connection, id, AUTHENTICATIONS, { ...filter, name: filter.IdSession }), []);
  }

  authentication(id3d: string): Promise<Authentication | undefined> {
    return this.#read((connection, id) => recordWith(connection, id, AUTHENTICATIONS, id3d), undefined);
  }

  checkouts(filter: CheckoutFilter): Promise<Checkout[]> {
    return this.#read((connection, id) => listRecords(connection, id, CHECKOUTS, { ...filter, name: filter.REFERENCE }), []);
  }

  checkout(id: string): Promise<Checkout | undefined> {
    return this.#read((connection, gateway) => recordWith(connection, gateway, CHECKOUTS, id), undefined);
  }

  journal(filter: JournalFilter): Promise<JournalEntry[]> {
    return this.#read((connection, id) => listJournal(connection, id, filter), []);
  }

  async shared(): Promise<string | undefined> {
    const gateway = await this.#database.use((connection) => findGateway(connection, this.#name));
    return gateway?.shared ?? undefined;
  }

  changeShared(change: (shared: string | undefined) => string): Promise<void> {
    return this.#commit(undefined, (transaction) => transaction.share(change(transaction.shared)));
  }

  async *parts(): AsyncGenerator<ContentPart, void, undefined> {
    const name = this.#name;
    yield* this.#database.readInParts(async function* (connection) {
      const gateway = await findGateway(connection, name);
      if (gateway) yield* contentParts(connection, gateway);
      else yield EMPTY_CONTENT;
    });
  }

  load(content: StoreContent): Promise<void> {
    return this.#commit(undefined, (transaction) => transaction.load(content));
  }

  /** @param fallback the result if nothing was ever written for this gateway */
  #read<Result>(query: (connection: Connection, gateway: number) => Promise<Result>, fallback: Result): Promise<Result> {
    return this.#database.use(async (connection) => {
      const gateway = await findGateway(connection, this.#name);
      return gateway ? query(connection, gateway.id) : fallback;
    });
  }

  #commit<Result>(lookup: Lookup | undefined, run: (transaction: PostgresTransaction, found: LookupResult) => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      const job: BatchJob = {
        lookup,
        run: (transaction, found) => {
          const result = run(transaction, found);
          return () => resolve(result);
        },
        fail: reject,
      };
      if (this.#jobs.push(job) === 1 && !this.#isCommitting) setImmediate(() => void this.#commitAll());
    });
  }

  async #commitAll(): Promise<void> {
    this.#isCommitting = true;
    while (this.#jobs.length > 0) await this.#database.commit(new Batch(this.#name, this.#jobs.splice(0, MAX_BATCH_SIZE), this.#writer));
    this.#isCommitting = false;
  }
}
