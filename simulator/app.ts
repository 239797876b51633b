import { Hono } from 'hono';
import type { ControlPolicy } from './control/access.js';
import { controlRoutes } from './control/control-routes.js';
import type { Outage, Resend } from './control/route.js';
import { messageText } from './engine/finding-messages.js';
import type { Gateways } from './gateway/gateways.js';
import type { HostedPageHandler } from './hosted-page/handle-hosted-page.js';
import { inspectorRoutes } from './inspector/inspector-routes.js';
import type { Deliveries } from './notifications/delivery.js';
import { pageHandler } from './page-handler.js';
import type { FaultInjector } from './transport/fault-injector.js';
import { lacksSessionName } from './transport/gateway-request.js';
import { gatewayOf, gatewayRoutes } from './transport/gateway-routes.js';

/** The whole HTTP interface of the simulator: the gateway's own, the inspector and the control API. */
export function makeApp(
  gateways: Gateways,
  policy: ControlPolicy,
  faults: FaultInjector,
  outage: Outage,
  { deliveries, hostedPage }: { readonly deliveries: Deliveries; readonly hostedPage: HostedPageHandler },
): Hono {
  const app = new Hono();
  app.route('/', gatewayRoutes(gateways, faults, pageHandler(deliveries, hostedPage)));
  const resend: Resend = (gateway, checkout) => hostedPage.resend(gateway, checkout);
  app.route('/', inspectorRoutes(gateways, policy, resend));
  app.route('/', controlRoutes({ gateways, outage, publicKey: deliveries.signer.publicKey, resend }, policy));
  // Errors that are thrown on purpose (a cut connection, in process) must reach the caller of fetch.
  app.onError((error) => {
    throw error;
  });
  app.notFound(async (c) => {
    const { method, path } = c.req;
    // A browser asks for icons and the like; only what may be meant for the gateway is recorded.
    const isMeantForGateway = method === 'POST' || /ppps/i.test(path);
    const lacksName = lacksSessionName(path);
    const reason = lacksName ? messageText('reason', 'session') : undefined;
    if (isMeantForGateway && !path.includes('/_sim')) await gatewayOf(gateways, path).recordMissed(`${method} ${path}`, 404, reason);
    return c.text(
      `Not found${lacksName ? ': the name of the session is missing, as in POST /s/NAME/PPPS.php' : ''}. The gateway is at POST /PPPS.php, the inspector at /_sim/, the control API is described at /_sim/openapi.json.\n`,
      404,
    );
  });
  return app;
}
