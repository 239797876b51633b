import { tenDigits } from '../../../contracts/index.js';
import type { PaymentInput } from '../../gateway/import-payment.js';
import type { SubscriberInput } from '../../gateway/import-subscriber.js';
import { mapInSlices } from '../../store/time-slice.js';
import { ControlError } from '../errors.js';
import { paymentBody, subscriberBody } from '../response-bodies.js';
import type { ControlRoute } from '../route.js';
import { accountOf, LIMIT, limitOf } from './query-parameters.js';

/** The routes for payments and for the subscribers of Direct Plus. */
export const paymentRoutes: readonly ControlRoute[] = [
  {
    method: 'get',
    path: '/payments',
    summary: 'Lists payments with their transactions, highest NUMTRANS first.',
    query: {
      REFERENCE: 'Only payments with this REFERENCE.',
      account: 'Only payments of this account, SITE/RANG.',
      before: 'Only payments with a lower NUMTRANS. For the next page, the id of the last payment.',
      ...LIMIT,
    },
    response: 'The payments.',
    run: async (request) => {
      const { gateway, query } = request;
      const before = query('before');
      if (before !== undefined && !/^\d{1,10}$/.test(before))
        throw new ControlError(400, `before: ${before} is not a NUMTRANS (1 to 10 digits).`);
      const payments = await gateway.payments({
        REFERENCE: query('REFERENCE'),
        account: accountOf(request),
        before: before === undefined ? undefined : tenDigits(before),
        limit: limitOf(request),
      });
      const now = gateway.clock.now();
      return { payments: await mapInSlices(payments, (payment) => paymentBody(payment, now)) };
    },
  },
  {
    method: 'post',
    path: '/payments',
    summary: 'Imports a payment made on the hosted page of Paybox System, in any state. It can then be captured, cancelled and refunded.',
    body: 'payment',
    response: 'The payment.',
    run: async ({ gateway, body }) => paymentBody(await gateway.importPayment(body as PaymentInput), gateway.clock.now()),
  },
  {
    method: 'get',
    path: '/payments/{NUMTRANS}',
    summary: 'Returns the payment that has a transaction with this number.',
    response: 'The payment.',
    run: async ({ gateway, param }) => {
      const payment = await gateway.payment(tenDigits(param('NUMTRANS')));
      if (!payment)
        throw new ControlError(
          404,
          `Payment not found: no transaction has NUMTRANS ${param('NUMTRANS')}. GET /_sim/payments lists the payments.`,
        );
      return paymentBody(payment, gateway.clock.now());
    },
  },
  {
    method: 'get',
    path: '/subscribers',
    summary: 'Lists the subscribers of Direct Plus.',
    response: 'The subscribers.',
    run: async ({ gateway }) => ({ subscribers: await mapInSlices(await gateway.subscribers(), subscriberBody) }),
  },
  {
    method: 'post',
    path: '/subscribers',
    summary: 'Imports a subscriber of Direct Plus that was registered elsewhere, with the token that it has there.',
    body: 'subscriber',
    response: 'The subscriber.',
    run: async ({ gateway, body }) => subscriberBody(await gateway.importSubscriber(body as SubscriberInput)),
  },
];
