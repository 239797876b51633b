import type { Lookup, LookupResult } from '../../engine/lookup.js';
import { find, NOTHING_FOUND } from '../find.js';
import type { Connection } from './connection.js';
import { isLost } from './errors.js';
import { GatewayTransaction } from './gateway-transaction.js';
import { lockOrMake, readMissing } from './read-rows.js';
import { writeChanges } from './write-rows.js';

/** A piece of work for the next transaction of a gateway. */
export interface Job {
  /** What to find for it; undefined: nothing. */
  readonly lookup?: Lookup | undefined;
  /** Decides and writes into the transaction; answers what to do once that is committed. Called again where a try was not committed. */
  readonly run: (transaction: GatewayTransaction, found: LookupResult) => () => void;
  readonly fail: (error: unknown) => void;
}

/** A transaction whose commit was sent and not answered. */
class UnansweredError extends Error {
  override readonly name = 'UnansweredError';
  readonly code = 'ECONNRESET';
}

const STATUS = { text: 'SELECT txid_status($1) AS status' };

async function carryOut(connection: Connection, transaction: GatewayTransaction, { lookup, run, fail }: Job): Promise<() => void> {
  let found = lookup ? find(transaction, lookup) : NOTHING_FOUND;
  while (transaction.isMissing) {
    await readMissing(connection, transaction);
    found = lookup ? find(transaction, lookup) : NOTHING_FOUND;
  }
  try {
    return run(transaction, found);
  } catch (error) {
    return () => fail(error);
  }
}

async function commit(connection: Connection, transaction: GatewayTransaction): Promise<void> {
  // In one flight with what is written: where that fails, the server takes a commit for a rollback.
  await Promise.all([...writeChanges(connection, transaction), connection.query({ text: 'COMMIT' })]);
}

/** Transacted that is decided and committed together. May be tried until it succeeds. */
export class Batch {
  readonly #name: string;
  readonly #jobs: readonly Job[];
  #done: (() => void)[] = [];
  /** The transaction of the last try, where it is not known whether it was committed. */
  #unanswered: number | undefined;

  constructor(name: string, jobs: readonly Job[]) {
    this.#name = name;
    this.#jobs = jobs;
  }

  /** Decides all in their order and commits once. After a try of which nobody knows whether it was committed, asks that first. */
  async attempt(connection: Connection): Promise<void> {
    if (this.#unanswered !== undefined && (await this.#wasCommitted(connection, this.#unanswered))) return;
    this.#unanswered = undefined;
    const begun = connection.query({ text: 'BEGIN ISOLATION LEVEL READ COMMITTED' });
    const [gateway] = await Promise.all([lockOrMake(connection, this.#name), begun]);
    const transaction = new GatewayTransaction(gateway);
    for (const { lookup } of this.#jobs) if (lookup) find(transaction, lookup);
    await readMissing(connection, transaction);
    const done: (() => void)[] = [];
    for (const job of this.#jobs) done.push(await carryOut(connection, transaction, job));
    this.#done = done;
    await commit(connection, transaction).catch((cause: unknown) => {
      if (!isLost(cause)) throw cause;
      this.#unanswered = gateway.transaction;
      throw new UnansweredError('The connection was lost during a commit; whether that took place is not known', { cause });
    });
  }

  /** Tells everybody that their work is committed. */
  answer(): void {
    for (const answer of this.#done) answer();
  }

  fail(error: unknown): void {
    for (const { fail } of this.#jobs) fail(error);
  }

  /** A batch for each piece of work. */
  split(): Batch[] {
    return this.#jobs.length > 1 ? this.#jobs.map((job) => new Batch(this.#name, [job])) : [];
  }

  async #wasCommitted(connection: Connection, transaction: number): Promise<boolean> {
    const { rows } = await connection.query(STATUS, [transaction]);
    const status = rows[0]?.status as string | null;
    if (status === 'in progress') throw new UnansweredError('A commit is still under way');
    return status === 'committed';
  }
}
