import type { NumTrans } from '../numbers.js';
import type { Found } from '../outcome.js';
import type { InquiryPlan, Observation } from './inquiry.js';

/** A question whose reply was lost, with what is known about it. */
export interface LostQuestion {
  readonly plan: InquiryPlan;
  /** REFABONNE. */
  readonly subscriber: string | undefined;
  /** What the gateway showed before the question was sent; undefined if no inquiry was made. */
  readonly before: Observation | undefined;
  /** Whether an earlier call has already reported the transaction as approved. */
  readonly isReported: (numtrans: NumTrans) => boolean;
}

/** What an inquiry proves about a lost question. */
export type Reconciliation =
  /** The gateway processed it. */
  | { readonly kind: 'done'; readonly found: Found }
  /** The gateway shows no result of it. */
  | { readonly kind: 'not-found' }
  /** The gateway shows a transaction that may be the result of this question or of another. */
  | { readonly kind: 'unclear' }
  /** The inquiry failed. */
  | { readonly kind: 'failed' };

/** Whether a lost question can be reconciled only if an inquiry was made before it was sent. */
export const needsInquiryBefore = ({ by }: InquiryPlan, subscriber: string | undefined): boolean =>
  by === 'number' || subscriber !== undefined;

function isNewTransaction({ subscriber, before, isReported }: LostQuestion, { transaction, reply }: Found): boolean {
  if (isReported(transaction.numtrans)) return false;
  const shownSubscriber = reply.get('REFABONNE') || undefined;
  if (shownSubscriber !== undefined && shownSubscriber !== subscriber) return false;
  // Without an inquiry before, a subscriber's transaction counts only if the gateway shows the subscriber.
  if (!before) return shownSubscriber === subscriber;
  return before.kind === 'not-found' || (before.kind === 'found' && before.found.transaction.numtrans !== transaction.numtrans);
}

function isResultOf(lost: LostQuestion, found: Found): boolean {
  const { plan, before } = lost;
  if (found.state !== plan.expectedStatus) return false;
  if (plan.by === 'reference') return isNewTransaction(lost, found);
  return before?.kind === 'found' && before.found.state !== plan.expectedStatus;
}

/** Compares what the gateway shows after a lost question with what it showed before. */
export function reconcile(lost: LostQuestion, after: Observation): Reconciliation {
  if (after.kind === 'failed') return { kind: 'failed' };
  if (after.kind === 'not-found') {
    return { kind: lost.plan.by === 'reference' && lost.before?.kind !== 'found' ? 'not-found' : 'unclear' };
  }
  return isResultOf(lost, after.found) ? { kind: 'done', found: after.found } : { kind: 'unclear' };
}
