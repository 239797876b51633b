import type { QueryResult } from 'pg';

/** A statement; one with a name is planned once a connection. */
export interface Sql {
  readonly name?: string;
  readonly text: string;
}

/** What a statement is given. */
export type Value = string | number | null | readonly (string | number | null)[];

/** One connection while somebody has it. */
export interface Connection {
  /** Sent at once, even while others are being answered; they are answered in their order. */
  query(sql: Sql, values?: readonly Value[]): Promise<QueryResult>;
}
