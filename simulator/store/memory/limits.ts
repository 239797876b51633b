import { StoreError } from '../store.js';

/** What a memory storage holds at most, so that a long run does not use up the memory of the process. */
export interface MemoryLimits {
  /** Journal entries of each gateway. The oldest are deleted; up to a tenth more are kept. */
  readonly journal: number;
  /** Transactions of each gateway. No more are accepted. */
  readonly transactions: number;
  /** Authentications of each gateway. No more are started. */
  readonly authentications: number;
  /** Checkouts of each gateway. No more are started. */
  readonly checkouts: number;
  /** Sessions. No more are created. */
  readonly sessions: number;
}

/** The limits of a simulator without a database. */
export const MEMORY_LIMITS: MemoryLimits = {
  journal: 100_000,
  transactions: 2_000_000,
  authentications: 500_000,
  checkouts: 200_000,
  sessions: 100_000,
};

/** Makes the error for a gateway that has no room for more. */
export const limitReached = (what: string, limit: number, remedy: string): StoreError =>
  new StoreError(`The memory holds ${limit} ${what}, its limit. ${remedy}, or store the state in a file: --db FILE.`);
