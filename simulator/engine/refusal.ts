import { commentOf, REFUSAL_PREFIX } from '../../contracts/index.js';
import { type Finding, type FindingRule, finding } from './finding.js';

/** Why a question is answered with a code other than 00000. */
export interface Refusal {
  /** CODEREPONSE. */
  readonly code: string;
  /** COMMENTAIRE. */
  readonly comment: string;
  /** What the code does not say: what was sent and what is expected. */
  readonly reason?: Finding;
}

/**
 * Makes a refusal.
 *
 * @param text COMMENTAIRE without its prefix. Default: the text of the code.
 */
export function makeRefusal(code: string, text?: string): Refusal {
  return { code, comment: text === undefined ? commentOf(code) : REFUSAL_PREFIX + text };
}

/** Makes a refusal whose COMMENTAIRE has no prefix. */
export function makeUnprefixedRefusal(code: string, comment: string): Refusal {
  return { code, comment };
}

/** Adds a reason to a refusal. */
export function withReason(refusal: Refusal, rule: FindingRule, message: string): Refusal {
  return { ...refusal, reason: finding(rule, message) };
}

const MAX_LENGTH = 40;

/** Quotes a value for a message and shortens it to 40 characters. Not for card numbers: it masks nothing. */
export function quoteForMessage(value: string): string {
  return JSON.stringify(value.length > MAX_LENGTH ? `${value.slice(0, MAX_LENGTH)}…` : value);
}
