import type { Checkout } from '../../engine/checkout.js';
import { ControlError } from '../errors.js';
import { callBody, checkoutBody } from '../response-bodies.js';
import type { ControlRequest, ControlRoute } from '../route.js';
import { accountOf, LIMIT, limitOf } from './query-parameters.js';

async function checkoutOf({ gateway, param }: Pick<ControlRequest, 'gateway' | 'param'>): Promise<Checkout> {
  const checkout = /^\d{1,10}$/.test(param('id')) ? await gateway.checkout(param('id')) : undefined;
  if (!checkout) throw new ControlError(404, `Checkout not found: none has the id ${param('id')}. GET /_sim/checkouts lists them.`);
  return checkout;
}

/** The routes for the checkouts of the hosted page. */
export const checkoutRoutes: readonly ControlRoute[] = [
  {
    method: 'get',
    path: '/checkouts',
    summary: 'Lists the checkouts of the hosted page, newest first.',
    query: {
      REFERENCE: 'Only checkouts with this reference: PBX_CMD without the subscription.',
      account: 'Only checkouts of this account, SITE/RANG.',
      before: 'Only checkouts with a lower id. For the next page, the id of the last one.',
      ...LIMIT,
    },
    response: 'The checkouts.',
    run: async (request) => {
      const { gateway, query } = request;
      const checkouts = await gateway.checkouts({
        REFERENCE: query('REFERENCE'),
        account: accountOf(request),
        before: query('before'),
        limit: limitOf(request),
      });
      return { checkouts: checkouts.map(checkoutBody) };
    },
  },
  {
    method: 'get',
    path: '/checkouts/{id}',
    summary: 'Returns the checkout with this id: its attempts, and the payments that follow.',
    response: 'The checkout.',
    run: async (request) => checkoutBody(await checkoutOf(request)),
  },
  {
    method: 'post',
    path: '/checkouts/{id}/notify',
    summary: "Sends the last call of a checkout to the shop's server again, at once and without the faults of rules.",
    response: 'What the shop answered.',
    run: async (request) => {
      const checkout = await checkoutOf(request);
      const result = await request.resend(request.gateway, checkout);
      if (!result) throw new ControlError(400, 'There is no call to send: nobody tried to pay yet, or the shop gave no PBX_REPONDRE_A.');
      return callBody(result);
    },
  },
];
