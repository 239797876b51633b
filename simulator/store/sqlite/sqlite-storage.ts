import { RetryPolicy } from '../retry-policy.js';
import { type Storage, type Store, StoreError } from '../store.js';
import { TimeSlice } from '../time-slice.js';
import { COUNT_COMMIT } from './commit-count.js';
import type { CommitMark } from './commit-mark.js';
import { deleteRetiredRows, dropGateway, hasRetired } from './deletion.js';
import { type Database, withBusyTimeout } from './driver.js';
import { isBusy, isFileError, isSqliteError, mayBeCommitted, mayCacheDamagedPages, sqliteError } from './errors.js';
import { closeSqliteDatabase, type OpenDatabase, openReader, openSqliteDatabase } from './open-database.js';
import { findGateway, listNames, NAMES_AT_ONCE } from './queries.js';
import { FIRST_COUNT, nextCount } from './scan.js';
import { type GatewayInTransaction, type SqliteAccess, SqliteStore } from './sqlite-store.js';
import { findOrMakeGateway, SqliteTransaction } from './sqlite-transaction.js';
import { Statements } from './statements.js';

/** Milliseconds without a commit after which the log is copied into the file. */
const IDLE = 1000;

/** Slices of a deletion after which the write-ahead log is copied into the file. */
const CHECKPOINT_SLICES = 16;

/** Work for the next transaction. */
interface CommitJob {
  /** Called inside the transaction. Returns the callback for after the commit. Called again if an attempt was not committed. */
  readonly run: (gateway: GatewayInTransaction) => () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Holds gateways in a SQLite file (WAL). The jobs that arrive in one turn of the event loop run in their order in one transaction. Their
 * promises resolve after its commit.
 */
export class SqliteStorage implements Storage, SqliteAccess {
  readonly description: string;
  readonly #file: OpenDatabase;
  readonly #database: Database;
  readonly #mark: CommitMark;
  readonly #statements: Statements;
  readonly #idleTimer: NodeJS.Timeout;
  #jobs: CommitJob[] = [];
  // Short delays: a commit takes less than a millisecond.
  readonly #retryPolicy = new RetryPolicy({ first: 2, longest: 2 });
  /** The retries that are in progress while another process holds the lock; else undefined. */
  #nextRetry: (() => number | undefined) | undefined;
  #isClosing = false;
  #isDeleting = false;
  /** Functions that end the readings in progress, each of which has a connection of its own. */
  readonly #readings = new Set<() => void>();

  /**
   * @param file path of the file. It is created if it does not exist
   * @throws StoreError when the file cannot be opened, belongs to another program or has a newer schema
   */
  constructor(file: string) {
    this.description = file;
    this.#file = openSqliteDatabase(file);
    this.#database = this.#file.database;
    this.#mark = this.#file.mark;
    this.#statements = new Statements(this.#database);
    this.#idleTimer = setTimeout(() => this.#checkpoint(), IDLE).unref();
    this.deleteRetired();
  }

  open(name: string): Store {
    return new SqliteStore(name, this);
  }

  async names(): Promise<string[]> {
    const names: string[] = [];
    const slice = new TimeSlice();
    for (;;) {
      const next = this.read((statements) => listNames(statements, names.at(-1) ?? ''));
      names.push(...next);
      if (next.length < NAMES_AT_ONCE) return names;
      if (slice.isOver) await slice.giveWay();
    }
  }

  async has(name: string): Promise<boolean> {
    return this.read((statements) => findGateway(statements, name)) !== undefined;
  }

  async drop(name: string): Promise<void> {
    await this.commit(() => dropGateway(this.#statements, name));
    this.deleteRetired();
  }

  deleteRetired(): void {
    if (this.#isDeleting) return;
    this.#isDeleting = true;
    // What is left, because the file was closed or cannot be written, is deleted when it is opened the next time.
    this.#deleteRetired()
      .catch(() => {})
      .finally(() => {
        this.#isDeleting = false;
      });
  }

  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#retryPolicy.end();
    for (const stop of this.#readings) stop();
    withBusyTimeout(this.#database, () => this.#flush());
    clearTimeout(this.#idleTimer);
    closeSqliteDatabase(this.#file);
  }

  commit<Result>(work: (gateway: GatewayInTransaction) => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#jobs.push({
        run: (gateway) => {
          const result = work(gateway);
          return () => resolve(result);
        },
        fail: reject,
      });
      if (this.#jobs.length === 1) setImmediate(() => this.#flush());
    });
  }

  read<Result>(query: (statements: Statements) => Result): Result {
    const attempt = (): Result => this.#database.transaction(() => query(this.#statements))();
    try {
      return this.#retryIfBusy(attempt);
    } catch (cause) {
      throw this.#userError(cause);
    }
  }

  *readInParts<Part>(query: (database: Database) => Generator<Part>): Generator<Part> {
    let stop = (): void => {};
    try {
      const reader = openReader(this.#database);
      const parts = query(reader);
      stop = () => {
        // A connection cannot be closed during a query.
        parts.return(undefined);
        reader.close();
      };
      this.#readings.add(stop);
      for (const part of parts) {
        yield part;
        if (this.#isClosing) throw new StoreError(`Database ${this.description} was closed.`);
      }
    } catch (cause) {
      throw this.#userError(cause);
    } finally {
      this.#readings.delete(stop);
      stop();
    }
  }

  async #deleteRetired(): Promise<void> {
    const slice = new TimeSlice();
    let count = FIRST_COUNT;
    let slices = 0;
    while (!this.#isClosing && this.read(hasRetired)) {
      const took = await this.commit(() => {
        const began = performance.now();
        deleteRetiredRows(this.#statements, count);
        return performance.now() - began;
      });
      count = nextCount(count, took);
      // The log is copied into the file often, so that no payment waits for a long copy.
      if (++slices % CHECKPOINT_SLICES === 0) this.#database.pragma('wal_checkpoint(PASSIVE)');
      await slice.giveWay();
    }
  }

  // In WAL mode readers do not wait for writers. They wait only, rarely and briefly, for a process that recovers the file after a crash.
  #retryIfBusy<Result>(attempt: () => Result): Result {
    try {
      return attempt();
    } catch (cause) {
      if (!isBusy(cause)) throw cause;
      return withBusyTimeout(this.#database, attempt);
    }
  }

  // Frees the page cache, so that a file that is repaired later is read again.
  #userError(cause: unknown, mayBeWritten = false): StoreError {
    if (mayCacheDamagedPages(cause)) this.#database.pragma('shrink_memory');
    return sqliteError(this.description, cause, mayBeWritten);
  }

  #flush(): void {
    const jobs = this.#jobs;
    this.#jobs = [];
    if (jobs.length > 0) this.#commitAll(jobs);
  }

  #commitAll(jobs: readonly CommitJob[]): void {
    let callbacks: (() => void)[] | undefined;
    let commit: number | undefined;
    try {
      this.#database
        .transaction(() => {
          this.#mark.checkFiles();
          commit = this.#statements.prepareColumn(COUNT_COMMIT).get() as number | undefined;
          callbacks = this.#runAll(jobs);
        })
        .immediate();
    } catch (cause) {
      const mayBeWritten = callbacks !== undefined && mayBeCommitted(cause);
      if (mayBeWritten || !this.#retries(jobs, cause)) this.#failAll(jobs, cause, mayBeWritten);
      return;
    }
    this.#nextRetry = undefined;
    this.#mark.acknowledge(commit ?? 0);
    this.#idleTimer.refresh();
    for (const callback of callbacks ?? []) callback();
  }

  // After it, what was committed survives the loss of the log, and a power cut.
  #checkpoint(): void {
    // If the files were replaced, the log and the mark at the path belong to others.
    if (!this.#mark.hasFiles) return;
    try {
      this.#database.pragma('wal_checkpoint(PASSIVE)');
      this.#mark.restore();
    } catch {
      // The next one succeeds, or the next commit says what is wrong.
    }
  }

  /** Queues jobs again, before newer ones, if another process holds the lock. Returns false if they have failed for good. */
  #retries(jobs: readonly CommitJob[], cause: unknown): boolean {
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

  // If one job may be the cause, and not the file, each job gets its own transaction, so that the others succeed.
  #failAll(jobs: readonly CommitJob[], cause: unknown, mayBeWritten: boolean): void {
    if (isFileError(cause)) {
      const error = this.#userError(cause, mayBeWritten);
      for (const job of jobs) job.fail(error);
    } else if (jobs.length > 1) {
      for (const job of jobs) this.#commitAll([job]);
    } else {
      jobs[0]?.fail(isSqliteError(cause) ? this.#userError(cause) : cause);
    }
  }

  // The rows of the gateways are read inside the transaction: other processes may have changed them.
  #runAll(jobs: readonly CommitJob[]): (() => void)[] {
    const transactions = new Map<string, SqliteTransaction>();
    const gateway = (name: string): SqliteTransaction => {
      const transaction = transactions.get(name) ?? new SqliteTransaction(this.#statements, findOrMakeGateway(this.#statements, name));
      transactions.set(name, transaction);
      return transaction;
    };
    const callbacks = jobs.map((job) => job.run(gateway));
    for (const transaction of transactions.values()) transaction.save();
    return callbacks;
  }
}
