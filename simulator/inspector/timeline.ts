import { type Payment, type PaymentState, paymentState, remiseNumber, type Transaction } from '../engine/payment.js';
import type { JournalEntry } from '../journal/entry.js';
import { isStepOperation } from '../journal/step.js';

/** An event in the history of a payment, with the state of the payment after it. `at` is in milliseconds since the epoch. */
export type TimelineEntry =
  | { readonly kind: 'exchange'; readonly at: number; readonly exchange: JournalEntry; readonly state: PaymentState }
  /** A step of the authentication that the payment was made with. It does not change the payment. */
  | { readonly kind: 'step'; readonly at: number; readonly exchange: JournalEntry }
  /** A transaction whose exchange is not in the journal. */
  | { readonly kind: 'transaction'; readonly at: number; readonly transaction: Transaction; readonly state: PaymentState }
  | { readonly kind: 'remitted'; readonly at: number; readonly remise: string; readonly state: PaymentState }
  | { readonly kind: 'expired'; readonly at: number; readonly state: PaymentState };

type Chain = Payment['transactions'];

// An empty chain has no state, so at least the first transaction counts.
const stateAfter = (payment: Payment, length: number, at: number): PaymentState =>
  paymentState({ ...payment, transactions: payment.transactions.slice(0, Math.max(1, length)) as unknown as Chain }, at);

/** Yields the exchanges and the transactions without an exchange, oldest first. */
function* operationEntries(payment: Payment, exchanges: readonly JournalEntry[]): Generator<TimelineEntry> {
  const chain = payment.transactions;
  let done = 0;
  for (const exchange of exchanges) {
    if (isStepOperation(exchange.operation)) {
      yield { kind: 'step', at: exchange.at, exchange };
      continue;
    }
    const index = chain.findIndex(({ NUMTRANS }, at) => at >= done && NUMTRANS === exchange.reply.NUMTRANS);
    for (const [at, transaction] of chain.entries()) {
      if (at < done || at >= index) continue;
      yield { kind: 'transaction', at: transaction.at, transaction, state: stateAfter(payment, at + 1, transaction.at) };
    }
    done = Math.max(done, index + 1);
    yield { kind: 'exchange', at: exchange.at, exchange, state: stateAfter(payment, done, exchange.at) };
  }
  for (const [at, transaction] of chain.entries()) {
    if (at >= done) yield { kind: 'transaction', at: transaction.at, transaction, state: stateAfter(payment, at + 1, transaction.at) };
  }
}

/** Returns what happens by time alone: the remittance and the expiry of the authorization. */
function scheduledEntries(payment: Payment, now: number): TimelineEntry[] {
  const { remittance, standing } = paymentState(payment, now);
  const stateAt = (at: number): PaymentState => stateAfter(payment, payment.transactions.filter((made) => made.at <= at).length, at);
  const entries: TimelineEntry[] = [];
  if (remittance && remittance.at <= now) {
    const { at, date } = remittance;
    entries.push({ kind: 'remitted', at, remise: remiseNumber(payment.account, date), state: stateAt(at) });
  }
  if (standing === 'expired') entries.push({ kind: 'expired', at: payment.expiresAt, state: stateAt(payment.expiresAt) });
  return entries;
}

/**
 * Returns the history of a payment, oldest first: its exchanges, the steps of its authentication, the transactions whose exchange is not in the journal, its remittance and
 * the expiry of its authorization.
 *
 * @param exchanges the exchanges about the payment and the steps of its authentication, oldest first
 * @param now milliseconds since the epoch
 */
export function timelineOf(payment: Payment, exchanges: readonly JournalEntry[], now: number): readonly TimelineEntry[] {
  const entries = [...operationEntries(payment, exchanges)];
  for (const scheduled of scheduledEntries(payment, now)) {
    const after = entries.findIndex(({ at }) => at > scheduled.at);
    entries.splice(after === -1 ? entries.length : after, 0, scheduled);
  }
  return entries;
}
