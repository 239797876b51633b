import fc from 'fast-check';
import type { ModelCard, ModelKind, ModelOrder, ModelTransaction, PaymentModel } from './payment-model.js';

/** How a history chooses an amount: the one that fits the operation or another sum of the payment, plus or minus one, or any amount. */
export interface Amount {
  readonly of: 'fitting' | 'authorized' | 'captured' | 'any';
  readonly off: -1 | 0 | 1;
  readonly any: number;
}

/** The numbers that an operation sends: those of a transaction, with NUMAPPEL of another transaction, or unknown numbers. */
export interface Naming {
  /** Index from the newest. */
  readonly transaction: number;
  readonly by: 'own' | 'mixed' | 'unknown';
}

/** A step of a history. */
export type HistoryStep =
  | { readonly step: 'order'; readonly order: ModelOrder }
  | {
      readonly step: 'follow';
      readonly kind: 'capture' | 'cancel' | 'changeAmount' | 'refund';
      readonly naming: Naming;
      readonly amount: Amount;
      readonly differe: number | undefined;
      readonly asSubscriber: boolean;
    }
  | { readonly step: 'subscribe'; readonly does: 'register' | 'modify' | 'unsubscribe'; readonly amount: number; readonly card: ModelCard }
  | { readonly step: 'replay' }
  | { readonly step: 'foreign'; readonly kind: 'capture' | 'cancel' | 'refund' | 'inquire'; readonly naming: Naming }
  | { readonly step: 'inquire'; readonly naming: Naming }
  | { readonly step: 'exists'; readonly reference: string; readonly amount: number }
  | { readonly step: 'wait'; readonly minutes: number }
  | { readonly step: 'remit' };

const DAY = 24 * 60;
const AMOUNTS = [0, 1, 2, 100, 100, 999, 1000, 1000] as const;
const REFERENCES = ['order-a', 'order-b'] as const;

const reference = fc.constantFrom(...REFERENCES);
const orderAmount = fc.constantFrom(...AMOUNTS);
const trueOnceIn = (times: number) => fc.nat(times - 1).map((n) => n === 0);

const order: fc.Arbitrary<HistoryStep> = fc.record({
  step: fc.constant('order'),
  order: fc.record({
    kind: fc.constantFrom('authorize', 'authorize', 'authorize', 'authorize', 'pay', 'pay', 'force', 'credit', 'refused'),
    amount: orderAmount,
    differe: fc.constantFrom(0, 0, 0, 1, 3),
    reference,
    onSubscriber: trueOnceIn(3),
    porteur: fc.constantFrom('token', 'token', 'token', 'padded token', 'card number', 'token of another card'),
  }),
});

const naming: fc.Arbitrary<Naming> = fc.record({
  transaction: fc.oneof({ arbitrary: fc.nat(2), weight: 4 }, fc.nat(30)),
  by: fc.oneof(
    { arbitrary: fc.constant('own' as const), weight: 10 },
    fc.constantFrom('mixed' as const, 'mixed' as const, 'unknown' as const),
  ),
});

const follow: fc.Arbitrary<HistoryStep> = fc.record({
  step: fc.constant('follow'),
  kind: fc.constantFrom('capture', 'capture', 'cancel', 'changeAmount', 'refund', 'refund'),
  naming,
  amount: fc.record({
    of: fc.constantFrom('fitting', 'fitting', 'fitting', 'fitting', 'authorized', 'captured', 'any'),
    off: fc.constantFrom(-1, 0, 0, 0, 0, 1),
    any: fc.oneof(orderAmount, fc.integer({ min: 1, max: 1200 })),
  }),
  differe: fc.constantFrom(undefined, undefined, undefined, 0, 2),
  asSubscriber: trueOnceIn(6),
});

const subscribe: fc.Arbitrary<HistoryStep> = fc.record({
  step: fc.constant('subscribe'),
  does: fc.constantFrom('register', 'register', 'modify', 'unsubscribe'),
  amount: orderAmount,
  card: fc.constantFrom('published', 'other'),
});

const foreign: fc.Arbitrary<HistoryStep> = fc.record({
  step: fc.constant('foreign'),
  kind: fc.constantFrom('capture', 'cancel', 'refund', 'inquire'),
  naming,
});

const wait: fc.Arbitrary<HistoryStep> = fc.record({
  step: fc.constant('wait'),
  minutes: fc.oneof({ arbitrary: fc.nat(DAY), weight: 3 }, fc.constantFrom(DAY, 15.5 * 60, 7 * DAY, 7 * DAY - 1, 3 * DAY)),
});

/** Histories of one account: valid and invalid operations and moves of the clock. They end before the change to winter time. */
export const histories: fc.Arbitrary<HistoryStep[]> = fc.array(
  fc.oneof(
    { arbitrary: order, weight: 5 },
    { arbitrary: follow, weight: 12 },
    { arbitrary: fc.record({ step: fc.constant('inquire'), naming }), weight: 2 },
    { arbitrary: fc.record({ step: fc.constant('exists'), reference, amount: orderAmount }), weight: 2 },
    { arbitrary: wait, weight: 2 },
    { arbitrary: subscribe, weight: 2 },
    { arbitrary: fc.constant({ step: 'replay' } as const), weight: 1 },
    { arbitrary: foreign, weight: 1 },
    { arbitrary: fc.constant({ step: 'remit' } as const), weight: 1 },
  ),
  { minLength: 8, maxLength: 18, size: 'max' },
);

/** The amount in minor units, given the state of the named payment in the model. */
export function amountOf({ of, off, any }: Amount, kind: ModelKind, model: PaymentModel, named: ModelTransaction | undefined): number {
  if (!named || of === 'any') return any;
  const { authorized, captured, refundable } = model.sums(named.payment);
  const fitting = kind === 'refund' ? refundable : kind === 'cancel' ? captured || authorized : authorized;
  return Math.max(0, { fitting, authorized, captured }[of] + off);
}
