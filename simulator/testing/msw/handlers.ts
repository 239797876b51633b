import { type HttpHandler, HttpResponse, http } from 'msw';
import { GATEWAY_HOSTS, GATEWAY_PATH } from '../../../contracts/index.js';
import type { Host } from '../../engine/question.js';
import type { GatewaySettings } from '../../gateway/configuration/settings.js';
import { Gateway } from '../../gateway/gateway.js';
import { MAIN } from '../../gateway/gateways.js';
import { SETTING_KEYS } from '../../schemas/setting-keys.js';
import { findUnknownKey, type KeySchema } from '../../schemas/unknown-keys.js';
import { MemoryStorage } from '../../store/memory/memory-store.js';
import { FaultInjector } from '../../transport/fault-injector.js';
import { answerQuestion, handleRequest, methodNotAllowed, type PageHandler } from '../../transport/handle-request.js';
import { fetchChannel, type ReplyChannel } from '../../transport/reply-channel.js';
import { createTestGateway, type TestGateway } from '../test-gateway.js';

/** The settings of the gateway behind the handlers. */
export interface PayboxHandlersOptions extends GatewaySettings {
  /** URLs that the gateway answers in addition to its real ones: the URL the code under test is configured with. */
  readonly urls?: readonly string[];
  /** URLs that the backup host answers. */
  readonly backupUrls?: readonly string[];
}

/** A gateway behind MSW handlers. */
export interface MockedGateway extends TestGateway {
  /** For `setupServer(...paybox.handlers)`, `setupWorker(...)` or `server.use(...)`. */
  readonly handlers: HttpHandler[];
  /** Answers without a network and without MSW, for a client inside a handler. */
  readonly fetch: typeof globalThis.fetch;
  /** The options of the reference client's `createClient` for this gateway. */
  readonly clientOptions: {
    readonly url: string;
    readonly backupUrl: string;
    readonly site: string;
    readonly rang: string;
    readonly identifiant: string;
    readonly cle: string;
    readonly version: '00104';
    readonly timeout: number;
    readonly now: () => Date;
    readonly fetch: typeof globalThis.fetch;
  };
}

const OPTIONS: KeySchema = { properties: { clock: {}, ...SETTING_KEYS, urls: {}, backupUrls: {} } };

function checkUrl(url: string): void {
  if (!/^(https?:\/\/|\/|\*)/.test(url))
    throw new RangeError(`payboxHandlers: ${url} is not a URL. Write https://psp.example/pay, or a path on the page's own origin.`);
}

const hostByRole = (role: string): string => GATEWAY_HOSTS.find((entry) => entry.role === role)?.host ?? '';

const URLS = { url: `https://${hostByRole('test')}${GATEWAY_PATH}`, backupUrl: `https://${hostByRole('backup')}${GATEWAY_PATH}` };

// All paths of these hosts: a request that is not simulated must not reach the real host.
const REAL_HOSTS = new RegExp(`^https?://(${GATEWAY_HOSTS.map(({ host }) => host.replaceAll('.', '\\.')).join('|')})(:\\d+)?(/|$)`, 'i');

const notFound = (): Response =>
  new Response(`Not found. The gateway is at POST ${GATEWAY_PATH}.\n`, {
    status: 404,
    headers: { 'Content-Type': 'text/plain;charset=UTF-8' },
  });

/** Sends a reply through MSW. A connection that is cut becomes a network error. */
const mswChannel = (signal: AbortSignal): ReplyChannel => ({ ...fetchChannel(signal), cut: () => HttpResponse.error() });

/**
 * Creates a gateway in this process, with its state in memory, and MSW handlers that answer for all hosts of the real gateway like the
 * simulator's server does. Works in Node.js and in browsers. Each call creates a new gateway, so that tests can run in parallel
 * (`server.boundary`).
 *
 * @throws RuleError when a rule cannot be applied; RangeError when the clock or a URL is not valid, or a name is misspelled
 * @example
 * const paybox = payboxHandlers();
 * const server = setupServer(...paybox.handlers);
 * paybox.answer('00105', { match: { TYPE: 'pay' }, times: 1 });
 */
export function payboxHandlers(options: PayboxHandlersOptions = {}): MockedGateway {
  const problem = findUnknownKey(OPTIONS, options);
  if (problem !== undefined) throw new RangeError(`payboxHandlers: ${problem}.`);
  const { urls = [], backupUrls = [], ...settings } = options;
  for (const url of [...urls, ...backupUrls]) checkUrl(url);
  const gateway = new Gateway(MAIN, new MemoryStorage().open(MAIN), settings);
  const faults = new FaultInjector();
  const gatewayNamed = (name: string): Gateway | undefined => (name === MAIN ? gateway : undefined);
  // Loaded when they are needed: few pages with the handlers show pages of the gateway.
  let handling: Promise<PageHandler> | undefined;
  const answerPage: PageHandler = async (...asked) => {
    handling ??= import('../../page-handler.js').then(async ({ pageHandler }) => {
      const [{ Deliveries }, { makeSigner }] = await Promise.all([
        import('../../notifications/delivery.js'),
        import('../../notifications/signer.js'),
      ]);
      return pageHandler(new Deliveries({ signer: makeSigner() }));
    });
    return (await handling)(...asked);
  };
  const handle = async (request: Request, channel: ReplyChannel): Promise<Response> =>
    (await handleRequest(request, { gatewayNamed, faults, answerPage, channel })) ?? notFound();
  const fetch: typeof globalThis.fetch = (input, init) => {
    const request = new Request(input, init);
    return handle(request, fetchChannel(request.signal));
  };
  const handlerOf = (url: string, host: Host): HttpHandler =>
    http.all(url, ({ request }) => {
      const query = request.method === 'GET' ? { query: new URL(request.url).search.slice(1) } : {};
      return request.method === 'POST' || request.method === 'GET'
        ? answerQuestion(request, { host, ...query }, gateway, { faults, channel: mswChannel(request.signal) })
        : methodNotAllowed();
    });
  const paybox = createTestGateway(gateway, URLS);
  const { site, rang, identifiant, cle } = paybox.account;
  return {
    ...paybox,
    fetch,
    clientOptions: {
      ...URLS,
      ...{ site, rang, identifiant, cle },
      version: '00104',
      timeout: 10_000,
      now: () => new Date(gateway.clock.now()),
      fetch,
    },
    handlers: [
      http.all(REAL_HOSTS, ({ request }) => handle(request, mswChannel(request.signal))),
      ...urls.map((url) => handlerOf(url, 'main')),
      ...backupUrls.map((url) => handlerOf(url, 'backup')),
    ],
  };
}
