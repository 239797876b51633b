import type { TransactionNumbers } from 'paybox-direct-simulator/client';

/** What the back end keeps of an order. */
export interface Order {
  readonly reference: string;
  readonly cents: number;
  /** The payment; undefined: none that is known of. */
  transaction?: TransactionNumbers;
  refunded: number;
  /** Whether a refund was sent of which nobody knows what became. */
  isRefundInDoubt?: boolean;
}

const orders = new Map<string, Order>();

/**
 * The order of this reference.
 *
 * @throws Error where there is none
 */
export function orderOf(reference = ''): Order {
  const order = orders.get(reference);
  if (!order) throw new Error(`There is no order ${reference}.`);
  return order;
}

/** The order of this reference, made where there is none. Another try to pay does not change its amount. */
export function beginOrder(reference: string, cents: number): Order {
  const order = orders.get(reference) ?? { reference, cents, refunded: 0 };
  orders.set(reference, order);
  return order;
}

/**
 * The payment of an order.
 *
 * @throws Error where it is not paid
 */
export function paymentOf({ reference, transaction }: Order): TransactionNumbers {
  if (!transaction) throw new Error(`${reference} is not paid.`);
  return transaction;
}
