/** What the page asks of its back end, and what it is answered: all that the two have in common. */

/** Body of `POST /api/pay`. */
export interface PayBody {
  readonly reference: string;
  /** A real shop takes it from the basket that it keeps, not from the page. */
  readonly cents: number;
  /** The expiry is `MMYY`. */
  readonly card: { readonly number: string; readonly expiry: string; readonly cvv: string };
}

/** Body of `POST /api/orders/:reference/refund`. */
export interface RefundBody {
  readonly cents: number;
}

/** Where an order stands. The answer to all three calls. */
export type OrderAnswer =
  /** Nothing was charged; the customer may pay. */
  | { readonly status: 'open' }
  | {
      readonly status: 'paid';
      readonly cents: number;
      readonly refunded: number;
      /** The gateway's reply was lost, and what became of the question was asked for. */
      readonly recovered: boolean;
      /** Why a refund was not made: French, for the customer. */
      readonly problem?: string;
    }
  | { readonly status: 'refused'; readonly by: 'issuer' | 'gateway' /** French, for the customer. */; readonly message: string }
  /** It may have been charged or not: neither deliver nor charge again, but ask. */
  | { readonly status: 'unknown' };

async function call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<OrderAnswer> {
  try {
    const json = body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(path, { method, ...json });
    if (response.ok) return (await response.json()) as OrderAnswer;
  } catch (error) {
    console.warn(error);
  }
  // The shop itself gave no answer: what it did is not known here.
  return { status: 'unknown' };
}

const orderPath = (reference: string): string => `/api/orders/${encodeURIComponent(reference)}`;

/** Pays an order. */
export const pay = (body: PayBody): Promise<OrderAnswer> => call('POST', '/api/pay', body);

/** Asks where an order stands: after an answer that is lost or `unknown`. */
export const lookUp = (reference: string): Promise<OrderAnswer> => call('GET', orderPath(reference));

/** Gives a part of a paid order back, or all of it. */
export const refund = (reference: string, body: RefundBody): Promise<OrderAnswer> => call('POST', `${orderPath(reference)}/refund`, body);
