import { readable, type Scrub } from './masking.js';

/** Codes of Node that say the connection was never made, or that its other end was not trusted before anything was sent. */
const NEVER_OPENED: ReadonlySet<string> = new Set([
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

const CONNECTING: ReadonlySet<unknown> = new Set(['connect', 'getaddrinfo']);

/** How deep a failure's causes are followed. */
const DEPTH = 5;

interface Failure {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
  readonly message?: unknown;
}

const isFailure = (value: unknown): value is Failure => typeof value === 'object' && value !== null;

/**
 * Whether a failure of `fetch` proves that the connection never opened. Where it does not say (as in a browser, which hides
 * the reason), the question may have been processed.
 */
export function neverConnected(failure: unknown, depth = DEPTH): boolean {
  if (!isFailure(failure) || depth === 0) return false;
  const { code, syscall, cause, errors } = failure;
  if (Array.isArray(errors) && errors.length > 0) return errors.every((error) => neverConnected(error, depth - 1));
  // A connection that was open may meet EHOSTUNREACH or ETIMEDOUT too, while it reads.
  if (typeof syscall === 'string') return CONNECTING.has(syscall);
  if (typeof code === 'string') return NEVER_OPENED.has(code);
  return neverConnected(cause, depth - 1);
}

function codeOf(failure: unknown, depth = DEPTH): string | undefined {
  if (!isFailure(failure) || depth === 0) return undefined;
  return typeof failure.code === 'string' ? failure.code : codeOf(failure.cause, depth - 1);
}

/** What a failure of `fetch` says, without what it may hold of the request. */
export function systemCause(failure: unknown, scrub: Scrub): Error & { code?: string } {
  const code = codeOf(failure);
  const reason = isFailure(failure) && isFailure(failure.cause) ? failure.cause.message : undefined;
  const message = isFailure(failure) ? failure.message : failure;
  const cause = new Error(readable(scrub, [message, reason].filter((text) => text !== undefined && text !== '').join(': ')));
  return code === undefined ? cause : Object.assign(cause, { code });
}
