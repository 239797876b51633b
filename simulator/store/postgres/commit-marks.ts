import { randomUUID } from 'node:crypto';
import type { Connection } from './connections.js';

/** What a transaction writes to be recognized later. Another transaction never writes the same. */
export interface CommitMark {
  readonly writer: string;
  readonly number: number;
}

/**
 * Makes the marks of transactions that are committed one after the other. The table `commits` has one row for each writer, with the number
 * of its last transaction. A transaction id of the server would not do: after a crash the server gives the ids of unwritten transactions
 * again.
 */
export class Writer {
  readonly #writer = randomUUID();
  #number = 0;

  nextMark(): CommitMark {
    return { writer: this.#writer, number: ++this.#number };
  }
}

const NOW = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/** Writes the mark of parameters $1 (writer) and $2 (number): the beginning of another statement, which spares a statement in each batch. */
export const WITH_MARK = `WITH mark AS (
    INSERT INTO commits (writer, number, at) VALUES ($1, $2, ${NOW})
    ON CONFLICT (writer) DO UPDATE SET number = excluded.number, at = excluded.at
  )`;

const SELECT = { text: 'SELECT number FROM commits WHERE writer = $1' };

// Rows that another process uses are left out: the deletion waits for no lock.
const DELETE_OLD = {
  text: `DELETE FROM commits WHERE writer IN (SELECT writer FROM commits WHERE at < ${NOW} - 86400000 FOR UPDATE SKIP LOCKED)`,
};

/** Whether the transaction that wrote the mark was committed, and no later one of its writer. */
export async function hasMark({ query }: Connection, { writer, number }: CommitMark): Promise<boolean> {
  const { rows } = await query(SELECT, [writer]);
  return rows[0]?.number === number;
}

/** Deletes the marks that are older than a day: nobody waits for their transactions any more. */
export async function deleteOldMarks({ query }: Connection): Promise<void> {
  await query(DELETE_OLD);
}
