import { type ModelKind, PaymentModel } from '../simulator/payment-model.js';
import type { Sequential } from './linearize.js';

/** What can be asked of a payment that is there. */
export interface PaymentQuestion {
  readonly kind: 'capture' | 'cancel' | 'changeAmount' | 'refund' | 'inquire';
  /** Minor units; of an inquiry, nothing. */
  readonly amount: number;
}

/** What of a reply depends on the payment. */
export interface PaymentReply {
  readonly code: string;
  /** Of an inquiry. */
  readonly STATUS?: string | undefined;
}

/** What was carried out so far. */
type Done = readonly (readonly [kind: ModelKind, amount: number])[];

function modelOf(authorized: number, done: Done): PaymentModel {
  const model = new PaymentModel();
  model.order({ kind: 'authorize', amount: authorized, differe: 0, reference: 'order', onSubscriber: false });
  for (const [kind, amount] of done) model.follow(kind, model.transactions[0], amount, undefined, false);
  return model;
}

/** A payment as the model has it, while the clock stands still. */
export function paymentObject(authorized: number): Sequential<Done, PaymentQuestion, PaymentReply> {
  return {
    initial: [],
    step: (done, { kind, amount }, told) => {
      const model = modelOf(authorized, done);
      const [first] = model.transactions;
      if (kind === 'inquire') return first && told.code === '00000' && told.STATUS === model.status(first.payment) ? done : undefined;
      if (model.follow(kind, first, amount, undefined, false) !== told.code) return undefined;
      return told.code === '00000' ? [...done, [kind, amount]] : done;
    },
    keyOf: (done) => {
      const [first] = modelOf(authorized, done).transactions;
      return first ? JSON.stringify([modelOf(authorized, done).sums(first.payment), modelOf(authorized, done).status(first.payment)]) : '';
    },
  };
}
