import { type Context, Hono } from 'hono';
import type { Gateways } from '../gateway/gateways.js';
import type { FaultInjector } from './fault-injector.js';
import { handleRequest } from './handle-request.js';
import { socketChannel } from './node/socket-channel.js';
import { fetchChannel, type ReplyChannel } from './reply-channel.js';

function channelOf(c: Context): ReplyChannel {
  // @hono/node-server passes the response of the socket that the request came over.
  const outgoing = (c.env as { outgoing?: Parameters<typeof socketChannel>[0] } | undefined)?.outgoing;
  const { signal } = c.req.raw;
  return outgoing ? socketChannel(outgoing, signal) : fetchChannel(signal);
}

/** The gateway's own interface: `POST /PPPS.php` and `GET /load.html`, for the main gateway and under `/s/<name>`. */
export function gatewayRoutes(gateways: Gateways, faults: FaultInjector): Hono {
  const app = new Hono();
  app.use('*', async (c, next) => {
    const handling = { gatewayNamed: (name: string) => gateways.get(name), faults, channel: channelOf(c) };
    const response = await handleRequest(c.req.raw, handling);
    return response ?? next();
  });
  return app;
}
