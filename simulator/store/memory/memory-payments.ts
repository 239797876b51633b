import type { LookupResult } from '../../engine/lookup.js';
import type { Payment, Transaction } from '../../engine/payment.js';
import { numbersOf } from '../numbers.js';

/** A payment by the number of its first transaction; of a later one, the payment's id. */
type Held = Payment | string | undefined;

/** Numbers that no payment has. */
const NO_TURN: LookupResult['next'] = { NUMTRANS: 'none', NUMAPPEL: 'none' };

/** The payments of a memory store, by number. Those that are taken here come one after another: each has its place, and none is looked for. */
export class MemoryPayments {
  /** By number from `#before` on. */
  #inTurn: Held[] = [];
  /** How many numbers were given before. */
  #before = 0;
  #next = numbersOf(1);
  /** Under a number that did not come in turn: born elsewhere, or loaded. */
  readonly #outOfTurn = new Map<string, Held>();
  /** The ids among them, ascending; undefined: to be put in order. */
  #idsOutOfTurn: readonly string[] | undefined;

  /** How many numbers were given. */
  get sequence(): number {
    return this.#before + this.#inTurn.length;
  }

  /** The numbers that come next. A payment born elsewhere may hold them: it is passed by. */
  next(): LookupResult['next'] {
    while (this.#outOfTurn.has(this.#next.NUMTRANS)) this.#take(undefined);
    return this.#next;
  }

  /** The payment that has a transaction of this NUMTRANS. */
  get(numtrans: string): Payment | undefined {
    const held = this.#held(numtrans);
    return typeof held === 'string' ? this.get(held) : held;
  }

  add(payment: Payment): void {
    // Numbers that have been given out are free: nothing has to be looked for.
    if (payment.id === this.#next.NUMTRANS && !this.#outOfTurn.has(payment.id)) this.#take(payment);
    else this.#put(payment.id, payment);
  }

  /**
   * Carries a payment on.
   *
   * @throws Error when there is none of this id
   */
  carryOn(id: string, transaction: Transaction): void {
    const payment = this.get(id);
    if (!payment) throw new Error(`No payment ${id} to carry on.`);
    this.#put(id, { ...payment, transactions: [...payment.transactions, transaction] });
    this.#put(transaction.NUMTRANS, id);
  }

  /** Uses up a number that nothing has. */
  useUp(numtrans: string): void {
    if (numtrans === this.#next.NUMTRANS) this.#take(undefined);
  }

  *newestFirst(): Generator<Payment> {
    const ids = this.#sortedOutOfTurn();
    let left = ids.length - 1;
    for (let place = this.#inTurn.length - 1; place >= 0; place--) {
      const payment = this.#inTurn[place];
      if (payment === undefined || typeof payment === 'string') continue;
      for (; left >= 0 && (ids[left] as string) > payment.id; left--) yield this.get(ids[left] as string) as Payment;
      yield payment;
    }
    for (; left >= 0; left--) yield this.get(ids[left] as string) as Payment;
  }

  /** Forgets them all. What is added until {@link goOnAfter} comes from elsewhere, and none of it in turn. */
  clear(): void {
    this.#inTurn = [];
    this.#outOfTurn.clear();
    this.#idsOutOfTurn = undefined;
    this.#next = NO_TURN;
  }

  /** Begins after so many numbers. */
  goOnAfter(sequence: number): void {
    this.#before = sequence;
    this.#next = numbersOf(sequence + 1);
  }

  #take(held: Held): void {
    this.#inTurn.push(held);
    this.#next = numbersOf(this.sequence + 1);
  }

  #placeOf(numtrans: string): number {
    return /^\d{10}$/.test(numtrans) ? Number(numtrans) - Number(this.#next.NUMTRANS) + this.#inTurn.length : -1;
  }

  #held(numtrans: string): Held {
    return this.#inTurn[this.#placeOf(numtrans)] ?? this.#outOfTurn.get(numtrans);
  }

  #put(numtrans: string, held: Held): void {
    const place = this.#placeOf(numtrans);
    if (place === this.#inTurn.length && !this.#outOfTurn.has(numtrans)) this.#take(held);
    else if (this.#inTurn[place] !== undefined) this.#inTurn[place] = held;
    else {
      if (!this.#outOfTurn.has(numtrans)) this.#idsOutOfTurn = undefined;
      this.#outOfTurn.set(numtrans, held);
    }
  }

  #sortedOutOfTurn(): readonly string[] {
    this.#idsOutOfTurn ??= [...this.#outOfTurn].flatMap(([numtrans, held]) => (typeof held === 'string' ? [] : [numtrans])).sort();
    return this.#idsOutOfTurn;
  }
}
