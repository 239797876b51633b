import type { Lookup, LookupResult } from '../../engine/lookup.js';
import type { Payment } from '../../engine/payment.js';
import type { Subscriber } from '../../engine/subscriber.js';
import type { JournalEntry, JournalFilter } from '../../journal/entry.js';
import { toStoredEntry } from '../../journal/stored-entry.js';
import { contentFacts } from '../content-facts.js';
import { NOTHING_FOUND } from '../find.js';
import { RetryPolicy } from '../retry-policy.js';
import {
  EMPTY_CONTENT,
  type PaymentFilter,
  type Storage,
  type Store,
  type StoreContent,
  type StoreError,
  type Transacted,
} from '../store.js';
import { type Database, openDatabase, storeError, waitingForLocks } from './open.js';
import { type Counters, Statements } from './statements.js';

/** Something to do inside the next commit. */
interface Job {
  /** Called inside the transaction; answers what to do once it is committed. */
  readonly run: (counters: (name: string) => Counters) => () => void;
  readonly fail: (error: unknown) => void;
}

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? '';

/** Whether nothing can be written, and not only what somebody wanted to, or near a damaged place. */
function isOfFile(error: unknown): boolean {
  return /^SQLITE_(?!CONSTRAINT|MISMATCH|RANGE|TOOBIG|CORRUPT|ERROR)/.test(codeOf(error));
}

const isBusy = (error: unknown): boolean => codeOf(error).startsWith('SQLITE_BUSY');

/**
 * Keeps gateways in a SQLite file (WAL). All work that arrived in one turn of the event loop is decided in its
 * order and committed at once; nobody is answered before that commit.
 */
export class SqliteStorage implements Storage {
  readonly description: string;
  readonly #database: Database;
  readonly #statements: Statements;
  #jobs: Job[] = [];
  // A commit takes less than a millisecond.
  readonly #retryPolicy = new RetryPolicy({ first: 2, longest: 2 });
  /** The retries while another process holds the file; undefined while none does. */
  #nextRetry: (() => number | undefined) | undefined;
  #isClosing = false;

  /**
   * @param file path of the file, made if it is not there
   * @throws StoreError when it cannot be opened, is not the simulator's or is of a newer version
   */
  constructor(file: string) {
    this.description = file;
    this.#database = openDatabase(file);
    this.#statements = new Statements(this.#database);
  }

  open(name: string): Store {
    return new SqliteStore(name, this);
  }

  async names(): Promise<string[]> {
    return this.read((statements) => statements.names());
  }

  async drop(name: string): Promise<void> {
    await this.commit((statements) => {
      const counters = statements.counters(name);
      if (counters) statements.remove(counters.id);
    });
  }

  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#retryPolicy.end();
    waitingForLocks(this.#database, () => this.#flush());
    this.#database.close();
  }

  /** Puts work into the next commit; the promise is kept once it is committed. */
  commit<Result>(work: (statements: Statements, counters: (name: string) => Counters) => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#jobs.push({
        run: (counters) => {
          const result = work(this.#statements, counters);
          return () => resolve(result);
        },
        fail: reject,
      });
      if (this.#jobs.length === 1) setImmediate(() => this.#flush());
    });
  }

  /** Reads what is committed, all of it at one instant. */
  read<Result>(query: (statements: Statements) => Result): Result {
    const ask = (): Result => this.#database.transaction(() => query(this.#statements))();
    try {
      return this.#untilFree(ask);
    } catch (cause) {
      throw this.#explained(cause);
    }
  }

  // Readers wait for no writer, only for one who mends the file after a crash: seldom, and not for long.
  #untilFree<Result>(ask: () => Result): Result {
    try {
      return ask();
    } catch (cause) {
      if (!isBusy(cause)) throw cause;
      return waitingForLocks(this.#database, ask);
    }
  }

  // Pages that were read while they were damagedRow are read again: the file may have been mended.
  #explained(cause: unknown): StoreError {
    if (/^SQLITE_(CORRUPT|NOTADB|IOERR)/.test(codeOf(cause))) this.#database.pragma('shrink_memory');
    return storeError(this.description, cause);
  }

  #flush(): void {
    const jobs = this.#jobs;
    this.#jobs = [];
    if (jobs.length > 0) this.#commitAll(jobs);
  }

  #commitAll(jobs: readonly Job[]): void {
    let done: (() => void)[];
    try {
      done = this.#database.transaction(() => this.#runAll(jobs)).immediate();
    } catch (cause) {
      if (!this.#retries(jobs, cause)) this.#failAll(jobs, cause);
      return;
    }
    this.#nextRetry = undefined;
    for (const answer of done) answer();
  }

  /** Queues jobs again, before those that came since, when another process holds the file. Returns false when they have failed for good. */
  #retries(jobs: readonly Job[], cause: unknown): boolean {
    if (isBusy(cause)) this.#nextRetry ??= this.#retryPolicy.begin();
    else this.#nextRetry = undefined;
    const delay = this.#nextRetry?.();
    if (delay === undefined) {
      this.#nextRetry = undefined;
      return false;
    }
    this.#jobs = [...jobs, ...this.#jobs];
    setTimeout(() => this.#flush(), delay);
    return true;
  }

  // Where one piece of work is at fault and not the file, the others get their own commit.
  #failAll(jobs: readonly Job[], cause: unknown): void {
    if (isOfFile(cause)) {
      const error = this.#explained(cause);
      for (const job of jobs) job.fail(error);
    } else if (jobs.length > 1) {
      for (const job of jobs) this.#commitAll([job]);
    } else {
      jobs[0]?.fail(codeOf(cause).startsWith('SQLITE_') ? this.#explained(cause) : cause);
    }
  }

  // Counters are read inside the transaction, so that several processes may share the file.
  #runAll(jobs: readonly Job[]): (() => void)[] {
    const used = new Map<string, Counters>();
    const counters = (name: string): Counters => {
      const known = used.get(name) ?? this.#statements.counters(name) ?? this.#statements.makeGateway(name);
      used.set(name, known);
      return known;
    };
    const done = jobs.map((job) => job.run(counters));
    for (const changed of used.values()) this.#statements.saveCounters(changed);
    return done;
  }
}

// The row's UPDATE carries it: one statement more where it changed, none where it did not.
function share(counters: Counters, shared: string | undefined): void {
  counters.shared = shared ?? null;
  counters.isSharedNew = true;
}

class SqliteStore implements Store {
  readonly isShared = true;
  readonly isGrouping = true;
  readonly #name: string;
  readonly #storage: SqliteStorage;

  constructor(name: string, storage: SqliteStorage) {
    this.#name = name;
    this.#storage = storage;
  }

  transact<Result>(
    lookup: Lookup | undefined,
    work: (found: LookupResult, shared: string | undefined) => Transacted<Result>,
  ): Promise<Result> {
    return this.#storage.commit((statements, counters) => {
      const mine = counters(this.#name);
      const found = lookup ? statements.find(mine, lookup) : NOTHING_FOUND;
      const { facts, entry, shared, result } = work(found, mine.shared ?? undefined);
      if (shared !== undefined) share(mine, shared);
      for (const fact of facts) statements.write(mine, fact);
      if (entry) statements.log(mine.id, ++mine.entries, entry);
      return result;
    });
  }

  async payments(filter: PaymentFilter): Promise<Payment[]> {
    return this.#read((statements, { id }) => statements.payments(id, filter), []);
  }

  async payment(numtrans: string): Promise<Payment | undefined> {
    return this.#read((statements, { id }) => statements.paymentWith(id, numtrans), undefined);
  }

  async subscribers(): Promise<Subscriber[]> {
    return this.#read((statements, { id }) => statements.subscribers(id), []);
  }

  async journal(filter: JournalFilter): Promise<JournalEntry[]> {
    return this.#read((statements, { id }) => statements.journal(id, filter), []);
  }

  async shared(): Promise<string | undefined> {
    return this.#read((_, { shared }) => shared ?? undefined, undefined);
  }

  async changeShared(change: (shared: string | undefined) => string): Promise<void> {
    await this.#storage.commit((_, counters) => {
      const mine = counters(this.#name);
      share(mine, change(mine.shared ?? undefined));
    });
  }

  async dump(): Promise<StoreContent> {
    return this.#read((statements, counters) => statements.dump(counters), EMPTY_CONTENT);
  }

  async load(content: StoreContent): Promise<void> {
    await this.#storage.commit((statements, counters) => {
      const mine = counters(this.#name);
      statements.empty(mine.id);
      for (const fact of contentFacts(content)) statements.write(mine, fact);
      for (const entry of content.journal) statements.log(mine.id, entry.seq, toStoredEntry(entry));
      mine.sequence = content.sequence;
      mine.entries = content.journal.at(-1)?.seq ?? 0;
      share(mine, content.shared);
    });
  }

  #read<Result>(query: (statements: Statements, counters: Counters) => Result, nothing: Result): Result {
    return this.#storage.read((statements) => {
      const counters = statements.counters(this.#name);
      return counters ? query(statements, counters) : nothing;
    });
  }
}
