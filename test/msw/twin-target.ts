import type { setupServer } from 'msw/node';
import { Control } from '../../scenarios/control.js';
import { type Endpoint, simulatorEndpoint, type Target } from '../../scenarios/target.js';
import { controlRoutes } from '../../simulator/control/control-routes.js';
import type { Gateways } from '../../simulator/gateway/gateways.js';
import type { Simulator } from '../../simulator/index.js';
import { type MockedGateway, payboxHandlers } from '../../simulator/testing/msw/index.js';

/** What came back of a request, as far as the wire shows it. */
interface Came {
  readonly status: number;
  readonly contentType: string | null;
  readonly origin: string | null;
  readonly body: string;
}

/** A request that two gateways answered differently. */
export interface Difference {
  readonly request: string;
  readonly server: Came | string;
  readonly msw: Came | string;
}

type Fetch = typeof globalThis.fetch;

/** The control API over a gateway that has none of its own. */
function controlOf(paybox: MockedGateway): Control {
  const gateways = { get: () => paybox.gateway } as unknown as Gateways;
  const door = controlRoutes(gateways, 'any', async () => {});
  return new Control('http://localhost/_sim', async (input, init) => door.fetch(new Request(input, init)));
}

async function came(response: Promise<Response>): Promise<Came | string> {
  try {
    const { status, headers, ...rest } = await response.then(async (got) => ({
      status: got.status,
      headers: got.headers,
      body: Buffer.from(await got.arrayBuffer()).toString('latin1'),
    }));
    return { status, contentType: headers.get('content-type'), origin: headers.get('x-simulator-origin'), ...rest };
  } catch (error) {
    return (error as Error).name;
  }
}

/** Sends each request to both, keeps what differs, and answers what MSW does. */
function twinFetch(server: Endpoint, fetch: Fetch, differences: Difference[]): Fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { pathname, hostname } = new URL(request.url);
    const body = await request.clone().arrayBuffer();
    const path = hostname.startsWith('ppps1') ? '/backup/PPPS.php' : pathname;
    const twin = fetch(server.url.replace('/PPPS.php', path), { method: request.method, headers: request.headers, body });
    const response = fetch(request);
    const [ofServer, ofMsw] = await Promise.all([came(twin), came(response.then((got) => got.clone()))]);
    if (JSON.stringify(ofServer) !== JSON.stringify(ofMsw)) {
      differences.push({ request: Buffer.from(body).toString('latin1'), server: ofServer, msw: ofMsw });
    }
    return response;
  };
}

class TwinControl extends Control {
  readonly #other: Control;

  constructor(one: Endpoint['control'], other: Control, base: string, fetch: Fetch) {
    super(base, fetch);
    if (!one) throw new Error('The server has no control API.');
    this.#other = other;
  }

  override async call(method: string, path: string, body?: unknown): Promise<unknown> {
    await super.call(method, path, body);
    return this.#other.call(method, path, body);
  }
}

/** Every case on two gateways of its own: one of a listening simulator, one behind MSW. One case at a time. */
export function twinTarget(simulator: Simulator, mswServer: ReturnType<typeof setupServer>, differences: Difference[]): Target {
  const fetch: Fetch = (input, init) => globalThis.fetch(input, init);
  return {
    name: 'MSW, beside a server',
    canStage: true,
    isReachable: false,
    account: simulatorEndpoint('http://localhost', fetch).account,
    open: async (caseName) => {
      const base = `${simulator.url}/s/${caseName}`;
      const server = simulatorEndpoint(base, fetch);
      const paybox = payboxHandlers();
      mswServer.resetHandlers(...paybox.handlers);
      return {
        ...server,
        url: paybox.url,
        backupUrl: paybox.backupUrl,
        fetch: twinFetch(server, fetch, differences),
        control: new TwinControl(server.control, controlOf(paybox), `${base}/_sim`, fetch),
        close: async () => {},
      };
    },
  };
}
