import { neverConnected, scrubbedCause } from './connection-failure.js';
import { AbortedError } from './errors/aborted-error.js';
import { ConnectionError } from './errors/connection-error.js';
import { ConnectionLostError } from './errors/connection-lost-error.js';
import { TimeoutError } from './errors/timeout-error.js';
import type { TransportError } from './errors/transport-error.js';
import type { ExchangeInfo } from './events.js';
import type { EncodedQuestion } from './question.js';
import type { Settings } from './settings.js';

/** A complete HTTP response. */
export interface HttpReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** When to stop waiting for a reply. */
export interface RequestLimits {
  readonly signal: AbortSignal | undefined;
  /** Milliseconds. */
  readonly timeout: number;
}

const HEADERS = { 'Content-Type': 'application/x-www-form-urlencoded' };

async function fetchReply(fetch: Settings['fetch'], url: string, question: EncodedQuestion, signal: AbortSignal): Promise<HttpReply> {
  // Following a redirect would send the card number to another host.
  const response = await fetch(url, { method: 'POST', body: question.body, headers: HEADERS, redirect: 'manual', signal });
  const body = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, contentType: response.headers.get('Content-Type') ?? '', body };
}

/**
 * Posts a question to `exchange.url`, once.
 *
 * @throws ConnectionError if the connection never opened
 * @throws TimeoutError, ConnectionLostError if the question may have been processed
 * @throws AbortedError if the signal fired
 */
export function post(
  settings: Settings,
  exchange: ExchangeInfo,
  question: EncodedQuestion,
  { signal, timeout }: RequestLimits,
): Promise<HttpReply> {
  if (signal?.aborted) return Promise.reject(new AbortedError(exchange, false, signal.reason));
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const cleanUp = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const fail = (error: TransportError): void => {
      cleanUp();
      reject(error);
      controller.abort();
    };
    const onAbort = (): void => fail(new AbortedError(exchange, true, signal?.reason));
    const onFailure = (error: unknown): void => {
      const cause = scrubbedCause(error, question.scrub);
      fail(neverConnected(error) ? new ConnectionError(exchange, cause) : new ConnectionLostError(exchange, cause));
    };
    const timer = setTimeout(() => fail(new TimeoutError(exchange, timeout)), timeout);
    signal?.addEventListener('abort', onAbort, { once: true });
    fetchReply(settings.fetch, exchange.url, question, controller.signal).then((reply) => {
      cleanUp();
      resolve(reply);
    }, onFailure);
  });
}
