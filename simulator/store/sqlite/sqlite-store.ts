import { tenDigits } from '../../../contracts/index.js';
import type { Authentication } from '../../engine/authentication.js';
import type { Checkout } from '../../engine/checkout.js';
import type { Lookup, LookupResult } from '../../engine/lookup.js';
import type { Payment } from '../../engine/payment.js';
import type { Subscriber } from '../../engine/subscriber.js';
import type { JournalEntry, JournalFilter } from '../../journal/entry.js';
import { AUTHENTICATIONS } from '../authentication-table.js';
import { CHECKOUTS } from '../checkout-table.js';
import { find, NOTHING_FOUND } from '../find.js';
import type { GatewayRow } from '../gateway-rows.js';
import { isLongJournalList, isLongPaymentList, isLongRecordList } from '../list-queries.js';
import type { RecordFilter } from '../record-keys.js';
import type { RecordTable } from '../record-table.js';
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
import type { Database } from './driver.js';
import {
  contentParts,
  examineJournal,
  examinePayments,
  examineRecords,
  findGateway,
  listJournal,
  listPayments,
  listRecords,
  listSubscribers,
  paymentWith,
  recordWith,
} from './queries.js';
import { type Examined, scan } from './scan.js';
import type { SqliteTransaction } from './sqlite-transaction.js';
import { Statements } from './statements.js';

/** Returns a gateway in the transaction that is being committed. The gateway is created if it does not exist. */
export type GatewayInTransaction = (name: string) => SqliteTransaction;

/** The database file, as a store uses it. */
export interface SqliteAccess {
  /** Runs work in the next transaction. Resolves with its result when it is committed. */
  commit<Result>(work: (gateway: GatewayInTransaction) => Result): Promise<Result>;
  /** Reads committed rows, all of them as they were at one instant. */
  read<Result>(query: (statements: Statements) => Result): Result;
  /** Deletes the rows of retired gateways in the background. */
  deleteRetired(): void;
  /** Reads committed rows as they were at one instant, on a connection of its own, while the file is written. */
  readInParts<Part>(query: (database: Database) => Generator<Part>): Generator<Part>;
}

const NOTHING: Examined<never> = { found: [], last: undefined };

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
    if (!isLongPaymentList(filter)) return this.#read((statements, { id }) => listPayments(statements, id, filter), []);
    return scan(filter.before === undefined ? undefined : Number(filter.before), filter, (before, count, limit) => {
      const slice = { ...filter, before: before === undefined ? undefined : tenDigits(before), limit };
      return this.#read((statements, { id }) => examinePayments(statements, id, slice, count), NOTHING);
    });
  }

  async payment(numtrans: string): Promise<Payment | undefined> {
    return this.#read((statements, { id }) => paymentWith(statements, id, numtrans), undefined);
  }

  async subscribers(): Promise<Subscriber[]> {
    return this.#read((statements, { id }) => listSubscribers(statements, id), []);
  }

  authentications(filter: AuthenticationFilter): Promise<Authentication[]> {
    return this.#records(AUTHENTICATIONS, { ...filter, name: filter.IdSession });
  }

  async authentication(id3d: string): Promise<Authentication | undefined> {
    return this.#read((statements, { id }) => recordWith(statements, id, AUTHENTICATIONS, id3d), undefined);
  }

  checkouts(filter: CheckoutFilter): Promise<Checkout[]> {
    return this.#records(CHECKOUTS, { ...filter, name: filter.REFERENCE });
  }

  async checkout(id: string): Promise<Checkout | undefined> {
    return this.#read((statements, gateway) => recordWith(statements, gateway.id, CHECKOUTS, id), undefined);
  }

  async journal(filter: JournalFilter): Promise<JournalEntry[]> {
    if (!isLongJournalList(filter)) return this.#read((statements, { id }) => listJournal(statements, id, filter), []);
    return scan(filter.before, { limit: filter.limit }, (before, count, limit) =>
      this.#read((statements, { id }) => examineJournal(statements, id, { ...filter, before, limit }, count), NOTHING),
    );
  }

  async shared(): Promise<string | undefined> {
    return this.#read((_, { shared }) => shared ?? undefined, undefined);
  }

  changeShared(change: (shared: string | undefined) => string): Promise<void> {
    return this.#commit((transaction) => transaction.share(change(transaction.shared)));
  }

  async *parts(): AsyncGenerator<ContentPart, void, undefined> {
    const name = this.#name;
    yield* this.#file.readInParts(function* (database) {
      const gateway = findGateway(new Statements(database), name);
      if (gateway) yield* contentParts(database, gateway);
      else yield EMPTY_CONTENT;
    });
  }

  async load(content: StoreContent): Promise<void> {
    await this.#commit((transaction) => transaction.load(content));
    this.#file.deleteRetired();
  }

  async #records<Item>(table: RecordTable<Item>, filter: RecordFilter): Promise<Item[]> {
    if (!isLongRecordList(filter)) return this.#read((statements, { id }) => listRecords(statements, id, table, filter), []);
    return scan(filter.before === undefined ? undefined : Number(filter.before), filter, (before, count, limit) => {
      const slice = { ...filter, before: before === undefined ? undefined : String(before), limit };
      return this.#read((statements, { id }) => examineRecords(statements, id, table, slice, count), NOTHING);
    });
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
