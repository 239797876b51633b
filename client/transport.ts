import { BodyTooLongError, MAX_REPLY_BYTES, readBody } from '../contracts/index.js';
import { neverConnected, scrubbedCause } from './connection-failure.js';
import { AbortedError } from './errors/aborted-error.js';
import { BrokenReplyError } from './errors/broken-reply-error.js';
import { ConnectionError } from './errors/connection-error.js';
import { ConnectionLostError } from './errors/connection-lost-error.js';
import { TimeoutError } from './errors/timeout-error.js';
import { TransportError } from './errors/transport-error.js';
import type { ExchangeInfo } from './events.js';
import { displayText } from './masking.js';
import type { EncodedQuestion } from './question.js';
import type { Settings } from './settings.js';

/** A complete HTTP response. */
export interface HttpReply {
  readonly status: number;
  /** For display: without card data and control characters, at most 100 characters. Empty if the response has no Content-Type. */
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** When to stop waiting for a reply. */
export interface RequestLimits {
  readonly signal: AbortSignal | undefined;
  /** Milliseconds. */
  readonly timeout: number;
}

/** The form to post, and what removes its card data and keys from texts. */
type SentBody = Pick<EncodedQuestion, 'body' | 'scrub'>;

const HEADERS = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** Longest part of a Content-Type that is kept, in characters. */
const MAX_CONTENT_TYPE = 100;

async function fetchReply(fetch: Settings['fetch'], exchange: ExchangeInfo, question: SentBody, signal: AbortSignal): Promise<HttpReply> {
  // Following a redirect would send the card number to another host.
  const response = await fetch(exchange.url, { method: 'POST', body: question.body, headers: HEADERS, redirect: 'manual', signal });
  const { status, headers } = response;
  const contentType = displayText(question.scrub, headers.get('Content-Type') ?? '').slice(0, MAX_CONTENT_TYPE);
  try {
    return { status, contentType, body: await readBody(response, MAX_REPLY_BYTES, signal) };
  } catch (error) {
    if (!(error instanceof BodyTooLongError)) throw error;
    throw new BrokenReplyError(exchange, { problem: error.message, status, contentType, length: MAX_REPLY_BYTES });
  }
}

function connectionErrorOf(error: unknown, exchange: ExchangeInfo, { scrub }: SentBody): TransportError {
  const cause = scrubbedCause(error, scrub);
  return neverConnected(error) ? new ConnectionError(exchange, cause) : new ConnectionLostError(exchange, cause);
}

/**
 * Posts a question to `exchange.url`, once.
 *
 * @throws ConnectionError if the connection never opened
 * @throws BrokenReplyError if the body is too long
 * @throws TimeoutError, ConnectionLostError if the question may have been processed
 * @throws AbortedError if the signal fired
 */
export function post(
  settings: Settings,
  exchange: ExchangeInfo,
  question: SentBody,
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
      fail(error instanceof TransportError ? error : connectionErrorOf(error, exchange, question));
    };
    const timer = setTimeout(() => fail(new TimeoutError(exchange, timeout)), timeout);
    signal?.addEventListener('abort', onAbort, { once: true });
    fetchReply(settings.fetch, exchange, question, controller.signal).then((reply) => {
      cleanUp();
      resolve(reply);
    }, onFailure);
  });
}
