import { type Context, Hono } from 'hono';
import type { ControlAccess } from '../control/guard.js';
import { guarded } from '../control/guarded.js';
import { type Gateways, isGatewayName, MAIN } from '../gateway/gateways.js';

const PREFIXES = ['/_sim', '/s/:name/_sim'] as const;
const PATHS = ['/', '/ui', '/ui/*', '/assets/*', '/events'] as const;

const refuse = (c: Context, reason: string): Response =>
  c.text(`${reason.replace('The control API', 'The inspector')}\nFrom a link, open it by typing its address.\n`, 403);

/**
 * The page that shows a person what happened, at `/_sim/`, for the main gateway and under `/s/<name>`; and the stream of exchanges at
 * `/_sim/events`. Whoever may use the control API may look. Loaded when it is first asked for.
 */
export function inspectorRoutes(gateways: Gateways, access: ControlAccess): Hono {
  const app = new Hono();
  for (const prefix of PREFIXES) {
    const open = async (c: Context): Promise<Response> => {
      const name = c.req.param('name') ?? MAIN;
      if (!isGatewayName(name)) return c.text("A gateway's name is 1 to 64 letters, digits, dots, hyphens or underscores.\n", 404);
      const { inspect } = await import('./inspect.js');
      return inspect(c, gateways, name, prefix.replace(':name', name));
    };
    app.get(prefix, (c) => c.redirect(`${c.req.path}/`, 302));
    for (const path of PATHS) {
      app.use(prefix + path, guarded(access, refuse));
      app.on(['GET', 'POST'], prefix + path, open);
    }
  }
  return app;
}
