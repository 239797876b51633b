import type { Lookup, LookupResult } from '../../engine/lookup.js';
import type { Payment } from '../../engine/payment.js';
import type { Subscriber } from '../../engine/subscriber.js';
import type { JournalEntry, JournalFilter } from '../../journal/entry.js';
import { find, NOTHING_FOUND } from '../find.js';
import type { GatewayRow } from '../gateway-rows.js';
import { EMPTY_CONTENT, type PaymentFilter, type Store, type StoreContent, type TransactionResult } from '../store.js';
import { decideAndWrite } from '../store-transaction.js';
import { dumpGateway, findGateway, listJournal, listPayments, listSubscribers, paymentWith } from './queries.js';
import type { SqliteTransaction } from './sqlite-transaction.js';
import type { Statements } from './statements.js';

/** Returns a gateway in the transaction that is being committed. The gateway is created if it does not exist. */
export type GatewayInTransaction = (name: string) => SqliteTransaction;

/** The database file, as a store uses it. */
export interface SqliteAccess {
  /** Runs work in the next transaction. Resolves with its result when it is committed. */
  commit<Result>(work: (gateway: GatewayInTransaction) => Result): Promise<Result>;
  /** Reads committed rows, all of them as they were at one instant. */
  read<Result>(query: (statements: Statements) => Result): Result;
}

/** The state of one gateway in a SQLite file. */
export class SqliteStore implements Store {
  readonly isShared = true;
  readonly #name: string;
  readonly #file: SqliteAccess;

  constructor(name: string, file: SqliteAccess) {
    this.#name = name;
    this.#file = file;
  }

  transact<Result>(
    lookup: Lookup | undefined,
    decide: (found: LookupResult, shared: string | undefined) => TransactionResult<Result>,
  ): Promise<Result> {
    return this.#commit((transaction) => decideAndWrite(transaction, lookup ? find(transaction, lookup) : NOTHING_FOUND, decide));
  }

  async payments(filter: PaymentFilter): Promise<Payment[]> {
    return this.#read((statements, { id }) => listPayments(statements, id, filter), []);
  }

  async payment(numtrans: string): Promise<Payment | undefined> {
    return this.#read((statements, { id }) => paymentWith(statements, id, numtrans), undefined);
  }

  async subscribers(): Promise<Subscriber[]> {
    return this.#read((statements, { id }) => listSubscribers(statements, id), []);
  }

  async journal(filter: JournalFilter): Promise<JournalEntry[]> {
    return this.#read((statements, { id }) => listJournal(statements, id, filter), []);
  }

  async shared(): Promise<string | undefined> {
    return this.#read((_, { shared }) => shared ?? undefined, undefined);
  }

  changeShared(change: (shared: string | undefined) => string): Promise<void> {
    return this.#commit((transaction) => transaction.share(change(transaction.shared)));
  }

  async dump(): Promise<StoreContent> {
    return this.#read(dumpGateway, EMPTY_CONTENT);
  }

  load(content: StoreContent): Promise<void> {
    return this.#commit((transaction) => transaction.load(content));
  }

  #commit<Result>(work: (transaction: SqliteTransaction) => Result): Promise<Result> {
    return this.#file.commit((gateway) => work(gateway(this.#name)));
  }

  /** @param fallback the result if nothing was ever written for this gateway */
  #read<Result>(query: (statements: Statements, gateway: GatewayRow) => Result, fallback: Result): Result {
    return this.#file.read((statements) => {
      const gateway = findGateway(statements, this.#name);
      return gateway ? query(statements, gateway) : fallback;
    });
  }
}
