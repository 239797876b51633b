import { type Context, Hono } from 'hono';
import { GATEWAY_PATH, REPLY_CONTENT_TYPE } from '../../contracts/index.js';
import { type Gateways, isGatewayName, MAIN } from '../gateways.js';
import type { FaultDoor, Way } from './fault-door.js';
import { readBody } from './read-body.js';

/** Header that says where the payment of an inquiry was born: the wire itself has no variable for it. */
const ORIGIN_HEADER = 'X-Simulator-Origin';

/** Where the backup host is played: the same gateway, told apart by rules. */
const BACKUP_PATH = `/backup${GATEWAY_PATH}`;

/** The availability page. Protocol sheet, section 1. */
const LOAD_PAGE =
  '<!DOCTYPE html>\n<html><head><title>Paybox</title></head><body><div id="server_status" style="text-align:center;">OK</div></body></html>\n';

const USE_POST = `The gateway takes a form POST here: curl -d 'VERSION=00103&TYPE=…' <url>${GATEWAY_PATH}\n`;

// Where the request came over a socket, @hono/node-server gives its response.
const wayOf = (c: Context, headers: Readonly<Record<string, string>>): Way => ({
  outgoing: (c.env as { outgoing?: Way['outgoing'] } | undefined)?.outgoing,
  signal: c.req.raw.signal,
  headers,
});

/** The gateway's own interface: `POST /PPPS.php` and `GET /load.html`, for the main gateway and under `/s/<name>`. */
export function gatewayDoor(gateways: Gateways, faults: FaultDoor): Hono {
  const app = new Hono();

  const answer = async (c: Context): Promise<Response> => {
    const name = c.req.param('name') ?? MAIN;
    if (!isGatewayName(name)) return c.text("A gateway's name is 1 to 64 letters, digits, dots, hyphens or underscores.\n", 404);
    const given = await gateways
      .get(name)
      .answer({ ...(await readBody(c.req.raw)), host: c.req.path.endsWith(BACKUP_PATH) ? 'backup' : 'main' });
    const { body, entry, fault } = given;
    const headers: Record<string, string> = { 'Content-Type': REPLY_CONTENT_TYPE };
    if (entry.operation === 'inquire' && entry.origin === 'system') headers[ORIGIN_HEADER] = 'paybox-system';
    if (fault) return faults.send(given, fault, name, wayOf(c, headers));
    return new Response(body, { headers });
  };

  for (const path of [GATEWAY_PATH, '/', BACKUP_PATH, '/s/:name/PPPS.php', '/s/:name', '/s/:name/', `/s/:name${BACKUP_PATH}`]) {
    app.post(path, answer);
    app.all(path, (c) => c.text(USE_POST, 405, { Allow: 'POST' }));
  }
  for (const path of ['/load.html', '/s/:name/load.html']) app.get(path, (c) => c.html(LOAD_PAGE));
  return app;
}
