import type { Operation } from '../../contracts/index.js';
import type { Account } from './account.js';
import type { Found } from './found.js';
import type { Question } from './question.js';
import type { Rule } from './rule.js';
import type { Forced } from './verdict.js';

/** Everything a decision rests on. */
export interface DecisionInput {
  readonly question: Question;
  readonly operation: Operation;
  readonly account: Account;
  /** MONTANT in minor units. */
  readonly amount: number;
  readonly questionNumber: string;
  readonly found: Found;
  readonly rules: readonly Rule[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether the cardholder's bank has a say. */
  readonly asksIssuer: boolean;
  readonly forced: Forced | undefined;
}
