import type { Lookup, LookupResult } from '../../engine/lookup.js';
import { find, NOTHING_FOUND } from '../find.js';
import type { Connection } from './connections.js';
import { isLost } from './errors.js';
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

/** A COMMIT was sent, and the connection was lost before its reply. */
class UnknownCommitError extends Error {
  override readonly name = 'UnknownCommitError';
  readonly code = 'ECONNRESET';
}

const SELECT_STATUS = { text: 'SELECT txid_status($1) AS status' };

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

async function commit(connection: Connection, transaction: PostgresTransaction): Promise<void> {
  // Pipelined with the writes: if one of them fails, the server treats the COMMIT as a ROLLBACK.
  await Promise.all([...writeRows(connection, transaction), connection.query({ text: 'COMMIT' })]);
}

/** Jobs of one gateway that run in one transaction. */
export class Batch {
  readonly #name: string;
  readonly #jobs: readonly BatchJob[];
  #callbacks: (() => void)[] = [];
  /** The id of the last attempt's transaction, if it is unknown whether it was committed. */
  #unknownCommit: number | undefined;

  /** @param name of the gateway */
  constructor(name: string, jobs: readonly BatchJob[]) {
    this.#name = name;
    this.#jobs = jobs;
  }

  /**
   * Runs the jobs in their order and commits once. Can be called again if it failed. If it is unknown whether the last attempt was
   * committed, asks the server first.
   */
  async attempt(connection: Connection): Promise<void> {
    if (this.#unknownCommit !== undefined && (await this.#wasCommitted(connection, this.#unknownCommit))) return;
    this.#unknownCommit = undefined;
    const begun = connection.query({ text: 'BEGIN ISOLATION LEVEL READ COMMITTED' });
    const [gateway] = await Promise.all([lockOrMakeGateway(connection, this.#name), begun]);
    const transaction = new PostgresTransaction(gateway);
    // All lookups first, so that the rows of all jobs are read together.
    for (const { lookup } of this.#jobs) if (lookup) find(transaction, lookup);
    await readMissing(connection, transaction);
    const callbacks: (() => void)[] = [];
    for (const job of this.#jobs) callbacks.push(await runJob(connection, transaction, job));
    this.#callbacks = callbacks;
    await commit(connection, transaction).catch((cause: unknown) => {
      if (!isLost(cause)) throw cause;
      this.#unknownCommit = gateway.transaction;
      throw new UnknownCommitError('The connection was lost during a COMMIT; it is unknown whether the transaction was committed', {
        cause,
      });
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
    return this.#jobs.length > 1 ? this.#jobs.map((job) => new Batch(this.#name, [job])) : [];
  }

  async #wasCommitted(connection: Connection, transaction: number): Promise<boolean> {
    const { rows } = await connection.query(SELECT_STATUS, [transaction]);
    const status = rows[0]?.status as string | null;
    if (status === 'in progress') throw new UnknownCommitError('A COMMIT is still in progress');
    return status === 'committed';
  }
}
