import type { setupServer } from 'msw/node';
import { ControlClient } from '../../scenarios/control.js';
import { type Endpoint, simulatorEndpoint, type Target } from '../../scenarios/target.js';
import { controlRoutes } from '../../simulator/control/control-routes.js';
import type { Gateways } from '../../simulator/gateway/gateways.js';
import type { Simulator } from '../../simulator/index.js';
import { type MockedGateway, payboxHandlers } from '../../simulator/testing/msw/index.js';
import { inProcessFetch } from '../scenarios/run-contract.js';

/** The parts of a response that are compared. */
interface ComparedResponse {
  readonly status: number;
  readonly contentType: string | null;
  readonly origin: string | null;
  readonly body: string;
}

/** A request that the server and the MSW handlers answered differently: their responses, or the names of their errors. */
export interface Difference {
  readonly request: string;
  readonly server: ComparedResponse | string;
  readonly msw: ComparedResponse | string;
}

type Fetch = typeof globalThis.fetch;

/** Returns a control API for a gateway behind MSW handlers, which do not serve one. */
function controlOf(paybox: MockedGateway): ControlClient {
  const gateways = { get: () => paybox.gateway } as unknown as Gateways;
  const routes = controlRoutes({ gateways, outage: async () => {}, publicKey: async () => '' }, { access: 'any', hosts: [] });
  return new ControlClient('http://localhost/_sim', async (input, init) => routes.fetch(new Request(input, init)));
}

async function comparedResponse(pending: Promise<Response>): Promise<ComparedResponse | string> {
  try {
    const response = await pending;
    const { status, headers } = response;
    const body = Buffer.from(await response.arrayBuffer()).toString('latin1');
    return { status, contentType: headers.get('content-type'), origin: headers.get('x-simulator-origin'), body };
  } catch (error) {
    return (error as Error).name;
  }
}

/** Returns a `fetch` that sends each request to the server and to MSW, records differences and returns MSW's response. */
function twinFetch(server: Endpoint, fetch: Fetch, differences: Difference[]): Fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { pathname, hostname } = new URL(request.url);
    const body = await request.clone().arrayBuffer();
    const path = hostname.startsWith('ppps1') ? '/backup/PPPS.php' : pathname;
    const fromServer = fetch(server.url.replace('/PPPS.php', path), { method: request.method, headers: request.headers, body });
    const fromMsw = fetch(request);
    const [serverResponse, mswResponse] = await Promise.all([
      comparedResponse(fromServer),
      comparedResponse(fromMsw.then((response) => response.clone())),
    ]);
    if (JSON.stringify(serverResponse) !== JSON.stringify(mswResponse)) {
      differences.push({ request: Buffer.from(body).toString('latin1'), server: serverResponse, msw: mswResponse });
    }
    return fromMsw;
  };
}

/** Sends each call to the server's control API and to that of the MSW handlers. Returns the result of the latter. */
class TwinControl extends ControlClient {
  readonly #msw: ControlClient;

  constructor(base: string, fetch: Fetch, msw: ControlClient) {
    super(base, fetch);
    this.#msw = msw;
  }

  override async call(method: string, path: string, body?: unknown): Promise<unknown> {
    await super.call(method, path, body);
    return this.#msw.call(method, path, body);
  }
}

/** Runs each case on two new gateways: one of a listening simulator, one behind MSW handlers. Supports one case at a time. */
export function twinTarget(simulator: Simulator, mswServer: ReturnType<typeof setupServer>, differences: Difference[]): Target {
  const fetch: Fetch = (input, init) => globalThis.fetch(input, init);
  return {
    name: 'MSW, compared with a server',
    canStage: true,
    isReachable: false,
    canCallBack: false,
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
        control: new TwinControl(`${base}/_sim`, inProcessFetch(simulator), controlOf(paybox)),
        close: async () => {},
      };
    },
  };
}
