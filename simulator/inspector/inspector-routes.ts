import { type Context, Hono } from 'hono';
import type { ControlPolicy, ControlRefusal } from '../control/access.js';
import { guardControl } from '../control/guard.js';
import type { Resend } from '../control/route.js';
import { GATEWAY_NAME_RULE, type Gateways, isGatewayName, MAIN } from '../gateway/gateways.js';

const PREFIXES = ['/_sim', '/s/:name/_sim'] as const;
const PATHS = ['/', '/ui', '/ui/*', '/assets/*', '/events'] as const;

function refusalMessage(refusal: ControlRefusal): string {
  switch (refusal.reason) {
    case 'cross-site':
      return 'The inspector does not accept requests from web pages of another site. If you followed a link, type the address in the browser.';
    case 'remote-address':
      return `The inspector accepts requests from this machine only, not from ${refusal.address}. Start with --control any to open it.`;
    case 'foreign-host':
      return 'The inspector accepts requests to localhost and 127.0.0.1 only. Start with --control-host NAME to open it under another name.';
    case 'unlisted-host':
      return `The inspector accepts requests to IP addresses and the names of this machine, not to ${refusal.host}. Start with --control-host ${refusal.host} to open it under this name.`;
  }
}

const refuse = (c: Context, refusal: ControlRefusal): Response => c.text(`${refusalMessage(refusal)}\n`, 403);

/**
 * Creates the routes of the inspector: its pages at `/_sim/` and the stream of exchanges at `/_sim/events`, for the main gateway, and the
 * same below `/s/<name>` for the sessions. Callers that may use the control API may open them.
 * The pages are loaded on the first request.
 */
export function inspectorRoutes(gateways: Gateways, policy: ControlPolicy, resend: Resend): Hono {
  const app = new Hono();
  for (const prefix of PREFIXES) {
    const handle = async (c: Context): Promise<Response> => {
      const name = c.req.param('name') ?? MAIN;
      if (!isGatewayName(name)) return c.text(`${GATEWAY_NAME_RULE}\n`, 404);
      const { serveInspector } = await import('./serve-inspector.js');
      return serveInspector(c, { gateways, resend }, name, prefix.replace(':name', name));
    };
    app.get(prefix, (c) => c.redirect(`${c.req.path}/`, 302));
    for (const path of PATHS) {
      app.use(prefix + path, guardControl(policy, refuse));
      app.on(['GET', 'POST'], prefix + path, handle);
    }
  }
  return app;
}
