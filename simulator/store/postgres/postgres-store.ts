import type { Lookup, LookupResult } from '../../engine/lookup.js';
import type { Payment } from '../../engine/payment.js';
import type { Subscriber } from '../../engine/subscriber.js';
import type { JournalEntry, JournalFilter } from '../../journal/entry.js';
import { EMPTY_CONTENT, type PaymentFilter, type Store, type StoreContent, type Transacted } from '../store.js';
import { Batch, type Job } from './batch.js';
import type { Connection } from './connection.js';
import type { GatewayTransaction } from './gateway-transaction.js';
import { dumpGateway, gatewayNamed, listJournal, listPayments, listSubscribers, paymentWith } from './queries.js';

/** Questions that are decided in one transaction at most: it reads and writes for all of them before the first is answered. */
const MOST = 256;

/** The database as a store works on it. */
interface Server {
  /** Does something that may be done twice. */
  use<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result>;
  /** Commits a batch and tells everybody. */
  commit(batch: Batch): Promise<void>;
}

/** One gateway's state in a PostgreSQL database. Transacted that comes while a transaction is under way goes into the next one. */
export class PostgresStore implements Store {
  readonly isShared = true;
  readonly isGrouping = true;
  readonly #name: string;
  readonly #server: Server;
  #jobs: Job[] = [];
  #isCommitting = false;

  constructor(name: string, server: Server) {
    this.#name = name;
    this.#server = server;
  }

  transact<Result>(
    lookup: Lookup | undefined,
    work: (found: LookupResult, shared: string | undefined) => Transacted<Result>,
  ): Promise<Result> {
    return this.#next(lookup, (transaction, found) => {
      const { facts, entry, shared, result } = work(found, transaction.shared);
      if (shared !== undefined) transaction.share(shared);
      for (const fact of facts) transaction.write(fact);
      if (entry) transaction.log(entry);
      return result;
    });
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

  journal(filter: JournalFilter): Promise<JournalEntry[]> {
    return this.#read((connection, id) => listJournal(connection, id, filter), []);
  }

  async shared(): Promise<string | undefined> {
    const gateway = await this.#server.use((connection) => gatewayNamed(connection, this.#name));
    return gateway?.shared ?? undefined;
  }

  changeShared(change: (shared: string | undefined) => string): Promise<void> {
    return this.#next(undefined, (transaction) => transaction.share(change(transaction.shared)));
  }

  dump(): Promise<StoreContent> {
    return this.#server.use(async (connection) => {
      const { query } = connection;
      await query({ text: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' });
      const gateway = await gatewayNamed(connection, this.#name);
      const content = gateway ? await dumpGateway(connection, gateway) : EMPTY_CONTENT;
      await query({ text: 'COMMIT' });
      return content;
    });
  }

  load(content: StoreContent): Promise<void> {
    return this.#next(undefined, (transaction) => transaction.load(content));
  }

  #read<Result>(read: (connection: Connection, gateway: number) => Promise<Result>, nothing: Result): Promise<Result> {
    return this.#server.use(async (connection) => {
      const gateway = await gatewayNamed(connection, this.#name);
      return gateway ? read(connection, gateway.id) : nothing;
    });
  }

  #next<Result>(lookup: Lookup | undefined, run: (transaction: GatewayTransaction, found: LookupResult) => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      const job: Job = {
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
    while (this.#jobs.length > 0) await this.#server.commit(new Batch(this.#name, this.#jobs.splice(0, MOST)));
    this.#isCommitting = false;
  }
}
