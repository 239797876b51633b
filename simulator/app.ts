import { Hono } from 'hono';
import { controlDoor } from './control/control-routes.js';
import type { ControlAccess } from './control/guard.js';
import type { Outage } from './control/route.js';
import type { Gateways } from './gateway/gateways.js';
import { inspectorDoor } from './inspector/inspector-routes.js';
import type { FaultDoor } from './transport/fault-injector.js';
import { gatewayDoor } from './transport/gateway-routes.js';

/** The simulator's whole HTTP interface: the gateway's own, the inspector and the control API. Web standards only. */
export function makeApp(gateways: Gateways, access: ControlAccess, faults: FaultDoor, outage: Outage): Hono {
  const app = new Hono();
  app.route('/', gatewayDoor(gateways, faults));
  app.route('/', inspectorDoor(gateways, access));
  app.route('/', controlDoor(gateways, access, outage));
  // What is thrown on purpose (a connection cut, in process) reaches whoever called fetch.
  app.onError((error) => {
    throw error;
  });
  app.notFound((c) =>
    c.text(
      'Nothing here. The gateway is at POST /PPPS.php, the inspector at /_sim/, the control API is described at /_sim/openapi.json.\n',
      404,
    ),
  );
  return app;
}
