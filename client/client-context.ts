import type { Operation } from '../contracts/index.js';
import { KeyedMutex } from './keyed-mutex.js';
import { PendingQuestions } from './reconciliation/pending-questions.js';
import { ReportedTransactions } from './reconciliation/reported-transactions.js';
import type { Settings } from './settings.js';
import type { RequestLimits } from './transport.js';
import type { WireVariables } from './wire-variables.js';

/** What a client works with. */
export interface ClientContext {
  readonly settings: Settings;
  readonly pending: PendingQuestions;
  readonly reported: ReportedTransactions;
  readonly turns: KeyedMutex;
}

/** The context of one client. */
export function createContext(settings: Settings): ClientContext {
  return { settings, pending: new PendingQuestions(), reported: new ReportedTransactions(), turns: new KeyedMutex() };
}

/** One call of a method. */
export interface Call {
  readonly operation: Operation;
  readonly variables: WireVariables;
  readonly limits: RequestLimits;
  /** The caller says that it was sent before. */
  readonly retry: boolean;
}
