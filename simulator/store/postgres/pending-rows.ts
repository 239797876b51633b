import type { Payment, Transaction } from '../../engine/payment.js';
import type { Subscriber } from '../../engine/subscriber.js';
import type { NewStoredEntry } from '../../journal/stored-entry.js';
import { firstValues, journalValues, subscriberRow, transactionValues } from '../rows.js';
import { TABLES, type Table } from './columns.js';

/** A row as the values of its columns, in the order of {@link TABLES}. */
export type Row = readonly unknown[];

const subscriberValues = (subscriber: Subscriber): Row => {
  const row = subscriberRow(subscriber);
  return TABLES.subscribers.map(([name]) => row[name as keyof typeof row]);
};

/** What a transaction is going to write: rows, each key once. */
export class PendingRows {
  readonly #rows: Record<Table, Map<string, Row>> = {
    transactions: new Map(),
    questions: new Map(),
    subscribers: new Map(),
    cards: new Map(),
    journal: new Map(),
  };
  readonly #goneSubscribers = new Map<string, readonly [account: string, REFABONNE: string]>();
  #isEmptied = false;
  #shared: { readonly text: string | undefined } | undefined;

  /** Whether all that was there before goes. */
  get isEmptied(): boolean {
    return this.#isEmptied;
  }

  /** What is shared from now on, where that is changed. */
  get shared(): { readonly text: string | undefined } | undefined {
    return this.#shared;
  }

  get goneSubscribers(): (readonly [account: string, REFABONNE: string])[] {
    return [...this.#goneSubscribers.values()];
  }

  rows(table: Table): Row[] {
    return [...this.#rows[table].values()];
  }

  empty(): void {
    for (const rows of Object.values(this.#rows)) rows.clear();
    this.#goneSubscribers.clear();
    this.#isEmptied = true;
  }

  addFirst(payment: Payment): void {
    this.#addNew('transactions', [Number(payment.id), 0, ...firstValues(payment)]);
  }

  addLater(payment: string, position: number, account: string, transaction: Transaction): void {
    this.#addNew('transactions', [Number(payment), position, ...transactionValues(account, transaction)]);
  }

  addQuestion(account: string, day: string, questionNumber: string, TYPE: string): void {
    const row = [day, account, Number(questionNumber), TYPE];
    this.#rows.questions.set(row.join('\n'), row);
  }

  addCard(account: string, day: string, sha1: string): void {
    const row = [day, account, sha1];
    this.#rows.cards.set(row.join('\n'), row);
  }

  putSubscriber(subscriber: Subscriber): void {
    const key = `${subscriber.account}\n${subscriber.REFABONNE}`;
    this.#goneSubscribers.delete(key);
    this.#rows.subscribers.set(key, subscriberValues(subscriber));
  }

  removeSubscriber(account: string, REFABONNE: string): void {
    const key = `${account}\n${REFABONNE}`;
    this.#rows.subscribers.delete(key);
    this.#goneSubscribers.set(key, [account, REFABONNE]);
  }

  log(seq: number, entry: NewStoredEntry): void {
    this.#addNew('journal', journalValues(seq, entry));
  }

  share(text: string | undefined): void {
    this.#shared = { text };
  }

  // A key that is there already is refused by the database.
  #addNew(table: 'transactions' | 'journal', row: Row): void {
    this.#rows[table].set(String(this.#rows[table].size), row);
  }
}
