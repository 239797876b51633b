import { contradictionsIn, decodeReply } from '../contracts/index.js';
import { INSPECT } from './inspect.js';
import { displayText, maskVariables, type Scrub, withoutControls } from './masking.js';

/** How a reply was received. */
export interface Delivery {
  /** URL of the host that answered. */
  readonly url: string;
  /** HTTP status. */
  readonly status: number;
  /** Content-Type of the response; empty if there is none. */
  readonly contentType: string;
  /** Milliseconds from sending the question to the last byte of the reply. */
  readonly milliseconds: number;
  /** NUMQUESTION of the question. */
  readonly numquestion: string;
}

/**
 * A reply of the gateway, decoded from ISO-8859-1. Its JSON, its text and what Node's `inspect` shows are masked; {@link Reply.get} and
 * {@link Reply.bytes} return the received values unchanged.
 *
 * @example
 * reply.get('NUMTRANS'); // '0000000001'
 */
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

  /** CODEREPONSE verbatim, whether the tables know it or not; empty if missing. */
  get code(): string {
    return this.get('CODEREPONSE') ?? '';
  }

  /** COMMENTAIRE without card data and control characters, for display; empty if missing. The texts of unreadable frames have spaces instead of `+`. */
  get comment(): string {
    const text = this.get('COMMENTAIRE') ?? '';
    // Only these texts are form-encoded. See docs/protocol.md#section-1.
    const isFormEncoded = this.code === '00014' && !text.includes(' ');
    return displayText(this.#scrub, isFormEncoded ? text.replaceAll('+', ' ') : text);
  }

  /** Returns a variable verbatim, or undefined if the reply does not have it. May contain card data. */
  get(name: string): string | undefined {
    return this.#variables.get(name);
  }

  /** Returns a variable without control characters and the question's card number and keys, or undefined if the reply does not have it. */
  getClean(name: string): string | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : this.#scrub(withoutControls(value));
  }

  /** Returns the names of the variables in the order received. */
  names(): string[] {
    return [...this.#variables.keys()];
  }

  /** Returns the names of the variables that decide what the reply means and occur twice with different values. */
  contradictions(): string[] {
    return contradictionsIn(this.#body);
  }

  /** Returns a copy of the body. May contain card data. */
  bytes(): Uint8Array {
    return this.#body.slice();
  }

  toString(): string {
    return `Reply ${this.code}`;
  }

  /** Returns the variables, masked and without control characters. */
  toJSON(): Record<string, string> {
    const masked = maskVariables(this.#variables);
    return Object.fromEntries(Object.entries(masked).map(([name, value]) => [withoutControls(name), this.#scrub(withoutControls(value))]));
  }

  [INSPECT](): Record<string, string> {
    return this.toJSON();
  }
}
