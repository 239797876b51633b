import type { Operation } from '../../contracts/index.js';
import type { Account } from './account.js';
import type { LookupResult } from './lookup.js';
import type { Question } from './question.js';
import type { Rule } from './rule.js';

/** A code the question is answered with because somebody asked for it. */
export interface Forced {
  readonly code: string;
  /** Who asked, for people to read. */
  readonly by: string;
  /** Whether it came by ERRORCODETEST, which leaves no trace in the gateway. */
  readonly traceless: boolean;
}

/** Everything a decision rests on. */
export interface DecisionInput {
  readonly question: Question;
  readonly operation: Operation;
  readonly account: Account;
  /** MONTANT in minor units. */
  readonly amount: number;
  readonly questionNumber: string;
  readonly found: LookupResult;
  readonly rules: readonly Rule[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether the cardholder's bank has a say. */
  readonly asksIssuer: boolean;
  readonly forced: Forced | undefined;
}
