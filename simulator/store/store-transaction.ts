import type { Fact } from '../engine/fact.js';
import type { LookupResult } from '../engine/lookup.js';
import type { NewStoredEntry } from '../journal/stored-entry.js';
import type { StoreReader } from './find.js';
import type { StoreContent, TransactionResult } from './store.js';

/** One gateway in one transaction of a database. Reads see what the transaction wrote before. */
export interface StoreTransaction extends StoreReader {
  /** The text of the gateway's configuration. */
  readonly shared: string | undefined;
  /** Replaces the text of the gateway's configuration. */
  share(shared: string | undefined): void;
  /** Writes a fact, and counts the number that it uses. */
  write(fact: Fact): void;
  /** Writes a journal entry with the next number. */
  log(entry: NewStoredEntry): void;
  /** Replaces the whole content of the gateway. */
  load(content: StoreContent): void;
}

/** Decides, writes what was decided, and returns the result. */
export function decideAndWrite<Result>(
  transaction: StoreTransaction,
  found: LookupResult,
  decide: (found: LookupResult, shared: string | undefined) => TransactionResult<Result>,
): Result {
  const { facts, entry, shared, result } = decide(found, transaction.shared);
  if (shared !== undefined) transaction.share(shared);
  for (const fact of facts) transaction.write(fact);
  if (entry) transaction.log(entry);
  return result;
}
