/** The calls from the page to its back end: the interface between the two. */

/** Body of `POST /api/pay`. */
export interface PayBody {
  readonly reference: string;
  /** A real shop must take the amount from its own basket, not from the page. */
  readonly cents: number;
  /** The expiry is `MMYY`. */
  readonly card: { readonly number: string; readonly expiry: string; readonly cvv: string };
}

/** Body of `POST /api/orders/:reference/refund`. */
export interface RefundBody {
  readonly cents: number;
}

/** State of an order. The answer to all calls. */
export type OrderAnswer =
  /** Nothing was charged; the customer may pay. */
  | { readonly status: 'open' }
  | {
      readonly status: 'paid';
      readonly cents: number;
      readonly refunded: number;
      /** Whether the gateway's reply was lost and the result comes from an inquiry. */
      readonly recovered: boolean;
      /** Why a refund was not made, in French, for the customer. */
      readonly problem?: string;
    }
  /** The bank asks for 3-D Secure: the browser must post these fields to the URL, and comes back after that. Nothing was charged. */
  | { readonly status: 'authenticate'; readonly url: string; readonly fields: readonly (readonly [name: string, value: string])[] }
  | { readonly status: 'refused'; readonly by: 'issuer' | 'gateway' /** In French, for the customer. */; readonly message: string }
  /** The order may have been charged. Do not deliver, do not charge again, but inquire. */
  | { readonly status: 'unknown' };

async function call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<OrderAnswer> {
  try {
    const json = body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(path, { method, ...json });
    if (response.ok) return (await response.json()) as OrderAnswer;
  } catch (error) {
    console.warn(error);
  }
  // Without an answer of the back end, its result is unknown.
  return { status: 'unknown' };
}

const orderPath = (reference: string): string => `/api/orders/${encodeURIComponent(reference)}`;

/** Pays an order. */
export const pay = (body: PayBody): Promise<OrderAnswer> => call('POST', '/api/pay', body);

/** Inquires about an order, after a lost answer or `unknown`. */
export const lookUp = (reference: string): Promise<OrderAnswer> => call('GET', orderPath(reference));

/** Refunds a paid order, in part or in full. */
export const refund = (reference: string, body: RefundBody): Promise<OrderAnswer> => call('POST', `${orderPath(reference)}/refund`, body);
