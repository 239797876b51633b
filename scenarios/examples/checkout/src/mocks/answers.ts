import type { InquiryOutcome, Outcome } from 'paybox-direct-simulator/client';
import { STATUSES } from 'paybox-direct-simulator/contracts';
import type { OrderAnswer } from '../api.js';
import type { Order } from './orders.js';

type Paid = Extract<OrderAnswer, { status: 'paid' }>;

const paid = ({ cents, refunded }: Order, recovered = false): Paid => ({ status: 'paid', cents, refunded, recovered });

/** Updates an order after an attempt to pay and returns its state. */
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

/** Updates a paid order after an attempt to refund and returns its state. */
export function afterRefunding(order: Order, cents: number, outcome: Outcome): OrderAnswer {
  order.isRefundInDoubt = outcome.kind === 'unknown' || (outcome.kind === 'unavailable' && outcome.mayHaveBeenProcessed);
  if (outcome.kind === 'unknown' || order.isRefundInDoubt) return { status: 'unknown' };
  if (outcome.kind !== 'approved') return { ...paid(order), problem: outcome.meaning?.fr ?? outcome.comment };
  order.refunded += cents;
  return paid(order, outcome.recovered);
}

/** The refunded cents of an order by the STATUS of its payment; undefined if they are unknown. Other STATUS took no money. */
const REFUNDED_BY_STATUS: Readonly<Record<string, (order: Order) => number | undefined>> = {
  // STATUS does not show a partial refund.
  [STATUSES.captured]: ({ refunded, isRefundInDoubt }) => (isRefundInDoubt ? undefined : refunded),
  [STATUSES.refunded]: ({ cents }) => cents,
};

/** Updates an order after an inquiry and returns its state. Only the STATUS tells whether an existing payment took money. */
export function afterLookingUp(order: Order, seen: InquiryOutcome): OrderAnswer {
  if (seen.kind === 'not-found') return { status: 'open' };
  if (seen.kind !== 'found') return { status: 'unknown' };
  if (seen.state === STATUSES.refused) return { status: 'open' };
  const refunded = REFUNDED_BY_STATUS[seen.state ?? '']?.(order);
  if (refunded === undefined) return { status: 'unknown' };
  Object.assign(order, { transaction: seen.transaction, refunded, isRefundInDoubt: false });
  return paid(order, true);
}
