import type { Context, MiddlewareHandler } from 'hono';
import { type ControlAccess, controlRefusal } from './guard.js';

/** Address of the peer, where the request came over a socket of @hono/node-server. */
const addressOf = (c: Context): string | undefined =>
  (c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined)?.incoming?.socket?.remoteAddress;

/** Lets through who may use the control API; whoever may not is answered with the reason, which `refuse` makes a response of. */
export function guarded(access: ControlAccess, refuse: (c: Context, reason: string) => Response): MiddlewareHandler {
  return async (c, next) => {
    const header = (name: string): string | undefined => c.req.header(name);
    const caller = { address: addressOf(c), host: header('host'), origin: header('origin'), site: header('sec-fetch-site') };
    const refusal = controlRefusal(caller, access);
    return refusal === undefined ? next() : refuse(c, refusal);
  };
}
