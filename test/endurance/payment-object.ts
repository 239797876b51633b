import { type ModelKind, PaymentModel } from '../simulator/payment-model.js';
import type { SequentialSpec } from './linearize.js';

/** A question about an existing payment. */
export interface PaymentQuestion {
  readonly kind: 'capture' | 'cancel' | 'changeAmount' | 'refund' | 'inquire';
  /** Minor units; unused by an inquiry. */
  readonly amount: number;
}

/** The part of a reply that depends on the payment. */
export interface PaymentReply {
  readonly code: string;
  /** Only in the reply to an inquiry. */
  readonly STATUS?: string | undefined;
}

/** The operations that succeeded so far. */
type PaymentSteps = readonly (readonly [kind: ModelKind, amount: number])[];

function modelOf(authorized: number, done: PaymentSteps): PaymentModel {
  const model = new PaymentModel();
  model.order({ kind: 'authorize', amount: authorized, differe: 0, reference: 'order', onSubscriber: false, porteur: 'token' });
  for (const [kind, amount] of done) model.follow(kind, model.transactions[0], amount, undefined, false);
  return model;
}

/** The sequential specification of a payment, as the model defines it with a frozen clock. */
export function paymentObject(authorized: number): SequentialSpec<PaymentSteps, PaymentQuestion, PaymentReply> {
  return {
    initial: [],
    step: (done, { kind, amount }, reply) => {
      const model = modelOf(authorized, done);
      const [first] = model.transactions;
      if (kind === 'inquire') return first && reply.code === '00000' && reply.STATUS === model.status(first) ? done : undefined;
      if (model.follow(kind, first, amount, undefined, false) !== reply.code) return undefined;
      return reply.code === '00000' ? [...done, [kind, amount]] : done;
    },
    keyOf: (done) => {
      const [first] = modelOf(authorized, done).transactions;
      return first ? JSON.stringify([modelOf(authorized, done).sums(first.payment), modelOf(authorized, done).status(first)]) : '';
    },
  };
}
