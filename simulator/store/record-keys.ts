import type { Authentication } from '../engine/authentication.js';
import { type Checkout, dueAt } from '../engine/checkout.js';

/**
 * How records are found: by an id with a number of the gateway's sequence, and by account and name. Apart from the tables, whose checks
 * the memory does not need.
 */
export interface RecordKeys<Item> {
  idOf(item: Item): string;
  nameOf(item: Item): string;
  /** When something of a record is due next; undefined: nothing is. */
  dueOf(item: Item): number | undefined;
}

export const AUTHENTICATION_KEYS: RecordKeys<Authentication> = {
  idOf: ({ ID3D }) => ID3D,
  nameOf: ({ IdSession }) => IdSession,
  dueOf: () => undefined,
};

export const CHECKOUT_KEYS: RecordKeys<Checkout> = { idOf: ({ id }) => id, nameOf: ({ REFERENCE }) => REFERENCE, dueOf: dueAt };

/** Selects records. A record must meet all conditions that are given. */
export interface RecordFilter {
  readonly name?: string | undefined;
  readonly account?: string | undefined;
  /** Only records with a lower id. */
  readonly before?: string | undefined;
  /** Only records of which something is due at or before this time; those that are due first come first. */
  readonly dueBefore?: number | undefined;
  readonly limit: number;
}
