import type { Fact } from '../engine/fact.js';
import type { Lookup, LookupResult } from '../engine/lookup.js';
import type { Payment } from '../engine/payment.js';
import type { Subscriber } from '../engine/subscriber.js';
import type { JournalEntry, JournalFilter } from '../journal/entry.js';
import type { SearchWord } from '../journal/search-word.js';
import type { NewStoredEntry } from '../journal/stored-entry.js';

/** What a piece of work leaves in the store, and what it answers. */
export interface Transacted<Result> {
  readonly facts: readonly Fact[];
  readonly entry?: NewStoredEntry;
  /** What the gateway's processes share from now on; left out: as it was. */
  readonly shared?: string;
  readonly result: Result;
}

/** Which payments. All conditions that are given must hold. */
export interface PaymentFilter {
  readonly REFERENCE?: string | undefined;
  /** `SITE/RANG`. */
  readonly account?: string | undefined;
  /** Only payments before this NUMTRANS: the next page of a listing. */
  readonly before?: string | undefined;
  /** Only those that meet every word. */
  readonly words?: readonly SearchWord[] | undefined;
  /** Only among so many of those before `before`: how far a search goes. */
  readonly among?: number | undefined;
  /** At most so many, the highest numbers. */
  readonly limit: number;
}

/** A question number that is used: account, day, number, TYPE. */
export type UsedQuestion = readonly [account: string, day: string, questionNumber: string, TYPE: string];
/** A card that was taken: account, day, SHA-1. */
export type SeenCard = readonly [account: string, day: string, sha1: string];

/** Everything a store holds, as plain data. */
export interface StoreContent {
  /** Numbers given so far. */
  readonly sequence: number;
  readonly payments: readonly Payment[];
  readonly subscribers: readonly Subscriber[];
  readonly questions: readonly UsedQuestion[];
  readonly cards: readonly SeenCard[];
  readonly journal: readonly JournalEntry[];
  /** What the gateway's processes share; undefined: nothing yet. */
  readonly shared?: string | undefined;
}

/**
 * Where one gateway keeps its state. `transact` looks up, lets the work decide, and writes what the work returned,
 * all or nothing. Promises, so that a store may commit in groups or sit across a network.
 *
 * Beside payments a store keeps one text for the gateway, opaque to the store: what all processes that play the gateway
 * must agree on. It is read and written under the same lock as the payments: of two processes one comes first.
 */
export interface Store {
  /** Whether other processes may see it too, at the same time or later. */
  readonly isShared: boolean;
  /** Whether the store itself gathers what comes at the same time, and commits it at once. */
  readonly isGrouping: boolean;
  /**
   * @param lookup what to find; undefined: nothing
   * @param work decides on what was found and on what is shared; synchronous, may be called while other work waits, and
   *   again where a first try was not committed: the last call counts
   * @returns the work's result, once it is committed
   * @throws StoreError when it could not be written
   */
  transact<Result>(
    lookup: Lookup | undefined,
    work: (found: LookupResult, shared: string | undefined) => Transacted<Result>,
  ): Promise<Result>;
  /** Payments, highest NUMTRANS first. */
  payments(filter: PaymentFilter): Promise<Payment[]>;
  /** The payment that has a transaction of this NUMTRANS (ten digits). */
  payment(numtrans: string): Promise<Payment | undefined>;
  /** Subscribers, first registered first. */
  subscribers(): Promise<Subscriber[]>;
  /** Entries of the journal, newest first. */
  journal(filter: JournalFilter): Promise<JournalEntry[]>;
  /** What the gateway's processes share, as it is committed; undefined: nothing yet. */
  shared(): Promise<string | undefined>;
  /**
   * Replaces what is shared by what is made of it, with no other process in between. Kept once it is committed.
   *
   * @param change synchronous; may be called again where a first try was not committed. What it throws is thrown here, and nothing is written
   * @throws StoreError when it could not be written
   */
  changeShared(change: (shared: string | undefined) => string): Promise<void>;
  /** Everything, as it is at one instant. */
  dump(): Promise<StoreContent>;
  /** Replaces everything by the content. */
  load(content: StoreContent): Promise<void>;
}

/** The stores of all gateways of one simulator, by name. */
export interface Storage {
  /** For people: `memory`, or the file's path. */
  readonly description: string;
  /** The store of a gateway, made on first use. */
  open(name: string): Store;
  /** Names of the stores that hold something. */
  names(): Promise<string[]>;
  /** Forgets a store with all it holds. */
  drop(name: string): Promise<void>;
  close(): Promise<void>;
}

/** The store could not be read or written: disk full, file locked, read-only or damaged. Nothing of the work was kept. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** A store that holds nothing. */
export const EMPTY_CONTENT: StoreContent = { sequence: 0, payments: [], subscribers: [], questions: [], cards: [], journal: [] };
