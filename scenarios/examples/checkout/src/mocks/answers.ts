import type { InquiryOutcome, Outcome } from 'paybox-direct-simulator/client';
import { STATUSES } from 'paybox-direct-simulator/contracts';
import type { OrderAnswer } from '../api.js';
import type { Order } from './orders.js';

type Paid = Extract<OrderAnswer, { status: 'paid' }>;

const paid = ({ cents, refunded }: Order, recovered = false): Paid => ({ status: 'paid', cents, refunded, recovered });

/** What an attempt to pay makes of an order. */
export function afterPaying(order: Order, outcome: Outcome): OrderAnswer {
  switch (outcome.kind) {
    case 'approved':
      order.transaction = outcome.transaction;
      return paid(order, outcome.recovered);
    case 'refused':
      return { status: 'refused', by: outcome.by, message: outcome.meaning?.fr ?? outcome.comment };
    case 'unavailable':
      return { status: outcome.mayHaveBeenProcessed ? 'unknown' : 'open' };
    case 'unknown':
      return { status: 'unknown' };
  }
}

/** What an attempt to refund so many cents makes of a paid order. */
export function afterRefunding(order: Order, cents: number, outcome: Outcome): OrderAnswer {
  order.isRefundInDoubt = outcome.kind === 'unknown' || (outcome.kind === 'unavailable' && outcome.mayHaveBeenProcessed);
  if (outcome.kind === 'unknown' || order.isRefundInDoubt) return { status: 'unknown' };
  if (outcome.kind !== 'approved') return { ...paid(order), problem: outcome.meaning?.fr ?? outcome.comment };
  order.refunded += cents;
  return paid(order, outcome.recovered);
}

/** STATUS of a payment that took money, and what it has given back since; undefined: nobody knows. */
const TAKEN: Readonly<Record<string, (order: Order) => number | undefined>> = {
  // STATUS does not show that a part was given back.
  [STATUSES.captured]: ({ refunded, isRefundInDoubt }) => (isRefundInDoubt ? undefined : refunded),
  [STATUSES.refunded]: ({ cents }) => cents,
};

/** What the gateway shows of an order. That a payment is there does not say that it took money: its STATUS does. */
export function afterLookingUp(order: Order, seen: InquiryOutcome): OrderAnswer {
  if (seen.kind === 'not-found') return { status: 'open' };
  if (seen.kind !== 'found') return { status: 'unknown' };
  if (seen.state === STATUSES.refused) return { status: 'open' };
  const refunded = TAKEN[seen.state ?? '']?.(order);
  if (refunded === undefined) return { status: 'unknown' };
  Object.assign(order, { transaction: seen.transaction, refunded, isRefundInDoubt: false });
  return paid(order, true);
}
