import { neverConnected, systemCause } from './connection-failure.js';
import { AbortedError } from './errors/aborted-error.js';
import { ConnectionError } from './errors/connection-error.js';
import { ConnectionLostError } from './errors/connection-lost-error.js';
import { TimeoutError } from './errors/timeout-error.js';
import type { Sent, TransportError } from './errors/transport-error.js';
import type { Question } from './question.js';
import type { Settings } from './settings.js';

/** What came back over HTTP, whole. */
export interface HttpReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** When to stop waiting. */
export interface RequestLimits {
  readonly signal: AbortSignal | undefined;
  /** Milliseconds. */
  readonly timeout: number;
}

const HEADERS = { 'Content-Type': 'application/x-www-form-urlencoded' };

async function exchange(fetch: Settings['fetch'], url: string, question: Question, signal: AbortSignal): Promise<HttpReply> {
  // A redirect would send the card to whomever it names.
  const response = await fetch(url, { method: 'POST', body: question.body, headers: HEADERS, redirect: 'manual', signal });
  const body = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, contentType: response.headers.get('Content-Type') ?? '', body };
}

/**
 * Sends a question to one host, once.
 *
 * @throws ConnectionError where the connection never opened
 * @throws TimeoutError, ConnectionLostError where it may have been processed
 * @throws AbortedError where the signal fired
 */
export function post(settings: Settings, sent: Sent, question: Question, { signal, timeout }: RequestLimits): Promise<HttpReply> {
  if (signal?.aborted) return Promise.reject(new AbortedError(sent, false, signal.reason));
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const fail = (error: TransportError): void => {
      finish();
      reject(error);
      controller.abort();
    };
    const onAbort = (): void => fail(new AbortedError(sent, true, signal?.reason));
    const onFailure = (error: unknown): void => {
      const cause = systemCause(error, question.scrub);
      fail(neverConnected(error) ? new ConnectionError(sent, cause) : new ConnectionLostError(sent, cause));
    };
    const timer = setTimeout(() => fail(new TimeoutError(sent, timeout)), timeout);
    signal?.addEventListener('abort', onAbort, { once: true });
    exchange(settings.fetch, sent.url, question, controller.signal).then((reply) => {
      finish();
      resolve(reply);
    }, onFailure);
  });
}
