import type { Lookup, LookupResult } from '../../engine/lookup.js';
import { find, NOTHING_FOUND } from '../find.js';
import { type CommitId, isCommitted, type Writer } from './commit-ids.js';
import type { Connection } from './connections.js';
import { isRefused } from './errors.js';
import { PostgresTransaction } from './postgres-transaction.js';
import { lockOrMakeGateway, readMissing } from './read-rows.js';
import { writeRows } from './write-rows.js';

/** Work for the next transaction of a gateway. */
export interface BatchJob {
  /** What to find before `run`; undefined: nothing. */
  readonly lookup?: Lookup | undefined;
  /** Decides and writes. Returns the callback for after the commit. Called again if an attempt was not committed. */
  readonly run: (transaction: PostgresTransaction, found: LookupResult) => () => void;
  readonly fail: (error: unknown) => void;
}

/** A COMMIT was sent, and its result did not arrive. */
class UnknownCommitError extends Error {
  override readonly name = 'UnknownCommitError';
  readonly code = 'ECONNRESET';
}

async function runJob(connection: Connection, transaction: PostgresTransaction, { lookup, run, fail }: BatchJob): Promise<() => void> {
  let found = lookup ? find(transaction, lookup) : NOTHING_FOUND;
  while (transaction.hasMissing) {
    await readMissing(connection, transaction);
    found = lookup ? find(transaction, lookup) : NOTHING_FOUND;
  }
  try {
    return run(transaction, found);
  } catch (error) {
    return () => fail(error);
  }
}

/**
 * Writes the rows and commits.
 *
 * @throws UnknownCommitError when it is not known whether it was committed; any other error: it was not
 */
async function commit(connection: Connection, transaction: PostgresTransaction, id: CommitId): Promise<void> {
  // Pipelined with the writes: if one of them fails, the server treats the COMMIT as a ROLLBACK.
  const writes = Promise.allSettled(writeRows(connection, transaction, id));
  const result = await connection.query({ text: 'COMMIT' }).catch((cause: unknown) => {
    if (isRefused(cause)) throw cause;
    const message = 'The connection was lost during a COMMIT';
    throw new UnknownCommitError(message, { cause });
  });
  if (result.command === 'COMMIT') return;
  const failed = (await writes).find((write) => write.status === 'rejected');
  throw failed?.reason ?? new Error('The server rolled the transaction back');
}

/** Jobs of one gateway that run in one transaction. */
export class Batch {
  readonly #name: string;
  readonly #jobs: readonly BatchJob[];
  readonly #writer: Writer;
  readonly #id: CommitId;
  #callbacks: (() => void)[] = [];
  #mayBeWritten = false;

  /**
   * @param name of the gateway
   * @param writer commits one batch after the other
   */
  constructor(name: string, jobs: readonly BatchJob[], writer: Writer) {
    this.#name = name;
    this.#jobs = jobs;
    this.#writer = writer;
    this.#id = writer.nextId();
  }

  /** Whether an attempt may have been committed: its COMMIT was sent, and what became of it is not known. */
  get mayBeWritten(): boolean {
    return this.#mayBeWritten;
  }

  /**
   * Runs the jobs in their order and commits once. Can be called again if it failed. If it is unknown whether an earlier attempt was
   * committed, it looks for the id of that attempt in the database first.
   */
  async attempt(connection: Connection): Promise<void> {
    const begun = connection.query({ text: 'BEGIN ISOLATION LEVEL READ COMMITTED' });
    const [gateway] = await Promise.all([lockOrMakeGateway(connection, this.#name), begun]);
    // The earlier attempt held the same lock until its transaction ended. So it has ended, and its id is there or will never be.
    if (this.#mayBeWritten && (await isCommitted(connection, this.#id))) {
      await connection.query({ text: 'ROLLBACK' });
      return;
    }
    this.#mayBeWritten = false;
    const transaction = new PostgresTransaction(gateway);
    // All lookups first, so that the rows of all jobs are read together.
    for (const { lookup } of this.#jobs) if (lookup) find(transaction, lookup);
    await readMissing(connection, transaction);
    const callbacks: (() => void)[] = [];
    for (const job of this.#jobs) callbacks.push(await runJob(connection, transaction, job));
    this.#callbacks = callbacks;
    await commit(connection, transaction, this.#id).catch((error: unknown) => {
      this.#mayBeWritten = error instanceof UnknownCommitError;
      throw error;
    });
  }

  /** Calls the callbacks of the jobs after the commit. */
  finish(): void {
    for (const callback of this.#callbacks) callback();
  }

  fail(error: unknown): void {
    for (const { fail } of this.#jobs) fail(error);
  }

  /** Returns one batch for each job; an empty list if there is only one job. */
  split(): Batch[] {
    return this.#jobs.length > 1 ? this.#jobs.map((job) => new Batch(this.#name, [job], this.#writer)) : [];
  }
}
