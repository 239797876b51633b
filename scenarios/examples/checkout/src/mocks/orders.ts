import type { TransactionNumbers } from 'paybox-direct-simulator/client';

/** An order in the back end's database. */
export interface Order {
  readonly reference: string;
  readonly cents: number;
  /** The payment, if one is known. */
  transaction?: TransactionNumbers;
  refunded: number;
  /** Whether the result of a refund is unknown. */
  isRefundInDoubt?: boolean;
}

const orders = new Map<string, Order>();

/**
 * Returns the order with this reference.
 *
 * @throws Error when it does not exist
 */
export function orderOf(reference = ''): Order {
  const order = orders.get(reference);
  if (!order) throw new Error(`There is no order ${reference}.`);
  return order;
}

/** Returns the order with this reference and creates it if it does not exist. An existing order keeps its amount. */
export function beginOrder(reference: string, cents: number): Order {
  const order = orders.get(reference) ?? { reference, cents, refunded: 0 };
  orders.set(reference, order);
  return order;
}

/**
 * Returns the payment of an order.
 *
 * @throws Error when the order is not paid
 */
export function paymentOf({ reference, transaction }: Order): TransactionNumbers {
  if (!transaction) throw new Error(`${reference} is not paid.`);
  return transaction;
}
