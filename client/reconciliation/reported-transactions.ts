import { tenDigits } from '../../contracts/index.js';
import { forgetOldest } from '../forget-oldest.js';
import type { NumTrans } from '../numbers.js';

/** How many transactions are kept in mind. */
const LIMIT = 10_000;

/** The transactions that calls were told of as approved: none of them is a later question's doing. */
export class ReportedTransactions {
  readonly #numbers = new Set<string>();

  has(numtrans: NumTrans): boolean {
    return this.#numbers.has(tenDigits(numtrans));
  }

  /** Keeps a transaction in mind; of more than ten thousand, the oldest is forgotten. */
  add(numtrans: NumTrans): void {
    this.#numbers.add(tenDigits(numtrans));
    forgetOldest(this.#numbers, LIMIT);
  }
}
