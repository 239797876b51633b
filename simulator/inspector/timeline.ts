import { type Payment, type PaymentState, paymentState, remiseNumber, type Transaction } from '../engine/payment.js';
import type { JournalEntry } from '../journal/entry.js';

/** A step of a payment's life, with where the payment stood after it. */
export type Step =
  | { readonly kind: 'exchange'; readonly at: number; readonly entry: JournalEntry; readonly state: PaymentState }
  | { readonly kind: 'transaction'; readonly at: number; readonly transaction: Transaction; readonly state: PaymentState }
  | { readonly kind: 'remitted'; readonly at: number; readonly remise: string; readonly state: PaymentState }
  | { readonly kind: 'expired'; readonly at: number; readonly state: PaymentState };

type Chain = Payment['transactions'];

// A chain that has not begun has no state; its first transaction is there from the beginning.
const stateAfter = (payment: Payment, length: number, at: number): PaymentState =>
  paymentState({ ...payment, transactions: payment.transactions.slice(0, Math.max(1, length)) as unknown as Chain }, at);

function* spoken(payment: Payment, entries: readonly JournalEntry[]): Generator<Step> {
  const chain = payment.transactions;
  let made = 0;
  for (const entry of entries) {
    const index = chain.findIndex(({ NUMTRANS }, at) => at >= made && NUMTRANS === entry.reply.NUMTRANS);
    for (const [at, transaction] of chain.entries()) {
      if (at < made || at >= index) continue;
      yield { kind: 'transaction', at: transaction.at, transaction, state: stateAfter(payment, at + 1, transaction.at) };
    }
    made = Math.max(made, index + 1);
    yield { kind: 'exchange', at: entry.at, entry, state: stateAfter(payment, made, entry.at) };
  }
  for (const [at, transaction] of chain.entries()) {
    if (at >= made) yield { kind: 'transaction', at: transaction.at, transaction, state: stateAfter(payment, at + 1, transaction.at) };
  }
}

function nightly(payment: Payment, now: number): Step[] {
  const { remittance, standing } = paymentState(payment, now);
  const state = (at: number): PaymentState => stateAfter(payment, payment.transactions.filter((made) => made.at <= at).length, at);
  const steps: Step[] = [];
  if (remittance && remittance.at <= now) {
    const { at, date } = remittance;
    steps.push({ kind: 'remitted', at, remise: remiseNumber(payment.account, date), state: state(at) });
  }
  if (standing === 'expired') steps.push({ kind: 'expired', at: payment.expiresAt, state: state(payment.expiresAt) });
  return steps;
}

/**
 * What happened to a payment, first to last: its exchanges, transactions whose exchange is not in the journal, and what the nights did.
 *
 * @param entries its exchanges, first to last
 * @param now milliseconds since the epoch
 */
export function timelineOf(payment: Payment, entries: readonly JournalEntry[], now: number): readonly Step[] {
  const steps = [...spoken(payment, entries)];
  for (const step of nightly(payment, now)) {
    const after = steps.findIndex(({ at }) => at > step.at);
    steps.splice(after === -1 ? steps.length : after, 0, step);
  }
  return steps;
}
