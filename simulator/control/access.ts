// Does not import hono: the published types contain ControlAccess, and users do not install hono.

/** Which callers may use the control API and the inspector: programs on this machine only, or any that reach the port. */
export type ControlAccess = 'loopback' | 'any';

/** The origin of a request to the control API, as far as the server knows it. */
export interface ControlCaller {
  /** IP address of the peer; undefined for requests made in process. */
  readonly address: string | undefined;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** Sec-Fetch-Site: the browser's statement about the page that sends the request. */
  readonly site: string | undefined;
}

/** Why a request may not use the control API. The control API and the inspector each write their own message for it. */
export type ControlRefusal =
  /** A web page of another site sent the request. */
  | { readonly reason: 'cross-site' }
  /** The request comes from another machine. */
  | { readonly reason: 'remote-address'; readonly address: string }
  /** The Host header is not a local name. */
  | { readonly reason: 'foreign-host' };

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const LOCAL_HOST = /^(localhost|[\w-]+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

const isForeignOrigin = (origin: string, host: string | undefined): boolean => origin.replace(/^https?:\/\//, '') !== host;

/**
 * Returns why a caller may not use the control API, or undefined if it may.
 * Pages of another site are always refused. With access `loopback`, the peer must be this machine and the Host header a local name:
 * a page that rebinds its DNS name to 127.0.0.1 still sends its own name.
 */
export function controlRefusal(caller: ControlCaller, access: ControlAccess): ControlRefusal | undefined {
  if (caller.site === 'cross-site' || (caller.origin !== undefined && isForeignOrigin(caller.origin, caller.host))) {
    return { reason: 'cross-site' };
  }
  if (access === 'any' || caller.address === undefined) return undefined;
  if (!LOOPBACK.test(caller.address)) return { reason: 'remote-address', address: caller.address };
  if (caller.host !== undefined && !LOCAL_HOST.test(caller.host)) return { reason: 'foreign-host' };
  return undefined;
}
