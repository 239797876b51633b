import type { Status } from '../../contracts/index.js';
import type { Fact } from './fact.js';
import type { Finding } from './finding.js';
import type { CardTrace, Numbers } from './payment.js';

/** What an operation brings about: the reply's own parts and the facts to write. */
export interface Effect {
  readonly numbers: Numbers;
  readonly AUTORISATION: string;
  readonly PORTEUR: string;
  readonly card: CardTrace;
  readonly STATUS?: Status | undefined;
  readonly REMISE?: string | undefined;
  readonly facts: readonly Fact[];
  readonly findings: readonly Finding[];
}
