import { forgetOldest } from '../forget-oldest.js';
import type { Observation } from './inquiry.js';

/** How many questions of unknown fate are kept in mind. */
const LIMIT = 10_000;

/** What is kept of a question: what was there before it, where somebody looked. */
export interface Pending {
  readonly before: Observation | undefined;
}

/** The questions whose fate is not known, so that whoever calls again is not charged twice. Holds no card data. */
export class PendingQuestions {
  readonly #questions = new Map<string, Pending>();

  get(key: string): Pending | undefined {
    return this.#questions.get(key);
  }

  /** Keeps a question in mind; of more than ten thousand, the oldest is forgotten. */
  add(key: string, pending: Pending): void {
    this.#questions.set(key, pending);
    forgetOldest(this.#questions, LIMIT);
  }

  delete(key: string): void {
    this.#questions.delete(key);
  }
}
