import type { Payment, Transaction, TransactionKind } from '../engine/payment.js';
import type { Path } from '../store/shape.js';
import { damagedSnapshot } from './snapshot-error.js';

/** The amounts of a payment after some of its transactions. Minor units. */
interface Totals {
  authorized: number;
  captured: number;
  refunded: number;
  /** Whether no transaction may follow. */
  isClosed: boolean;
}

/** The totals after a first transaction. Other kinds follow only. */
const FIRST: Partial<Record<TransactionKind, (amount: number) => Totals>> = {
  authorization: (amount) => ({ authorized: amount, captured: 0, refunded: 0, isClosed: false }),
  payment: (amount) => ({ authorized: amount, captured: amount, refunded: 0, isClosed: false }),
  forced: (amount) => ({ authorized: amount, captured: amount, refunded: 0, isClosed: false }),
  credit: () => ({ authorized: 0, captured: 0, refunded: 0, isClosed: true }),
  refusal: () => ({ authorized: 0, captured: 0, refunded: 0, isClosed: true }),
};

/** Adds a later transaction. Returns whether it is possible: an operation with it is accepted in some variant. */
const LATER: Partial<Record<TransactionKind, (totals: Totals, amount: number) => boolean>> = {
  capture: (totals, amount) => {
    totals.captured += amount;
    return totals.captured <= totals.authorized && totals.refunded === 0;
  },
  'amount-change': (totals, amount) => {
    const isLower = amount <= totals.authorized && totals.captured === 0;
    totals.authorized = amount;
    return isLower;
  },
  cancel: (totals, amount) => {
    totals.isClosed = true;
    return totals.refunded === 0 && amount === (totals.captured || totals.authorized);
  },
  refund: (totals, amount) => {
    totals.refunded += amount;
    return totals.refunded <= totals.captured;
  },
};

/**
 * Checks the kinds and the sums of a payment's transactions: no more is captured than was authorized, no more refunded than captured.
 *
 * @throws SnapshotError at the first transaction that the gateway would have refused
 */
export function checkChain({ transactions }: Payment, path: Path): void {
  const [{ kind, MONTANT }, ...later] = transactions;
  const totals = Object.hasOwn(FIRST, kind) ? FIRST[kind]?.(MONTANT) : undefined;
  if (!totals) throw damagedSnapshot([...path, 0, 'kind'], `no payment begins with a transaction of the kind ${kind}`);
  for (const [index, transaction] of later.entries()) checkLater(totals, transaction, [...path, index + 1]);
}

function checkLater(totals: Totals, transaction: Transaction, path: Path): void {
  const add = Object.hasOwn(LATER, transaction.kind) ? LATER[transaction.kind] : undefined;
  if (!add || totals.isClosed) throw damagedSnapshot([...path, 'kind'], `a transaction of the kind ${transaction.kind} cannot follow here`);
  if (!add(totals, transaction.MONTANT))
    throw damagedSnapshot([...path, 'MONTANT'], `${transaction.MONTANT} is not possible after the transactions before`);
}
