import { gatewayHost, latin1Bytes } from '../../contracts/index.js';
import { type Finding, finding } from '../engine/finding.js';

/** How long a shop may take to answer, in seconds. See docs/protocol.md#section-9. */
const CALL_SECONDS = 20;
/** How much of an answer is read, in bytes. */
const MAX_ANSWER = 4096;

/** The User-Agent of calls to shops. A form can name any address, so the control API refuses these calls. */
export const SIMULATOR_AGENT = 'paybox-direct-simulator';

/** A call to an address of the shop. */
export interface ShopCall {
  readonly url: string;
  /** The body of a POST, already encoded. Undefined: a GET. */
  readonly body?: string | undefined;
}

/** What became of a call. */
export interface CallResult {
  /** The HTTP status of the answer; undefined: there was none. */
  readonly status?: number;
  /** The beginning of its body. */
  readonly body: string;
  /** Why it counts as not delivered; undefined: the shop has it. */
  readonly problem?: Finding;
}

/** What makes calls. */
export interface Caller {
  readonly fetch: typeof globalThis.fetch;
  /** The host names that may be called. Empty: all, except those of the gateway. */
  readonly hosts: readonly string[];
  /** Ends all calls. */
  readonly signal: AbortSignal;
}

async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    text += decoder.decode(read.value, { stream: true });
    if (text.length >= MAX_ANSWER) {
      await reader?.cancel().catch(() => {});
      break;
    }
  }
  return text.slice(0, MAX_ANSWER);
}

const reasonOf = (error: unknown): string => {
  const { cause } = error as { readonly cause?: { readonly code?: string; readonly message?: string } };
  return cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : String(error));
};

function problemOf(address: string, status: number): Finding | undefined {
  if (status >= 300 && status < 400) return finding('result-undelivered', 'redirect', { address, status });
  return status >= 200 && status < 300 ? undefined : finding('result-undelivered', 'status', { address, status });
}

// An account or a snapshot may have an address that RemoteMPI would refuse.
function addressProblem(url: string, hosts: readonly string[]): Finding | undefined {
  if (!URL.canParse(url)) return finding('result-undelivered', 'noUrl');
  const { host: address, hostname, username, password } = new URL(url);
  if (gatewayHost(hostname)) return finding('result-undelivered', 'ownHost', { address });
  if (hosts.length > 0 && !hosts.includes(hostname)) return finding('result-undelivered', 'otherHost', { address });
  // `fetch` refuses such an address, with a message that has all of it.
  return username === '' && password === '' ? undefined : finding('result-undelivered', 'credentials', { address });
}

/** Calls an address of the shop once. No redirect is followed. Never throws. */
export async function callShop({ url, body }: ShopCall, { fetch, hosts, signal }: Caller): Promise<CallResult> {
  const wrong = addressProblem(url, hosts);
  if (wrong) return { body: '', problem: wrong };
  // Of the address only the host: the path and the query may hold anything.
  const address = new URL(url).host;
  const limit = AbortSignal.timeout(CALL_SECONDS * 1000);
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.any([limit, signal]),
      headers: { 'User-Agent': SIMULATOR_AGENT, ...(body !== undefined && { 'Content-Type': 'application/x-www-form-urlencoded' }) },
      ...(body !== undefined && { method: 'POST', body: latin1Bytes(body) }),
    });
    const problem = problemOf(address, response.status);
    return { status: response.status, body: await beginningOf(response), ...(problem && { problem }) };
  } catch (error) {
    const problem = limit.aborted
      ? finding('result-undelivered', 'late', { address, seconds: CALL_SECONDS })
      : finding('result-undelivered', 'unreachable', { address, reason: reasonOf(error) });
    return { body: '', problem };
  }
}

/** Adds what follows to the query of an address: the shop's own variables come first. */
export function withQuery(url: string, query: string): string {
  const [address = ''] = url.split('#', 1);
  const separator = address.includes('?') ? (/[?&]$/.test(address) ? '' : '&') : '?';
  return address + separator + query;
}
