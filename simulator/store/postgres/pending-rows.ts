import type { Payment, Transaction } from '../../engine/payment.js';
import type { Subscriber } from '../../engine/subscriber.js';
import type { NewStoredEntry } from '../../journal/stored-entry.js';
import type { GatewayTable } from '../gateway-rows.js';
import { journalValues } from '../journal-rows.js';
import type { RecordTable } from '../record-table.js';
import { subscriberValues } from '../subscriber-rows.js';
import { firstTransactionValues, laterTransactionValues } from '../transaction-rows.js';

/** The values of a row, in the order of its table in COLUMNS. */
export type RowValues = readonly unknown[];

/** The rows that a transaction is going to write, each key once. */
export class PendingRows {
  readonly #rows: Record<GatewayTable, Map<string, RowValues>> = {
    transactions: new Map(),
    questions: new Map(),
    subscribers: new Map(),
    cards: new Map(),
    tokens: new Map(),
    authentications: new Map(),
    checkouts: new Map(),
    journal: new Map(),
  };
  readonly #deletedSubscribers = new Map<string, readonly [account: string, REFABONNE: string]>();
  #replacesAll = false;
  #shared: { readonly text: string | undefined } | undefined;

  /** Whether all earlier rows of the gateway are deleted first. */
  get replacesAll(): boolean {
    return this.#replacesAll;
  }

  /** The new text of the gateway's configuration; undefined: unchanged. */
  get shared(): { readonly text: string | undefined } | undefined {
    return this.#shared;
  }

  get deletedSubscribers(): (readonly [account: string, REFABONNE: string])[] {
    return [...this.#deletedSubscribers.values()];
  }

  rows(table: GatewayTable): RowValues[] {
    return [...this.#rows[table].values()];
  }

  /** Deletes all earlier rows of the gateway, pending and written. */
  replaceAll(): void {
    for (const rows of Object.values(this.#rows)) rows.clear();
    this.#deletedSubscribers.clear();
    this.#replacesAll = true;
  }

  addPayment(payment: Payment): void {
    this.#append('transactions', [Number(payment.id), 0, ...firstTransactionValues(payment)]);
  }

  addTransaction(payment: string, position: number, account: string, transaction: Transaction): void {
    this.#append('transactions', [Number(payment), position, ...laterTransactionValues(account, transaction)]);
  }

  addQuestion(account: string, day: string, questionNumber: string, TYPE: string): void {
    const row = [day, account, Number(questionNumber), TYPE];
    this.#rows.questions.set(row.join('\n'), row);
  }

  addCard(account: string, day: string, sha1: string): void {
    const row = [day, account, sha1];
    this.#rows.cards.set(row.join('\n'), row);
  }

  addToken(account: string, sha1: string, token: string): void {
    this.#rows.tokens.set(`${account}\n${sha1}`, [account, sha1, token]);
  }

  putRecord<Item>({ table, idOf, valuesOf }: RecordTable<Item>, item: Item): void {
    this.#rows[table].set(idOf(item), valuesOf(item));
  }

  putSubscriber(subscriber: Subscriber): void {
    const key = `${subscriber.account}\n${subscriber.REFABONNE}`;
    this.#deletedSubscribers.delete(key);
    this.#rows.subscribers.set(key, subscriberValues(subscriber));
  }

  deleteSubscriber(account: string, REFABONNE: string): void {
    const key = `${account}\n${REFABONNE}`;
    this.#rows.subscribers.delete(key);
    this.#deletedSubscribers.set(key, [account, REFABONNE]);
  }

  addEntry(seq: number, entry: NewStoredEntry): void {
    this.#append('journal', journalValues(seq, entry));
  }

  share(text: string | undefined): void {
    this.#shared = { text };
  }

  // Not by key: the database rejects a key that exists already.
  #append(table: 'transactions' | 'journal', row: RowValues): void {
    this.#rows[table].set(String(this.#rows[table].size), row);
  }
}
