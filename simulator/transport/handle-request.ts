import { GATEWAY_PATH, latin1Bytes, REPLY_CONTENT_TYPE } from '../../contracts/index.js';
import { outcomeAt } from '../engine/authentication.js';
import type { InjectedFault } from '../engine/fault.js';
import type { Answer } from '../gateway/answer.js';
import type { Gateway, Received } from '../gateway/gateway.js';
import { GATEWAY_NAME_RULE } from '../gateway/gateways.js';
import type { HtmlPage } from '../pages/layout.js';
import type { FaultInjector } from './fault-injector.js';
import { type AskedQuestion, type GatewayRequest, matchRequest, readRequest, receivedByGet } from './gateway-request.js';
import type { ReplyChannel } from './reply-channel.js';

const HEADERS = { 'Content-Type': REPLY_CONTENT_TYPE };
// The wire has no variable for where the payment of an inquiry was taken, nor for its authentication.
const HOSTED_PAGE_HEADERS = { ...HEADERS, 'X-Simulator-Origin': 'paybox-system' };

/** The ID3D of a payment and how its authentication ended: `2000001000001; authenticated`. */
async function authenticationHeader(id3d: string, gateway: Pick<Gateway, 'authentication' | 'clock'>): Promise<string> {
  const authentication = await gateway.authentication(id3d).catch(() => undefined);
  return authentication ? `${id3d}; ${outcomeAt(authentication, gateway.clock.now())}` : id3d;
}

/** The headers of a reply. See docs/protocol.md#section-1. */
export async function replyHeaders(
  { isFromHostedPage, id3d }: Pick<Answer, 'isFromHostedPage' | 'id3d'>,
  gateway: Pick<Gateway, 'authentication' | 'clock'>,
): Promise<Readonly<Record<string, string>>> {
  const headers = isFromHostedPage ? HOSTED_PAGE_HEADERS : HEADERS;
  return id3d === '' ? headers : { ...headers, 'X-Simulator-ID3D': await authenticationHeader(id3d, gateway) };
}

const LOAD_PAGE =
  '<!DOCTYPE html>\n<html><head><title>Paybox</title></head><body><div id="server_status" style="text-align:center;">OK</div></body></html>\n';

const plain = (body: string, init: ResponseInit): Response =>
  new Response(body, { ...init, headers: { 'Content-Type': 'text/plain;charset=UTF-8', ...init.headers } });

/**
 * The response to a method that a path does not have.
 *
 * @param allow the methods that it has
 */
export const methodNotAllowed = (allow = 'GET, POST'): Response =>
  plain(`The gateway takes a form POST here: curl -d 'VERSION=00104&TYPE=…' <url>${GATEWAY_PATH}. The inspector is at <url>/_sim/\n`, {
    status: 405,
    headers: { Allow: allow },
  });

// See docs/protocol.md#section-1.
const loadPage = (): Response => new Response(LOAD_PAGE, { headers: { 'Content-Type': 'text/html; charset=UTF-8' } });

/** A page, and the fault to inject when it is sent. */
interface PageAnswer extends HtmlPage {
  readonly fault?: InjectedFault | undefined;
}

/** Answers a request to RemoteMPI or to the page of the bank. */
export type AuthenticationHandler = (
  received: Received,
  asked: Extract<GatewayRequest, { readonly kind: 'authentication' }>,
  gateway: Gateway,
  acceptLanguage: string,
) => Promise<PageAnswer>;

/** What handles the gateway's own interface. */
export interface Handling {
  /** The gateway of a session; undefined if there is none. */
  readonly gatewayNamed: (name: string) => Gateway | undefined;
  readonly faults: FaultInjector;
  readonly channel: ReplyChannel;
  /** Answers requests to RemoteMPI and the page of the bank. */
  readonly authenticate: AuthenticationHandler;
}

/**
 * Answers a question that came as a `fetch` request, with the faults that rules ask for.
 *
 * @throws TypeError when the connection is cut and no socket carries it, as `fetch` does
 */
export async function answerQuestion(
  request: Request,
  { host, query, isAtRoot }: Pick<AskedQuestion, 'host' | 'query'> & Partial<AskedQuestion>,
  gateway: Gateway,
  { faults, channel }: Pick<Handling, 'faults' | 'channel'>,
): Promise<Response> {
  const received = query === undefined ? await readRequest(request, host) : receivedByGet(query, host);
  const answer = await gateway.answer({ ...received, isAtRoot });
  const headers = await replyHeaders(answer, gateway);
  return answer.fault ? faults.send(answer, answer.fault, gateway.name, headers, channel) : new Response(answer.body, { headers });
}

async function answerAuthentication(
  request: Request,
  asked: Extract<GatewayRequest, { readonly kind: 'authentication' }>,
  gateway: Gateway,
  { authenticate, faults, channel }: Handling,
): Promise<Response> {
  const received = request.method === 'GET' ? receivedByGet(asked.query, asked.host) : await readRequest(request, asked.host);
  const { body, headers, fault } = await authenticate(received, asked, gateway, request.headers.get('accept-language') ?? '');
  const bytes = latin1Bytes(body);
  if (!fault) return new Response(bytes, { headers });
  return faults.send({ reply: {}, body: bytes, isUrlEncoded: false }, fault, gateway.name, headers, channel);
}

/**
 * Handles a `fetch` request to the gateway's own interface: questions, and the availability page.
 *
 * @returns undefined when the request is not for this interface
 * @throws TypeError as {@link answerQuestion} does
 */
export async function handleRequest(request: Request, handling: Handling): Promise<Response | undefined> {
  const { hostname, pathname, search } = new URL(request.url);
  const matched = matchRequest(request.method, pathname + search, hostname);
  switch (matched?.kind) {
    case 'question': {
      const gateway = handling.gatewayNamed(matched.gateway);
      return gateway && answerQuestion(request, matched, gateway, handling);
    }
    case 'authentication': {
      const gateway = handling.gatewayNamed(matched.gateway);
      return gateway && answerAuthentication(request, matched, gateway, handling);
    }
    case 'load-page':
      return loadPage();
    case 'method-not-allowed':
      return methodNotAllowed(matched.allow);
    case 'invalid-name':
      return plain(`${GATEWAY_NAME_RULE}\n`, { status: 404 });
    default:
      return undefined;
  }
}
