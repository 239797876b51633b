import { commentOf, maskText, REFUSAL_PREFIX } from '../../contracts/index.js';
import type { Finding } from './finding.js';

/**
 * What the reply to a frame that the gateway could not read repeats of it. See docs/protocol.md#refusal-3 and docs/protocol.md#refusal-4.
 *
 * - `account`: SITE and RANG; NUMQUESTION is zeros
 * - `header`: SITE, RANG and NUMQUESTION; the reply ends after COMMENTAIRE
 * - `nothing`: SITE and RANG are spaces, NUMQUESTION is zeros; the reply ends after COMMENTAIRE
 */
export type FrameEcho = 'account' | 'header' | 'nothing';

/** Why a question is answered with a code other than 00000. */
export interface Refusal {
  /** CODEREPONSE. */
  readonly code: string;
  /** COMMENTAIRE. */
  readonly comment: string;
  /** What the code does not say: what was sent and what is expected. */
  readonly reason?: Finding;
  /** Given only if the frame could not be read. */
  readonly frameEcho?: FrameEcho;
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

/** Makes the refusal (00014) of a frame that the gateway could not read. Its COMMENTAIRE is form-encoded: spaces as `+`. */
export function makeFrameRefusal(comment: string, frameEcho: FrameEcho): Refusal {
  return { code: '00014', comment: comment.replaceAll(' ', '+'), frameEcho };
}

/** Adds a reason to a refusal. */
export function withReason(refusal: Refusal, reason: Finding): Refusal {
  return { ...refusal, reason };
}

const MAX_LENGTH = 40;

/** Quotes a value for a message, masked, and shortens it to 40 characters. */
export function quoteForMessage(value: string): string {
  const shown = maskText(value);
  return JSON.stringify(shown.length > MAX_LENGTH ? `${shown.slice(0, MAX_LENGTH)}…` : shown);
}
