import { SUCCESS } from '../../contracts/index.js';
import type { Account } from './account.js';
import { type Checkout, type CheckoutAttempt, dueAt, firstAccepted } from './checkout.js';
import type { Fact } from './fact.js';
import type { LookupResult } from './lookup.js';
import { authorizationNumber, NO_CARD, refusedAuthorization } from './new-payment.js';
import type { Payment } from './payment.js';
import { planAfter } from './payment-plan.js';

/** What was due of a checkout, and was done. */
export interface TakenDue {
  readonly checkout: Checkout;
  readonly attempt: CheckoutAttempt;
  /** Whether it is a new payment. If not, the wait of a pending one ended. */
  readonly isNewPayment: boolean;
  readonly facts: readonly Fact[];
}

function settlePending(checkout: Checkout): TakenDue | undefined {
  const attempt = firstAccepted(checkout);
  const settled: Checkout = { ...checkout, state: 'paid' };
  return attempt && { checkout: settled, attempt, isNewPayment: false, facts: [{ fact: 'checkout', checkout: settled }] };
}

function takePayment(checkout: Checkout, account: Account, next: LookupResult['next']): TakenDue | undefined {
  const { plan, card = NO_CARD, REFERENCE, DEVISE } = checkout;
  const [due] = plan?.due ?? [];
  if (!plan || !due) return undefined;
  const CODEREPONSE = plan.refusedWith === '' ? SUCCESS : plan.refusedWith;
  const payment: Payment = {
    id: next.NUMTRANS,
    account: account.id,
    REFERENCE,
    REFABONNE: '',
    origin: 'system',
    card,
    expiresAt: 0,
    transactions: [
      {
        ...next,
        TYPE: '00003',
        kind: CODEREPONSE === SUCCESS ? 'payment' : 'refusal',
        MONTANT: due.MONTANT,
        DEVISE,
        at: due.at,
        AUTORISATION: CODEREPONSE === SUCCESS ? authorizationNumber(account, next) : refusedAuthorization(account),
        NUMQUESTION: '',
        RANG: account.RANG,
        DIFFERE: 0,
        CODEREPONSE,
      },
    ],
  };
  const attempt: CheckoutAttempt = { code: CODEREPONSE, payment: payment.id, at: due.at, ID3D: '' };
  const taken: Checkout = { ...checkout, attempts: [...checkout.attempts, attempt], plan: planAfter(plan, due) };
  return {
    checkout: taken,
    attempt,
    isNewPayment: true,
    facts: [
      { fact: 'payment', payment },
      { fact: 'checkout', checkout: taken },
    ],
  };
}

/**
 * Does what is due next of a checkout, if it is due: a pending payment is paid, an instalment or a renewal is taken. Pure.
 * See docs/protocol.md#section-9.
 *
 * @param next the numbers of the payment
 * @param now milliseconds since the epoch
 * @returns undefined when nothing is due
 */
export function takeDue(checkout: Checkout, account: Account, { next }: LookupResult, now: number): TakenDue | undefined {
  const at = dueAt(checkout);
  if (at === undefined || at > now) return undefined;
  return checkout.state === 'pending' && checkout.expiresAt <= now ? settlePending(checkout) : takePayment(checkout, account, next);
}
