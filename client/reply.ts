import { decodeReply } from '../contracts/index.js';
import { maskVariables, readable, type Scrub } from './masking.js';

/** How a reply came. */
export interface Delivery {
  /** The host that answered. */
  readonly url: string;
  /** HTTP status. */
  readonly status: number;
  readonly contentType: string;
  /** From the question's sending to the reply's last byte. */
  readonly milliseconds: number;
  /** NUMQUESTION that was sent. */
  readonly numquestion: string;
}

const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never;

/** A reply of the gateway, read as ISO-8859-1. Shows itself masked; {@link Reply.get} gives the values as they came. */
export class Reply {
  readonly delivery: Delivery;
  readonly #variables: ReadonlyMap<string, string>;
  readonly #body: Uint8Array;
  readonly #scrub: Scrub;

  constructor(body: Uint8Array, delivery: Delivery, scrub: Scrub) {
    this.delivery = delivery;
    this.#body = body;
    this.#scrub = scrub;
    this.#variables = decodeReply(body);
  }

  /** CODEREPONSE as it came, known or not; empty where there is none. */
  get code(): string {
    return this.get('CODEREPONSE') ?? '';
  }

  /** COMMENTAIRE without the card data it may repeat; empty where there is none. */
  get comment(): string {
    return readable(this.#scrub, this.get('COMMENTAIRE') ?? '');
  }

  /** A variable as it came, undefined where the reply does not have it. */
  get(name: string): string | undefined {
    return this.#variables.get(name);
  }

  /** A variable without the question's card number and keys, should the reply repeat them. */
  getClean(name: string): string | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : this.#scrub(value);
  }

  /** The variables' names in the order they came. */
  names(): string[] {
    return [...this.#variables.keys()];
  }

  /** The body as it came. */
  bytes(): Uint8Array {
    return this.#body.slice();
  }

  toString(): string {
    return `Reply ${this.code}`;
  }

  /** The variables, masked. */
  toJSON(): Record<string, string> {
    const masked = maskVariables(this.#variables);
    return Object.fromEntries(Object.entries(masked).map(([name, value]) => [name, this.#scrub(value)]));
  }

  [INSPECT](): Record<string, string> {
    return this.toJSON();
  }
}
