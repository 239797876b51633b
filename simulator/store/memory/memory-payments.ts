import type { LookupResult } from '../../engine/lookup.js';
import type { Payment, Transaction } from '../../engine/payment.js';
import { nthNumbers } from '../find.js';

/** What is stored under a NUMTRANS: the payment under its id, this id under the later NUMTRANS, nothing under a skipped number. */
type Slot = Payment | string | undefined;

/** Numbers that no payment has. */
const NO_NEXT: LookupResult['next'] = { NUMTRANS: 'none', NUMAPPEL: 'none' };

/**
 * The payments of a memory store by NUMTRANS. The gateway gives its numbers in sequence, so they index an array. All other numbers, of
 * imported and restored payments, are keys of a map.
 */
export class MemoryPayments {
  /** The slots of the numbers in sequence, starting with number `#offset` + 1. */
  #sequential: Slot[] = [];
  #offset = 0;
  #next = nthNumbers(1);
  /** The slots of all other numbers. */
  readonly #others = new Map<string, Slot>();
  /** The ids of payments in `#others`, ascending; undefined: to be sorted. */
  #otherIds: readonly string[] | undefined;

  /** The ids of imported payments by the NUMAPPEL of their first transaction. */
  readonly #importedCalls = new Map<string, string>();

  /** How many numbers were given. */
  get sequence(): number {
    return this.#offset + this.#sequential.length;
  }

  /** Returns the next numbers. Skips those of which an imported payment has one. */
  next(): LookupResult['next'] {
    while (this.#others.has(this.#next.NUMTRANS) || this.#importedCalls.has(this.#next.NUMAPPEL)) this.#append(undefined);
    return this.#next;
  }

  /** Returns the payment that has a transaction with this NUMTRANS. */
  get(numtrans: string): Payment | undefined {
    const slot = this.#slot(numtrans);
    return typeof slot === 'string' ? this.get(slot) : slot;
  }

  /** Returns the imported payment whose first transaction has this NUMAPPEL. */
  importedWith(numappel: string): Payment | undefined {
    return this.get(this.#importedCalls.get(numappel) ?? '');
  }

  add(payment: Payment): void {
    if (payment.origin === 'system') this.#importedCalls.set(payment.transactions[0].NUMAPPEL, payment.id);
    // The usual case: a number from next() is free, so no slot has to be looked up.
    if (payment.id === this.#next.NUMTRANS && !this.#others.has(payment.id)) this.#append(payment);
    else this.#set(payment.id, payment);
  }

  /**
   * Adds a later transaction to a payment.
   *
   * @throws Error when there is no payment with this id
   */
  addTransaction(id: string, transaction: Transaction): void {
    const payment = this.get(id);
    if (!payment) throw new Error(`There is no payment ${id} to add a transaction to.`);
    this.#set(id, { ...payment, transactions: [...payment.transactions, transaction] });
    // A capture repeats the numbers of its authorization.
    if (transaction.NUMTRANS !== id) this.#set(transaction.NUMTRANS, id);
  }

  /** Uses up a number without a payment. */
  skip(numtrans: string): void {
    if (numtrans === this.#next.NUMTRANS) this.#append(undefined);
  }

  *newestFirst(): Generator<Payment> {
    const otherIds = this.#sortedOtherIds();
    let other = otherIds.length - 1;
    for (let i = this.#sequential.length - 1; i >= 0; i--) {
      const payment = this.#sequential[i];
      if (payment === undefined || typeof payment === 'string') continue;
      for (; other >= 0 && (otherIds[other] as string) > payment.id; other--) yield this.get(otherIds[other] as string) as Payment;
      yield payment;
    }
    for (; other >= 0; other--) yield this.get(otherIds[other] as string) as Payment;
  }

  /** Deletes all payments. Payments that are added before {@link continueAfter} is called are stored in the map. */
  clear(): void {
    this.#sequential = [];
    this.#others.clear();
    this.#importedCalls.clear();
    this.#otherIds = undefined;
    this.#next = NO_NEXT;
  }

  /** Continues the sequence after this many numbers. */
  continueAfter(sequence: number): void {
    this.#offset = sequence;
    this.#next = nthNumbers(sequence + 1);
  }

  #append(slot: Slot): void {
    this.#sequential.push(slot);
    this.#next = nthNumbers(this.sequence + 1);
  }

  /** The index of a number in `#sequential`; it may be out of range. */
  #indexOf(numtrans: string): number {
    return /^\d{10}$/.test(numtrans) ? Number(numtrans) - Number(this.#next.NUMTRANS) + this.#sequential.length : -1;
  }

  #slot(numtrans: string): Slot {
    return this.#sequential[this.#indexOf(numtrans)] ?? this.#others.get(numtrans);
  }

  #set(numtrans: string, slot: Slot): void {
    const index = this.#indexOf(numtrans);
    if (index === this.#sequential.length && !this.#others.has(numtrans)) this.#append(slot);
    else if (this.#sequential[index] !== undefined) this.#sequential[index] = slot;
    else {
      if (!this.#others.has(numtrans)) this.#otherIds = undefined;
      this.#others.set(numtrans, slot);
    }
  }

  #sortedOtherIds(): readonly string[] {
    this.#otherIds ??= [...this.#others].flatMap(([numtrans, slot]) => (typeof slot === 'string' ? [] : [numtrans])).sort();
    return this.#otherIds;
  }
}
