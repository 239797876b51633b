import { commentOf, REFUSAL_PREFIX } from '../../contracts/index.js';
import { type Finding, type FindingRule, finding } from './finding.js';

/** A question that is answered with another code than 00000. */
export interface Refusal {
  readonly code: string;
  /** COMMENTAIRE. */
  readonly comment: string;
  /** What the code alone does not say: what was sent, and what should have been. */
  readonly reason?: Finding;
}

/**
 * A refusal.
 *
 * @param text what COMMENTAIRE says after the prefix, where it is not the text of the code
 */
export function refuse(code: string, text?: string): Refusal {
  return { code, comment: text === undefined ? commentOf(code) : REFUSAL_PREFIX + text };
}

/** A refusal whose COMMENTAIRE carries no prefix. */
export function refuseBare(code: string, comment: string): Refusal {
  return { code, comment };
}

/** A refusal with its reason. */
export function withReason(refusal: Refusal, rule: FindingRule, message: string): Refusal {
  return { ...refusal, reason: finding(rule, message) };
}

const LONGEST = 40;

/** A value as a reason may repeat it. Not for card numbers. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value);
}
