import type { Operation } from '../contracts/index.js';
import { BoundedMap } from './bounded-map.js';
import { KeyedMutex } from './keyed-mutex.js';
import type { WireVariables } from './question.js';
import type { Observation } from './reconciliation/inquiry.js';
import type { Settings } from './settings.js';
import type { RequestLimits } from './transport.js';

/** A question whose outcome is unknown. */
export interface PendingQuestion {
  /** What the gateway showed before the question was sent; undefined if no inquiry was made. */
  readonly before: Observation | undefined;
}

/** What all calls of one client share. */
export interface ClientContext {
  readonly settings: Settings;
  /** Questions whose outcome is unknown, so that the next call about the same order inquires before it sends. Holds no card data. */
  readonly pendingQuestions: BoundedMap<PendingQuestion>;
  /** NUMTRANS, ten digits, of the transactions already reported as approved: none of them can be the result of a later question. */
  readonly reportedTransactions: BoundedMap<true>;
  readonly mutex: KeyedMutex;
}

/** Bounds the memory of a client that runs for a long time. */
const MAX_ENTRIES = 10_000;

/** Creates the context of one client. */
export const createContext = (settings: Settings): ClientContext => ({
  settings,
  pendingQuestions: new BoundedMap(MAX_ENTRIES),
  reportedTransactions: new BoundedMap(MAX_ENTRIES),
  mutex: new KeyedMutex(),
});

/** One call of a method, validated. */
export interface Call {
  readonly operation: Operation;
  readonly variables: WireVariables;
  readonly limits: RequestLimits;
  /** Whether the caller says that the same question was sent before. */
  readonly isRetry: boolean;
}
