import { OPERATIONS } from '../../../contracts/index.js';

/** Places as a power of two: there are 64 to begin with. */
const FEWEST_BITS = 6;

/** The golden ratio in 32 bits: the upper bits of its multiples spread, whether numbers follow one another or keep any other step. */
const SPREAD = 0x9e3779b1;

/** Lists of TYPEs, each held once: there are few, and a number needs the place of its list only. The first is that of a number not used. */
const LISTS: (readonly string[])[] = [[]];

const PLACE_OF_LIST = new Map<string, number>([['', 0]]);

function placeOf(types: readonly string[]): number {
  const key = types.join();
  const known = PLACE_OF_LIST.get(key);
  if (known !== undefined) return known;
  PLACE_OF_LIST.set(key, LISTS.length);
  return LISTS.push(types) - 1;
}

/** Of one TYPE alone: nearly every number is used once. */
const ALONE: ReadonlyMap<string, number> = new Map(OPERATIONS.map(({ TYPE }) => [TYPE, placeOf([TYPE])]));

function withType(list: number, TYPE: string): number {
  if (list === 0) return ALONE.get(TYPE) ?? placeOf([TYPE]);
  const types = LISTS[list] as readonly string[];
  return types.includes(TYPE) ? list : placeOf([...types, TYPE].sort());
}

/**
 * The question numbers that an account used on one day, and the TYPEs they were used for. Each question asks for one and adds one: a hash table
 * of bare integers, which a collection of garbage does not look into and which moves little when it grows.
 */
export class QuestionNumbers {
  #bits = FEWEST_BITS;
  /** By place: the number and one more, so that zero is a free place. */
  #numbers = new Uint32Array(1 << FEWEST_BITS);
  /** By place: where the list of its TYPEs is. */
  #lists = new Uint32Array(1 << FEWEST_BITS);
  #used = 0;

  /** The TYPEs that used a number, in their order. */
  typesOf(number: number): readonly string[] {
    return LISTS[this.#lists[this.#find(number)] as number] as readonly string[];
  }

  /** Notes that a TYPE used a number, from 0 to 2147483647. */
  add(number: number, TYPE: string): void {
    const place = this.#find(number);
    if (this.#numbers[place] === 0) this.#used++;
    this.#numbers[place] = number + 1;
    this.#lists[place] = withType(this.#lists[place] as number, TYPE);
    if (this.#used * 2 > this.#numbers.length) this.#grow();
  }

  /** Every number with a TYPE it was used for, the lowest number first. */
  *[Symbol.iterator](): Generator<readonly [number: number, TYPE: string]> {
    for (const one of this.#numbers.filter((held) => held > 0).sort()) for (const TYPE of this.typesOf(one - 1)) yield [one - 1, TYPE];
  }

  /** The place of a number, or the free one where it would be put. There always is one: half of them are. */
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
