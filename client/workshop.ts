import type { Operation } from '../contracts/index.js';
import { PendingQuestions } from './pending.js';
import { ReportedTransactions } from './reported.js';
import type { Settings } from './settings.js';
import type { Patience } from './transport.js';
import { Turns } from './turns.js';
import type { WireVariables } from './wire-variables.js';

/** What a client works with. */
export interface Workshop {
  readonly settings: Settings;
  readonly pending: PendingQuestions;
  readonly reported: ReportedTransactions;
  readonly turns: Turns;
}

/** The workshop of one client. */
export function openWorkshop(settings: Settings): Workshop {
  return { settings, pending: new PendingQuestions(), reported: new ReportedTransactions(), turns: new Turns() };
}

/** One call of a method. */
export interface Call {
  readonly operation: Operation;
  readonly variables: WireVariables;
  readonly patience: Patience;
  /** The caller says that it was sent before. */
  readonly retry: boolean;
}
