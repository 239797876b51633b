import { displayText, type Scrub } from './masking.js';

/** Node error codes that mean the connection never opened, or the certificate was not trusted before anything was sent. */
const NEVER_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** System calls that run before the connection is open. */
const CONNECT_CALLS: ReadonlySet<unknown> = new Set(['connect', 'getaddrinfo']);

/** How many nested causes are followed. */
const MAX_DEPTH = 5;

interface FetchFailure {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
  readonly message?: unknown;
}

const isFetchFailure = (value: unknown): value is FetchFailure => typeof value === 'object' && value !== null;

/**
 * Whether what `fetch` threw proves that the connection never opened. If it does not say (a browser hides the reason), returns
 * false: the question may have been processed.
 */
export function neverConnected(failure: unknown, depth = MAX_DEPTH): boolean {
  if (!isFetchFailure(failure) || depth === 0) return false;
  const { code, syscall, cause, errors } = failure;
  if (Array.isArray(errors) && errors.length > 0) return errors.every((error) => neverConnected(error, depth - 1));
  // EHOSTUNREACH and ETIMEDOUT also occur on an open connection, while it is read.
  if (typeof syscall === 'string') return CONNECT_CALLS.has(syscall);
  if (typeof code === 'string') return NEVER_CONNECTED.has(code);
  return neverConnected(cause, depth - 1);
}

function codeOf(failure: unknown, depth = MAX_DEPTH): string | undefined {
  if (!isFetchFailure(failure) || depth === 0) return undefined;
  return typeof failure.code === 'string' ? failure.code : codeOf(failure.cause, depth - 1);
}

/** A copy of what `fetch` threw, with its messages and code only: the original may hold the request and thus the card. */
export function scrubbedCause(failure: unknown, scrub: Scrub): Error & { code?: string } {
  const code = codeOf(failure);
  const reason = isFetchFailure(failure) && isFetchFailure(failure.cause) ? failure.cause.message : undefined;
  const message = isFetchFailure(failure) ? failure.message : failure;
  const cause = new Error(displayText(scrub, [message, reason].filter((text) => text !== undefined && text !== '').join(': ')));
  return code === undefined ? cause : Object.assign(cause, { code });
}
