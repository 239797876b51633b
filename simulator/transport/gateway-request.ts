import { GATEWAY_PATH, gatewayHost, latin1Bytes, REMOTE_MPI_PATH } from '../../contracts/index.js';
import type { Host } from '../engine/question.js';
import type { Received } from '../gateway/gateway.js';
import { isGatewayName, MAIN } from '../gateway/gateways.js';

/** A question to the gateway of a name. */
export interface AskedQuestion {
  readonly kind: 'question';
  readonly gateway: string;
  readonly host: Host;
  /** Of a GET: its query, which is the form. */
  readonly query?: string;
  /** Whether it was sent to `/`, which only the simulator answers. */
  readonly isAtRoot: boolean;
}

/** What a request to the gateway's own interface asks for. */
export type GatewayRequest =
  | AskedQuestion
  /** An authentication of a cardholder: the request to RemoteMPI, or the page of the bank. */
  | {
      readonly kind: 'authentication';
      readonly page: 'start' | 'challenge';
      readonly gateway: string;
      readonly host: Host;
      /** The query of the address. */
      readonly query: string;
    }
  /** The availability page. */
  | { readonly kind: 'load-page' }
  | { readonly kind: 'method-not-allowed' /** The methods that the path has. */; readonly allow: string }
  | { readonly kind: 'invalid-name' };

// Optional session, then a path of the gateway. The backup host is the same gateway at another path.
const PATH = /^(?:\/s\/([^/]+))?(\/backup(?=\/\w))?(\/PPPS\.php|\/cgi\/RemoteMPI\.cgi|\/cgi\/ACS\.cgi|\/load\.html|\/?)$/;

function decodedPath(target: string): string {
  // Repeated slashes count as one. Inferred. See docs/protocol.md#section-1.
  const path = (target.split(/[?#]/, 1)[0] ?? '').replace(/\/{2,}/g, '/');
  if (!path.includes('%')) return path;
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

/** Whether a path has a file of the gateway in the place of the session's name: `/s/PPPS.php`. */
export const lacksSessionName = (path: string): boolean => /^\/+s\/+(ppps\.php|load\.html)(\/|$)/i.test(path);

const PLAIN_METHODS = ['POST'];
const PAGE_METHODS = ['GET', 'POST'];

/** Where an authentication is started and continued. See docs/protocol.md#section-7. */
const AUTHENTICATION_PAGES: ReadonlyMap<string, 'start' | 'challenge'> = new Map([
  [REMOTE_MPI_PATH, 'start'],
  ['/cgi/ACS.cgi', 'challenge'],
]);

const hostOf = (hostname: string): Host => (gatewayHost(hostname)?.role === 'backup' ? 'backup' : 'main');

const isFolder = (file: string): boolean => file === '' || file === '/';

const queryOf = (target: string): string => /\?([^#]*)/.exec(target)?.[1] ?? '';

/**
 * Finds out what a request asks for: the rules for paths, methods and hosts, whichever way the request arrived.
 *
 * @param target path of the request, with its query if it has one
 * @param hostname the host that was called, without port; the names of the gateway's backup hosts select the backup
 * @returns undefined when the request is not for the gateway's own interface
 */
export function matchRequest(method: string, target: string, hostname: string): GatewayRequest | undefined {
  const path = target === GATEWAY_PATH ? target : decodedPath(target);
  const [matched, name = MAIN, backup, file = ''] = PATH.exec(path) ?? [];
  if (matched === undefined || (isFolder(file) && lacksSessionName(path))) return undefined;
  if (file === '/load.html') return method === 'GET' || method === 'HEAD' ? { kind: 'load-page' } : undefined;
  // Some clients send a question by GET, or check by a GET that the gateway is there.
  const methods = isFolder(file) ? PLAIN_METHODS : PAGE_METHODS;
  if (!methods.includes(method)) return { kind: 'method-not-allowed', allow: methods.join(', ') };
  if (!isGatewayName(name)) return { kind: 'invalid-name' };
  const asked = { gateway: name, host: backup === undefined ? hostOf(hostname) : 'backup' } as const;
  const page = AUTHENTICATION_PAGES.get(file);
  if (page) return { kind: 'authentication', page, ...asked, query: queryOf(target) };
  return { kind: 'question', ...asked, isAtRoot: isFolder(file), ...(method === 'GET' && { query: queryOf(target) }) };
}

/** Longest body of a question, in bytes. */
const BODY_LIMIT = 64 * 1024;

/** The body of a question, and whether it was longer than the limit. */
type ReadBody = Required<Pick<Received, 'body' | 'tooLarge'>>;

/** Collects the body of a question up to {@link BODY_LIMIT}; of a longer body nothing is kept. */
export class BodyCollector {
  #chunks: Uint8Array[] = [];
  #length = 0;

  /** @param announced the Content-Length header, if there is one */
  constructor(announced?: string | null) {
    if (announced && Number(announced) > BODY_LIMIT) this.#length = Number.POSITIVE_INFINITY;
  }

  get isTooLarge(): boolean {
    return this.#length > BODY_LIMIT;
  }

  push(chunk: Uint8Array): void {
    this.#length += chunk.length;
    if (this.isTooLarge) this.#chunks = [];
    else this.#chunks.push(chunk);
  }

  /** The whole body. */
  end(): ReadBody {
    if (this.isTooLarge) return { body: new Uint8Array(), tooLarge: true };
    const [first] = this.#chunks;
    if (first && this.#chunks.length === 1) return { body: first, tooLarge: false };
    const body = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      body.set(chunk, at);
      at += chunk.length;
    }
    return { body, tooLarge: false };
  }

  /** The body of a request that broke off: empty, because half a question must not be processed. */
  static broken(): ReadBody {
    return { body: new Uint8Array(), tooLarge: false };
  }
}

async function collect(request: Request, collector: BodyCollector): Promise<void> {
  if (collector.isTooLarge) return;
  // In some browsers a request has no stream.
  if (!request.body) {
    collector.push(new Uint8Array(await request.arrayBuffer()));
    return;
  }
  const reader = request.body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    collector.push(read.value);
    if (collector.isTooLarge) {
      // Not awaited: a copy of a request (`Request.clone`) is cancelled only when the request itself is.
      reader.cancel().catch(() => {});
      return;
    }
  }
}

/** The question in the query of a GET. */
export function receivedByGet(query: string, host: Host): Received {
  return { body: latin1Bytes(query), isByGet: true, host };
}

/** Reads the question in a `fetch` request. */
export async function readRequest(request: Request, host: Host): Promise<Received> {
  const contentType = request.headers.get('content-type') ?? '';
  const collector = new BodyCollector(request.headers.get('content-length'));
  const read = await collect(request, collector).then(
    () => collector.end(),
    () => BodyCollector.broken(),
  );
  return { ...read, contentType, host };
}
