import type { Context, MiddlewareHandler } from 'hono';
import { type ControlPolicy, type ControlRefusal, controlRefusal } from './access.js';

/** Address of the peer if the request came over a socket of @hono/node-server. */
const addressOf = (c: Context): string | undefined =>
  (c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined)?.incoming?.socket?.remoteAddress;

/** Middleware that passes on the requests that may use the control API and answers the others with the response of `refuse`. */
export function guardControl(policy: ControlPolicy, refuse: (c: Context, refusal: ControlRefusal) => Response): MiddlewareHandler {
  return async (c, next) => {
    const header = (name: string): string | undefined => c.req.header(name);
    const caller = {
      address: addressOf(c),
      host: header('host'),
      origin: header('origin'),
      site: header('sec-fetch-site'),
      agent: header('user-agent'),
    };
    const refusal = controlRefusal(caller, policy);
    return refusal === undefined ? next() : refuse(c, refusal);
  };
}
