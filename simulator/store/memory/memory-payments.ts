import type { LookupResult } from '../../engine/lookup.js';
import type { Payment, Transaction } from '../../engine/payment.js';
import { nthNumbers } from '../find.js';

/** What is stored under a NUMTRANS: the payment under its id, this id under the later NUMTRANS, nothing under a skipped number. */
type Slot = Payment | string | undefined;

/** Reads the payments as they were at one instant. */
export interface PaymentReader {
  /** The payments of that instant, ascending. */
  readonly payments: Iterable<Payment>;
  /** Ends the reading. Until then the payments that are replaced are kept. */
  close(): void;
}

/** Numbers that no payment has. */
const NO_NEXT: LookupResult['next'] = { NUMTRANS: 'none', NUMAPPEL: 'none' };

/**
 * The payments of a memory store by NUMTRANS. The gateway gives its numbers in sequence, so they index an array. All other numbers, of
 * imported and restored payments, are keys of a map.
 */
export class MemoryPayments {
  /** The slots of the numbers in sequence, starting with number `#offset` + 1. */
  readonly #sequential: Slot[] = [];
  #offset = 0;
  #next = nthNumbers(1);
  /** The slots of all other numbers. */
  readonly #others = new Map<string, Slot>();
  /** The ids of payments in `#others`, ascending; undefined: to be sorted. */
  #otherIds: string[] | undefined = [];
  /** For each reader the payments since its instant that were replaced, by their id. */
  readonly #readers = new Set<Map<string, Payment>>();

  /** The ids of imported payments by the NUMAPPEL of their first transaction. */
  readonly #importedCalls = new Map<string, string>();

  /** How many numbers were given. */
  get sequence(): number {
    return this.#offset + this.#sequential.length;
  }

  /** How many transactions are held, with the numbers that were skipped. */
  get size(): number {
    return this.#sequential.length + this.#others.size;
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
    for (const replaced of this.#readers) if (!replaced.has(id)) replaced.set(id, payment);
    this.#set(id, { ...payment, transactions: [...payment.transactions, transaction] });
    // A capture repeats the numbers of its authorization.
    if (transaction.NUMTRANS !== id) this.#set(transaction.NUMTRANS, id);
  }

  /** Uses up a number without a payment. */
  skip(numtrans: string): void {
    if (numtrans === this.#next.NUMTRANS) this.#append(undefined);
  }

  *newestFirst(): Generator<Payment> {
    const [sequential, others, otherIds] = [this.#sequential, this.#others, this.#sortedOtherIds()];
    let other = otherIds.length - 1;
    for (let i = sequential.length - 1; i >= 0; i--) {
      const payment = sequential[i];
      if (payment === undefined || typeof payment === 'string') continue;
      for (; other >= 0 && (otherIds[other] as string) > payment.id; other--) yield others.get(otherIds[other] as string) as Payment;
      yield payment;
    }
    for (; other >= 0; other--) yield others.get(otherIds[other] as string) as Payment;
  }

  /** Returns a reader of the payments as they are now. It must be closed. */
  open(): PaymentReader {
    const replaced = new Map<string, Payment>();
    this.#readers.add(replaced);
    const payments = this.#oldestFirst();
    return {
      payments: (function* () {
        for (const payment of payments) yield replaced.get(payment.id) ?? payment;
      })(),
      close: () => void this.#readers.delete(replaced),
    };
  }

  /** Stores payments that are added before {@link continueAfter} is called in the map. There are none yet. */
  suspendSequence(): void {
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
      if (typeof slot !== 'string' && !this.#others.has(numtrans)) this.#addOtherId(numtrans);
      this.#others.set(numtrans, slot);
    }
  }

  /** The payments of now, ascending, in the versions that they have when they are taken. */
  #oldestFirst(): Iterable<Payment> {
    const [sequential, count, others, otherIds] = [this.#sequential, this.#sequential.length, this.#others, this.#sortedOtherIds()];
    const otherCount = otherIds.length;
    return (function* () {
      let other = 0;
      for (let i = 0; i < count; i++) {
        const payment = sequential[i];
        if (payment === undefined || typeof payment === 'string') continue;
        for (; other < otherCount && (otherIds[other] as string) < payment.id; other++)
          yield others.get(otherIds[other] as string) as Payment;
        yield payment;
      }
      for (; other < otherCount; other++) yield others.get(otherIds[other] as string) as Payment;
    })();
  }

  // Restored payments come in their order: they need not be sorted.
  #addOtherId(id: string): void {
    if (this.#otherIds !== undefined && id > (this.#otherIds.at(-1) ?? '')) this.#otherIds.push(id);
    else this.#otherIds = undefined;
  }

  #sortedOtherIds(): readonly string[] {
    this.#otherIds ??= [...this.#others].flatMap(([numtrans, slot]) => (typeof slot === 'string' ? [] : [numtrans])).sort();
    return this.#otherIds;
  }
}
