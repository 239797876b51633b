import { commentOf, REFUSAL_PREFIX } from '../../contracts/index.js';

/** A question that is answered with another code than 00000. */
export interface Refusal {
  readonly code: string;
  /** COMMENTAIRE. */
  readonly comment: string;
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
