import type { HttpHandler } from 'msw';
import { type Client, type InquiryOutcome, minorUnits } from 'paybox-direct-simulator/client';
import { type BackendCall, backendHandlers, mapping } from 'paybox-direct-simulator/msw';
import type { PayBody, RefundBody } from '../api.js';
import { afterLookingUp, afterPaying, afterRefunding } from './answers.js';
import { beginAuthentication, takeResult } from './authentication.js';
import { beginOrder, orderOf, paymentOf } from './orders.js';

const euros = (cents: number) => minorUnits(cents, 'EUR');

const pay = (client: Client) =>
  mapping({
    send: ({ body }: BackendCall<PayBody>) => {
      const { reference, cents, transaction } = beginOrder(body.reference, body.cents);
      // If a payment may have been made before, the client inquires before it sends it again.
      if (transaction) throw new Error(`${reference} is already paid.`);
      return client.pay({ amount: euros(cents), reference, card: body.card });
    },
    answer: (outcome, { body }) =>
      outcome.kind === 'refused' && outcome.needsAuthentication
        ? beginAuthentication(client, body)
        : afterPaying(orderOf(body.reference), outcome),
  });

const lookUp = (client: Client) =>
  mapping({
    send: async ({ params }: BackendCall): Promise<InquiryOutcome> => {
      const { reference, cents } = orderOf(params.reference);
      const named = await client.exists({ amount: euros(cents), reference });
      return named.kind === 'found' ? client.inquire({ transaction: named.transaction }) : named;
    },
    answer: (seen, { params }) => afterLookingUp(orderOf(params.reference), seen),
  });

const refund = (client: Client) =>
  mapping({
    send: ({ body, params }: BackendCall<RefundBody>) =>
      client.refund({ amount: euros(body.cents), transaction: paymentOf(orderOf(params.reference)) }),
    answer: (outcome, { body, params }) => afterRefunding(orderOf(params.reference), body.cents, outcome),
  });

/** Returns handlers that mock the shop's back end with a client of the gateway. */
export const backend = (client: Client): HttpHandler[] =>
  backendHandlers({
    'POST /api/pay': pay(client),
    'GET /api/3ds/direct': takeResult(client),
    'POST /api/3ds/back': takeResult(client),
    'GET /api/orders/:reference': lookUp(client),
    'POST /api/orders/:reference/refund': refund(client),
  });
