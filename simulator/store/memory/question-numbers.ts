import { OPERATIONS } from '../../../contracts/index.js';

/** The initial table has 2^6 = 64 places. */
const FEWEST_BITS = 6;

/** The golden ratio in 32 bits (Fibonacci hashing): the upper bits of its multiples are spread evenly for numbers at any constant step. */
const SPREAD = 0x9e3779b1;

/** All lists of TYPEs, each once: there are few, and a number stores only the index of its list. The first is that of unused numbers. */
const LISTS: (readonly string[])[] = [[]];

const PLACE_OF_LIST = new Map<string, number>([['', 0]]);

function placeOf(types: readonly string[]): number {
  const key = types.join();
  const known = PLACE_OF_LIST.get(key);
  if (known !== undefined) return known;
  PLACE_OF_LIST.set(key, LISTS.length);
  return LISTS.push(types) - 1;
}

/** The indexes of the lists of one TYPE: nearly every number is used only once. */
const ALONE: ReadonlyMap<string, number> = new Map(OPERATIONS.map(({ TYPE }) => [TYPE, placeOf([TYPE])]));

function withType(list: number, TYPE: string): number {
  if (list === 0) return ALONE.get(TYPE) ?? placeOf([TYPE]);
  const types = LISTS[list] as readonly string[];
  return types.includes(TYPE) ? list : placeOf([...types, TYPE].sort());
}

/**
 * The question numbers that an account used on one day, and the TYPEs for which it used them. Each question looks up one and adds one.
 * A hash table with linear probing in integer arrays: the garbage collector does not scan them, and growing copies few bytes.
 */
export class QuestionNumbers {
  #bits = FEWEST_BITS;
  /** By place: the number plus one; 0 is a free place. */
  #numbers = new Uint32Array(1 << FEWEST_BITS);
  /** By place: the index of its TYPEs in {@link LISTS}. */
  #lists = new Uint32Array(1 << FEWEST_BITS);
  #used = 0;

  /** Returns the TYPEs for which a number was used, sorted. */
  typesOf(number: number): readonly string[] {
    return LISTS[this.#lists[this.#find(number)] as number] as readonly string[];
  }

  /** Adds a TYPE for which a number was used. The number is an integer from 0 to 2147483647. */
  add(number: number, TYPE: string): void {
    const place = this.#find(number);
    if (this.#numbers[place] === 0) this.#used++;
    this.#numbers[place] = number + 1;
    this.#lists[place] = withType(this.#lists[place] as number, TYPE);
    if (this.#used * 2 > this.#numbers.length) this.#grow();
  }

  /** Iterates over each number with each TYPE for which it was used, lowest number first. */
  *[Symbol.iterator](): Generator<readonly [number: number, TYPE: string]> {
    for (const one of this.#numbers.filter((held) => held > 0).sort()) for (const TYPE of this.typesOf(one - 1)) yield [one - 1, TYPE];
  }

  /** Returns the place of a number, or the free place for it. There is always one: at least half of all places are free. */
  #find(number: number): number {
    const mask = this.#numbers.length - 1;
    let place = Math.imul(number, SPREAD) >>> (32 - this.#bits);
    for (;;) {
      const held = this.#numbers[place];
      if (held === 0 || held === number + 1) return place;
      place = (place + 1) & mask;
    }
  }

  #grow(): void {
    const [numbers, lists] = [this.#numbers, this.#lists];
    this.#bits++;
    this.#numbers = new Uint32Array(1 << this.#bits);
    this.#lists = new Uint32Array(1 << this.#bits);
    numbers.forEach((held, before) => {
      if (held === 0) return;
      const place = this.#find(held - 1);
      this.#numbers[place] = held;
      this.#lists[place] = lists[before] as number;
    });
  }
}
