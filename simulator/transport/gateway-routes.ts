import { type Context, Hono } from 'hono';
import type { Gateway } from '../gateway/gateway.js';
import { type Gateways, MAIN } from '../gateway/gateways.js';
import type { FaultInjector } from './fault-injector.js';
import { handleRequest, type PageHandler } from './handle-request.js';
import { socketChannel } from './node/socket-channel.js';
import { fetchChannel, type ReplyChannel } from './reply-channel.js';

function channelOf(c: Context): ReplyChannel {
  // @hono/node-server passes the response of the socket that the request came over.
  const outgoing = (c.env as { outgoing?: Parameters<typeof socketChannel>[0] } | undefined)?.outgoing;
  const { signal } = c.req.raw;
  return outgoing ? socketChannel(outgoing, signal) : fetchChannel(signal);
}

/** The gateway that records a request to a path that is not one: the session that it names if there is one, else the main gateway. */
export function gatewayOf(gateways: Gateways, path: string): Gateway {
  return gateways.knownOrMain(/^\/s\/([^/]+)/.exec(path)?.[1] ?? MAIN);
}

/** The inspector of a gateway, for a browser that opens the URL of the gateway itself: `/` or `/s/<name>`. */
function inspectorFor({ method, headers }: Request, path: string): string | undefined {
  const session = /^(\/s\/[^/]+)?\/?$/.exec(path);
  const isBrowser = method === 'GET' && (headers.get('accept') ?? '').includes('text/html');
  return session && isBrowser ? `${session[1] ?? ''}/_sim/` : undefined;
}

/** The gateway's own interface: `POST` and `GET /PPPS.php`, `GET /load.html`, for the main gateway and under `/s/<name>`. */
export function gatewayRoutes(gateways: Gateways, faults: FaultInjector, answerPage: PageHandler): Hono {
  const app = new Hono();
  app.use('*', async (c, next) => {
    const handling = { gatewayNamed: (name: string) => gateways.get(name), faults, answerPage, channel: channelOf(c) };
    const response = await handleRequest(c.req.raw, handling);
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
    if (response && response.status >= 400 && response.status < 500 && !isRead)
      await gatewayOf(gateways, c.req.path).recordMissed(`${c.req.method} ${c.req.path}`, response.status);
    const inspector = response?.status === 405 && inspectorFor(c.req.raw, c.req.path);
    if (inspector) return c.redirect(inspector);
    return response ?? next();
  });
  return app;
}
