import { type Context, Hono } from 'hono';
import { type Gateways, isGatewayName, MAIN } from '../gateway/gateways.js';
import { answerRequest, hostOf, LOAD_PAGE, QUESTION_PATHS, USE_POST } from './answer-request.js';
import type { FaultInjector } from './fault-injector.js';
import { socketChannel } from './node/socket-channel.js';
import { fetchChannel, type ReplyChannel } from './reply-channel.js';

function channelOf(c: Context): ReplyChannel {
  // Where the request came over a socket, @hono/node-server gives its response.
  const outgoing = (c.env as { outgoing?: Parameters<typeof socketChannel>[0] } | undefined)?.outgoing;
  const { signal } = c.req.raw;
  return outgoing ? socketChannel(outgoing, signal) : fetchChannel(signal);
}

/** The gateway's own interface: `POST /PPPS.php` and `GET /load.html`, for the main gateway and under `/s/<name>`. */
export function gatewayRoutes(gateways: Gateways, faults: FaultInjector): Hono {
  const app = new Hono();

  const answer = (c: Context): Response | Promise<Response> => {
    const name = c.req.param('name') ?? MAIN;
    if (!isGatewayName(name)) return c.text("A gateway's name is 1 to 64 letters, digits, dots, hyphens or underscores.\n", 404);
    return answerRequest(gateways.get(name), c.req.raw, hostOf(c.req.url), faults, channelOf(c));
  };

  for (const path of [...QUESTION_PATHS.flatMap((one) => [one, `/s/:name${one}`]), '/s/:name']) {
    app.post(path, answer);
    app.all(path, (c) => c.text(USE_POST, 405, { Allow: 'POST' }));
  }
  for (const path of ['/load.html', '/s/:name/load.html']) app.get(path, (c) => c.html(LOAD_PAGE));
  return app;
}
