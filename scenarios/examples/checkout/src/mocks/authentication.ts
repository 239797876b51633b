import { type Client, minorUnits, type Outcome, readAuthentication, TEST_PUBLIC_KEY } from 'paybox-direct-simulator/client';
import { type BackendCall, mapping } from 'paybox-direct-simulator/msw';
import type { OrderAnswer, PayBody } from '../api.js';
import { afterPaying } from './answers.js';
import { type Order, orderOf } from './orders.js';

/** An authentication that was started, and the payment after it. */
interface Attempt {
  readonly order: Order;
  readonly card: PayBody['card'];
  /** The result comes twice. The first one pays, and the second one waits for the same payment. */
  end?: Promise<OrderAnswer>;
}

const attempts = new Map<string, Attempt>();

/** Starts an authentication. Returns what the browser must do. */
export function beginAuthentication(client: Client, { reference, card }: PayBody): OrderAnswer {
  const order = orderOf(reference);
  const session = crypto.randomUUID();
  attempts.set(session, { order, card });
  const urls = { server: `${location.origin}/api/3ds/direct`, browser: `${location.origin}/api/3ds/back` };
  const started = client.authentication({ amount: minorUnits(order.cents, 'EUR'), card, session, urls });
  return { status: 'authenticate', url: started.url, fields: started.fields() };
}

async function pay(client: Client, { order, card }: Attempt, id3d: string): Promise<OrderAnswer> {
  const { reference, cents } = order;
  const outcome: Outcome = await client.pay({ amount: minorUnits(cents, 'EUR'), reference, card, id3d });
  return afterPaying(order, outcome);
}

const NOT_AUTHENTICATED: OrderAnswer = { status: 'refused', by: 'issuer', message: 'Le porteur n’a pas été authentifié.' };

/** A route that takes a result: the gateway's call, or what the browser brings. */
export const takeResult = (client: Client) =>
  mapping({
    send: async ({ request }: BackendCall): Promise<OrderAnswer> => {
      // As it was sent: Check signs these bytes.
      const raw = request.method === 'GET' ? new URL(request.url).search : await request.text();
      const result = await readAuthentication(raw, TEST_PUBLIC_KEY);
      const attempt = result.kind === 'invalid' ? undefined : attempts.get(result.session);
      if (!attempt) return { status: 'unknown' };
      attempt.end ??= result.mayPay ? pay(client, attempt, result.id3d) : Promise.resolve(NOT_AUTHENTICATED);
      return attempt.end;
    },
    answer: (answer) => answer,
  });
