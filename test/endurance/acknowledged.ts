import { expect } from 'vitest';
import type { CheckedFile } from './file-check.js';
import type { Acknowledged } from './shop.js';

/** The inquiry and the captures, whose replies repeat numbers. */
const REPEATING: ReadonlySet<string> = new Set(['00017', '00002', '00052']);

/** The code after which a client may send the same order again. */
const NOT_PROCESSED = '00003';

/**
 * Checks that each reply that a customer received is stored, and that nothing is stored of a question that was answered 00003.
 *
 * @returns how many were answered 00003
 */
export function expectStored(acknowledged: readonly Acknowledged[], { replies }: Pick<CheckedFile, 'replies'>): number {
  let refused = 0;
  for (const { gateway, question, reply } of acknowledged) {
    const stored = replies.get(`${gateway} ${question.TYPE} ${question.NUMQUESTION}`);
    if (reply.CODEREPONSE !== NOT_PROCESSED) expect(stored, JSON.stringify([gateway, question, reply])).toMatchObject(reply);
    else {
      refused++;
      expect(stored, 'a question that was answered 00003 was stored').toBeUndefined();
    }
  }
  return refused;
}

/** The transaction numbers that customers received. */
export class GivenNumbers {
  readonly #given = new Set<string>();

  /** Adds the numbers of these replies. Checks that none of them was given before. */
  add(acknowledged: readonly Acknowledged[]): void {
    for (const { gateway, question, reply } of acknowledged) {
      if (reply.NUMTRANS === '0000000000' || REPEATING.has(question.TYPE ?? '')) continue;
      const number = `${gateway} ${reply.NUMTRANS}`;
      expect(this.#given, `${number} was given before`).not.toContain(number);
      this.#given.add(number);
    }
  }
}
