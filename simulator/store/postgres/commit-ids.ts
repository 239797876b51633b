import { randomUUID } from 'node:crypto';
import type { Connection } from './connections.js';

/** What a transaction writes, so that it can be looked up later whether it was committed. No other transaction writes the same. */
export interface CommitId {
  readonly writer: string;
  readonly number: number;
}

/**
 * Makes the ids of transactions that are committed one after the other. The table `commits` has one row for each writer, with the number
 * of its last transaction. A transaction id of the server would not do: after a crash the server gives the ids of unwritten transactions
 * again.
 */
export class Writer {
  readonly #id = randomUUID();
  #number = 0;

  /** Returns the id of the next transaction. */
  nextId(): CommitId {
    return { writer: this.#id, number: ++this.#number };
  }
}

const DAY = 86_400_000;
/** SQL for the time of the server, in milliseconds since the epoch. */
const NOW = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/**
 * SQL that writes the id in the parameters $1 (writer) and $2 (number). It is the beginning of another statement, so that no batch needs one
 * statement more.
 */
export const WITH_COMMIT_ID = `WITH commit_id AS (
    INSERT INTO commits (writer, number, at) VALUES ($1, $2, ${NOW})
    ON CONFLICT (writer) DO UPDATE SET number = excluded.number, at = excluded.at
  )`;

const SELECT = { text: 'SELECT number FROM commits WHERE writer = $1' };

// Rows that another process uses are left out: the deletion waits for no lock.
const DELETE_OLD = {
  text: `DELETE FROM commits WHERE writer IN (SELECT writer FROM commits WHERE at < ${NOW} - ${DAY} FOR UPDATE SKIP LOCKED)`,
};

/** Whether the transaction with this id was committed, and no later one of its writer. */
export async function isCommitted({ query }: Connection, { writer, number }: CommitId): Promise<boolean> {
  const { rows } = await query(SELECT, [writer]);
  return rows[0]?.number === number;
}

/** Deletes the ids that are older than a day: their transactions ended long before. */
export async function deleteOldIds({ query }: Connection): Promise<void> {
  await query(DELETE_OLD);
}
