import type { Operation } from '../../contracts/index.js';
import type { Account } from './account.js';
import type { LookupResult } from './lookup.js';
import type { Question } from './question.js';
import type { Rule } from './rule.js';

/** A code that the question is answered with because the user requested it. */
export interface ForcedCode {
  readonly code: string;
  /** COMMENTAIRE, verbatim. Undefined: the text of the code. */
  readonly comment?: string | undefined;
  /** Human-readable: what requested the code. */
  readonly cause: string;
  /** Whether ERRORCODETEST requested it. Such an answer changes no state of the gateway. */
  readonly isTraceless: boolean;
}

/** Everything that a decision depends on. */
export interface DecisionInput {
  readonly question: Question;
  readonly operation: Operation;
  readonly account: Account;
  /** MONTANT in minor units. 0 if the operation takes no MONTANT. */
  readonly amount: number;
  /** NUMQUESTION without leading zeros. */
  readonly questionNumber: string;
  readonly found: LookupResult;
  readonly rules: readonly Rule[];
  /** The time of the gateway, in milliseconds since the epoch. */
  readonly now: number;
  /** The time of the machine: that of a client that does not know that the gateway's clock was moved. */
  readonly realNow: number;
  /** Whether the operation asks the issuer (the cardholder's bank). */
  readonly asksIssuer: boolean;
  readonly forced: ForcedCode | undefined;
}
