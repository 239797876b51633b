import { nthNumbers } from '../store/find.js';
import type { Path } from '../store/shape.js';
import { damagedSnapshot } from './snapshot-error.js';

/** Checks that the ids of records ascend, and that the gateway has given the numbers that are in them. */
export class IdCheck {
  readonly #last: string;
  readonly #before: string;
  #previous = '';
  readonly #ids = new Set<string>();

  /**
   * @param sequence how many numbers the gateway has given
   * @param before how a message names the id of the record before
   */
  constructor(sequence: number, before: string) {
    this.#last = nthNumbers(sequence).NUMTRANS;
    this.#before = before;
  }

  /** @param number ten digits */
  add(id: string, number: string, path: Path): void {
    if (id <= this.#previous) throw damagedSnapshot(path, `${id} is not above ${this.#before}`);
    if (number < nthNumbers(1).NUMTRANS) throw damagedSnapshot(path, `${number} is below the first number of a gateway`);
    if (number > this.#last)
      throw damagedSnapshot(path, `${number} is above the last number that was given by content/sequence, ${this.#last}`);
    this.#previous = id;
    this.#ids.add(id);
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }
}
