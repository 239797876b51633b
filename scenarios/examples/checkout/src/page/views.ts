import type { OrderAnswer } from '../api.js';

/** What the page shows of an order, and what the customer can do next. */
export interface View {
  readonly headline: string;
  readonly explanation: string;
  /** In French, as the bank's world says it. */
  readonly message?: string | undefined;
  /** The controls that are there; all others are not. */
  readonly can: { readonly pay?: boolean; readonly ask?: boolean; readonly refund?: boolean; readonly startAnew?: boolean };
}

/** An amount for people to read. */
export const euros = (cents: number): string => (cents / 100).toLocaleString('en-IE', { style: 'currency', currency: 'EUR' });

type Views = { readonly [S in OrderAnswer['status']]: (answer: Extract<OrderAnswer, { status: S }>) => View };

const VIEWS: Views = {
  open: () => ({ headline: 'Not paid yet', explanation: 'Nothing was charged. You can pay.', can: { pay: true } }),
  refused: ({ by, message }) => ({
    headline: by === 'issuer' ? 'Your bank refused the payment' : 'The payment was refused',
    explanation: 'Nothing was charged. Check what you typed, or take another card.',
    message,
    can: { pay: true },
  }),
  paid: ({ cents, refunded, recovered, problem }) => ({
    headline: refunded === 0 ? `Paid: ${euros(cents)}` : `Paid: ${euros(cents)}, refunded: ${euros(refunded)}`,
    explanation:
      problem === undefined
        ? recovered
          ? 'The answer of the bank was lost on its way. We asked: it is done, and once only.'
          : 'Thank you!'
        : 'The refund was not made.',
    message: problem,
    can: { refund: refunded < cents, startAnew: true },
  }),
  unknown: () => ({
    headline: 'We do not know yet',
    explanation: 'The bank has not told us what became of it. Nothing is sent again: please ask in a moment.',
    can: { ask: true },
  }),
};

/** How an answer is shown. */
export const viewOf = (answer: OrderAnswer): View => (VIEWS[answer.status] as (answer: OrderAnswer) => View)(answer);

/** Until the answer is there. */
export const BUSY: View = { headline: 'One moment…', explanation: 'We are asking the bank.', can: {} };
