import type { Fault } from './fault.js';

/** A code the question is answered with because somebody asked for it. */
export interface Forced {
  readonly code: string;
  /** Who asked, for people to read. */
  readonly by: string;
  /** Whether it came by ERRORCODETEST, which leaves no trace in the gateway. */
  readonly traceless: boolean;
}

/** A fault that a rule asks for, its delay drawn. */
export interface StagedFault extends Omit<Fault, 'delay'> {
  readonly rule: string;
  /** Milliseconds to wait before the reply. */
  readonly delay: number;
  /** What it does, for people to read. */
  readonly description: string;
}

/** What the rules say of a question. */
export interface RuleVerdict {
  /** Ids of the rules that matched: their calls are counted. */
  readonly matched: readonly string[];
  readonly answer?: { readonly rule: string; readonly code: string } | undefined;
  readonly fault?: StagedFault | undefined;
}
