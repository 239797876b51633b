import { type Context, Hono } from 'hono';
import type { Gateway } from '../gateway/gateway.js';
import { type Gateways, isGatewayName, MAIN } from '../gateway/gateways.js';
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

/** The gateway of the session that a path names, else the main one. */
export function gatewayOf(gateways: Gateways, path: string): Gateway {
  const name = /^\/s\/([^/]+)/.exec(path)?.[1] ?? MAIN;
  return gateways.get(isGatewayName(name) ? name : MAIN);
}

/** The gateway's own interface: `POST` and `GET /PPPS.php`, `GET /load.html`, for the main gateway and under `/s/<name>`. */
export function gatewayRoutes(gateways: Gateways, faults: FaultInjector): Hono {
  const app = new Hono();
  app.use('*', async (c, next) => {
    const handling = { gatewayNamed: (name: string) => gateways.get(name), faults, channel: channelOf(c) };
    const response = await handleRequest(c.req.raw, handling);
    if (response?.status === 405 && c.req.method !== 'GET' && c.req.method !== 'HEAD')
      await gatewayOf(gateways, c.req.path).recordMissed(`${c.req.method} ${c.req.path}`, 405);
    return response ?? next();
  });
  return app;
}
