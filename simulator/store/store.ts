import type { Authentication } from '../engine/authentication.js';
import type { Checkout } from '../engine/checkout.js';
import type { Fact } from '../engine/fact.js';
import type { Lookup, LookupResult } from '../engine/lookup.js';
import type { Payment } from '../engine/payment.js';
import type { Subscriber } from '../engine/subscriber.js';
import type { JournalEntry, JournalFilter, SearchWord } from '../journal/entry.js';
import type { NewStoredEntry } from '../journal/stored-entry.js';
import { TimeSlice } from './time-slice.js';

/** The outcome of one transaction: what the store writes, and the result for the caller. */
export interface TransactionResult<Result> {
  readonly facts: readonly Fact[];
  /** The journal entry to write, if there is one. */
  readonly entry?: NewStoredEntry;
  /** The new text of the gateway's configuration. If omitted, the configuration stays unchanged. */
  readonly shared?: string;
  readonly result: Result;
}

/** Selects payments. A payment must meet all conditions that are given. */
export interface PaymentFilter {
  readonly REFERENCE?: string | undefined;
  /** `SITE/RANG`. */
  readonly account?: string | undefined;
  /** Only payments with an id lower than this NUMTRANS: the next page of a list. */
  readonly before?: string | undefined;
  /** Only payments that match every word. */
  readonly words?: readonly SearchWord[] | undefined;
  /** Maximum number of payments to examine, starting with the newest one that `before` allows. */
  readonly scanLimit?: number | undefined;
  /** Maximum number of payments; those with the highest ids are returned. */
  readonly limit: number;
}

/** Selects authentications. An authentication must meet all conditions that are given. */
export interface AuthenticationFilter {
  readonly IdSession?: string | undefined;
  /** `SITE/RANG`. */
  readonly account?: string | undefined;
  /** Only those with a lower ID3D: the next page of a list. */
  readonly before?: string | undefined;
  /** Maximum number of authentications. */
  readonly limit: number;
}

/** Selects checkouts. A checkout must meet all conditions that are given. */
export interface CheckoutFilter {
  readonly REFERENCE?: string | undefined;
  /** `SITE/RANG`. */
  readonly account?: string | undefined;
  /** Only those with a lower id: the next page of a list. */
  readonly before?: string | undefined;
  /** Only those of which something is due at or before this time, in milliseconds since the epoch; those that are due first come first. */
  readonly dueBefore?: number | undefined;
  /** Maximum number of checkouts. */
  readonly limit: number;
}

/** A question number that was used on a day. */
export type UsedQuestion = readonly [account: string, day: string, questionNumber: string, TYPE: string];
/** A card that an account accepted on a day. */
export type SeenCard = readonly [account: string, day: string, sha1: string];

/** The token that an account has for a card. */
export type CardToken = readonly [account: string, sha1: string, token: string];

/** The whole content of a store, as plain data. */
export interface StoreContent {
  /** How many transaction numbers were given. */
  readonly sequence: number;
  readonly payments: readonly Payment[];
  readonly subscribers: readonly Subscriber[];
  readonly questions: readonly UsedQuestion[];
  readonly cards: readonly SeenCard[];
  readonly tokens: readonly CardToken[];
  /** By ID3D, ascending. */
  readonly authentications: readonly Authentication[];
  /** By id, ascending. */
  readonly checkouts: readonly Checkout[];
  readonly journal: readonly JournalEntry[];
  /** The text of the gateway's configuration; undefined if none was written yet. */
  readonly shared?: string | undefined;
}

/** The members of a content that are lists, in the order in which a store yields them. */
export const CONTENT_LISTS = [
  'payments',
  'subscribers',
  'questions',
  'cards',
  'tokens',
  'authentications',
  'checkouts',
  'journal',
] as const satisfies readonly (keyof StoreContent)[];

/** A part of a content: members, or the next items of one list. */
export type ContentPart = Partial<StoreContent>;

/** The content of an empty store. */
export const EMPTY_CONTENT: StoreContent = {
  sequence: 0,
  payments: [],
  subscribers: [],
  questions: [],
  cards: [],
  tokens: [],
  authentications: [],
  checkouts: [],
  journal: [],
};

/** Returns the facts that write a content, in an order in which they can be written. The journal and the configuration are not facts. */
export function* contentFacts({
  payments,
  subscribers,
  questions,
  cards,
  tokens,
  authentications,
  checkouts,
}: StoreContent): Generator<Fact> {
  for (const payment of payments) {
    const [first, ...later] = payment.transactions;
    yield { fact: 'payment', payment: { ...payment, transactions: [first] } };
    for (const transaction of later) yield { fact: 'transaction', payment: payment.id, account: payment.account, transaction };
  }
  for (const subscriber of subscribers) yield { fact: 'subscriber', subscriber };
  for (const [account, day, questionNumber, TYPE] of questions) yield { fact: 'question', account, day, questionNumber, TYPE };
  for (const [account, day, sha1] of cards) yield { fact: 'card', account, day, sha1 };
  for (const [account, sha1, token] of tokens) yield { fact: 'token', account, sha1, token };
  for (const authentication of authentications) yield { fact: 'authentication', authentication };
  for (const checkout of checkouts) yield { fact: 'checkout', checkout };
}

/**
 * Holds the state of one gateway. All methods return promises, so that a store may commit several transactions at once or use a
 * network.
 *
 * In addition to payments a store holds one text per gateway, called `shared`: the gateway's configuration (accounts, rules, clock),
 * serialized by the gateway. It is read and written in the same transactions as the payments, so that all processes that run the gateway
 * use the same configuration.
 */
export interface Store {
  /** Whether the state can be used by other processes too, at the same time or later. */
  readonly isShared: boolean;
  /**
   * Looks up what a question names, decides, and writes what was decided: everything or nothing.
   *
   * @param lookup what to find; undefined: nothing
   * @param decide synchronous; receives what was found and the text of the configuration. It may be called while other transactions are
   *   pending, and again after an attempt that was not committed: only its last call counts
   * @returns resolves with the result of `decide` when it is committed
   * @throws StoreError when it could not be written, or when it is not known whether it was (`mayBeWritten`)
   */
  transact<Result>(
    lookup: Lookup | undefined,
    decide: (found: LookupResult, shared: string | undefined) => TransactionResult<Result>,
  ): Promise<Result>;
  /** Lists payments, highest id first. */
  payments(filter: PaymentFilter): Promise<Payment[]>;
  /** Returns the payment that has a transaction with this NUMTRANS (ten digits), or undefined if there is none. */
  payment(numtrans: string): Promise<Payment | undefined>;
  /** Lists subscribers in the order of their registration. */
  subscribers(): Promise<Subscriber[]>;
  /** Lists authentications, highest ID3D (the newest) first. */
  authentications(filter: AuthenticationFilter): Promise<Authentication[]>;
  /** Returns the authentication with this ID3D, or undefined if there is none. */
  authentication(id3d: string): Promise<Authentication | undefined>;
  /** Lists checkouts, highest id (the newest) first. */
  checkouts(filter: CheckoutFilter): Promise<Checkout[]>;
  /** Returns the checkout with this id, or undefined if there is none. */
  checkout(id: string): Promise<Checkout | undefined>;
  /** Lists journal entries, newest first. */
  journal(filter: JournalFilter): Promise<JournalEntry[]>;
  /** Returns the committed text of the gateway's configuration, or undefined if none was written yet. */
  shared(): Promise<string | undefined>;
  /**
   * Replaces the text of the gateway's configuration. No other process changes it between the read and the write. Resolves when it is
   * committed.
   *
   * @param change synchronous; receives the current text and returns the new one. It may be called again after an attempt that was not
   *   committed. If it throws, nothing is written and the error is rethrown
   * @throws StoreError when it could not be written
   */
  changeShared(change: (shared: string | undefined) => string): Promise<void>;
  /**
   * Yields the whole content, as it was at the instant when the first part was asked for, while questions are answered. The first part has
   * `sequence` and `shared`; the others have some items of one list, in the order of {@link CONTENT_LISTS}. The generator must be read to its
   * end or returned.
   *
   * @throws StoreError when it could not be read
   */
  parts(): AsyncGenerator<ContentPart, void, undefined>;
  /** Replaces the whole content. Resolves when it is committed. */
  load(content: StoreContent): Promise<void>;
}

/** Items of a list in one part of a content: few enough for one slice of time. */
export const PART_SIZE = 50;

/** Returns the items in the parts in which a store yields them. */
export function* pagesOf<Item>(items: Iterable<Item>): Generator<Item[]> {
  let page: Item[] = [];
  for (const item of items) {
    page.push(item);
    if (page.length < PART_SIZE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

/** Returns the whole content of a store, as it was at one instant. */
export async function dump(store: Pick<Store, 'parts'>): Promise<StoreContent> {
  const content: Record<string, unknown> = {};
  const lists = Object.fromEntries(CONTENT_LISTS.map((list): [string, unknown[]] => [list, []]));
  const slice = new TimeSlice();
  for await (const part of store.parts()) {
    for (const [name, value] of Object.entries(part)) {
      if (name in lists) for (const item of value as unknown[]) lists[name]?.push(item);
      else content[name] = value;
    }
    if (slice.isOver) await slice.giveWay();
  }
  return { ...content, ...lists } as unknown as StoreContent;
}

/** The stores of all gateways of one simulator, by the name of the gateway. */
export interface Storage {
  /** Human-readable location: `memory`, the path of the file, or the URL without its password. */
  readonly description: string;
  /** What it holds at most, by what is counted; undefined: as much as its disk. */
  readonly limits?: object;
  /** Returns the store of a gateway. It is created when it is first written to. */
  open(name: string): Store;
  /** Lists the names of the gateways that have a store. */
  names(): Promise<string[]>;
  /** Whether a gateway with this name has a store. */
  has(name: string): Promise<boolean>;
  /** Deletes a store with its content. */
  drop(name: string): Promise<void>;
  /** Resolves when pending transactions are finished and the file or the connections are closed. */
  close(): Promise<void>;
}

/**
 * The store could not be read or written: the disk is full, the file is locked, read-only or damaged, or the server cannot be reached.
 * Nothing of the transaction was written, unless `mayBeWritten` says that this is not known. The message says what to do.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  /** Whether the transaction may have been committed: the store failed during the COMMIT, and what became of it could not be read. */
  readonly mayBeWritten: boolean;

  constructor(message: string, { cause, mayBeWritten = false }: ErrorOptions & { readonly mayBeWritten?: boolean } = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.mayBeWritten = mayBeWritten;
  }
}
