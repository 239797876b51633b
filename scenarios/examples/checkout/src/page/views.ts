import type { OrderAnswer } from '../api.js';

/** What the page shows for an order, and what the customer can do next. */
export interface View {
  readonly headline: string;
  readonly explanation: string;
  /** The gateway's text, in French. */
  readonly message?: string | undefined;
  /** The controls that are available. */
  readonly can: { readonly pay?: boolean; readonly check?: boolean; readonly refund?: boolean; readonly startNewOrder?: boolean };
}

/** Formats an amount for display. */
export const euros = (cents: number): string => (cents / 100).toLocaleString('en-IE', { style: 'currency', currency: 'EUR' });

type Views = { readonly [S in OrderAnswer['status']]: (answer: Extract<OrderAnswer, { status: S }>) => View };

const VIEWS: Views = {
  open: () => ({ headline: 'Not paid yet', explanation: 'Nothing was charged. You can pay.', can: { pay: true } }),
  authenticate: () => ({ headline: 'Your bank asks you', explanation: 'You are taken to your bank. Nothing was charged yet.', can: {} }),
  refused: ({ by, message }) => ({
    headline: by === 'issuer' ? 'Your bank refused the payment' : 'The payment was refused',
    explanation: 'Nothing was charged. Check your input, or use another card.',
    message,
    can: { pay: true },
  }),
  paid: ({ cents, refunded, recovered, problem }) => ({
    headline: refunded === 0 ? `Paid: ${euros(cents)}` : `Paid: ${euros(cents)}, refunded: ${euros(refunded)}`,
    explanation:
      problem === undefined
        ? recovered
          ? 'The answer of the bank was lost. We checked: it was processed, exactly once.'
          : 'Thank you!'
        : 'The refund was not made.',
    message: problem,
    can: { refund: refunded < cents, startNewOrder: true },
  }),
  unknown: () => ({
    headline: 'We do not know yet',
    explanation: 'The bank has not confirmed the result yet. Nothing is sent again; please check in a moment.',
    can: { check: true },
  }),
};

/** Returns the view of an answer. */
export const viewOf = (answer: OrderAnswer): View => (VIEWS[answer.status] as (answer: OrderAnswer) => View)(answer);

/** The view while an answer is pending. */
export const BUSY: View = { headline: 'One moment…', explanation: 'Waiting for the bank.', can: {} };
