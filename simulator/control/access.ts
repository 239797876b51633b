import { SIMULATOR_AGENT } from '../notifications/call-shop.js';

// Does not import hono: the published types contain ControlAccess, and users do not install hono.

/** Which callers may use the control API and the inspector: programs on this machine only, or any that reach the port. */
export type ControlAccess = 'loopback' | 'any';

/** Who may use the control API, and under which names. */
export interface ControlPolicy {
  readonly access: ControlAccess;
  /** Host names that are accepted in addition to local names, without port. */
  readonly hosts: readonly string[];
}

/** The origin of a request to the control API, as far as the server knows it. */
export interface ControlCaller {
  /** IP address of the peer; undefined for requests made in process. */
  readonly address: string | undefined;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** Sec-Fetch-Site: the browser's statement about the page that sends the request. */
  readonly site: string | undefined;
  /** User-Agent. */
  readonly agent?: string | undefined;
}

/** Why a request may not use the control API. The control API and the inspector each write their own message for it. */
export type ControlRefusal =
  /** A web page of another site sent the request, or the simulator did, to an address that a form names. */
  | { readonly reason: 'cross-site' }
  /** The request comes from another machine. */
  | { readonly reason: 'remote-address'; readonly address: string }
  /** The Host header is not a local name. */
  | { readonly reason: 'foreign-host' }
  /** With access `any`: the Host header is a name that others may own. */
  | { readonly reason: 'unlisted-host'; readonly host: string };

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const LOCAL_HOST = /^(localhost|[\w-]+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

// An IP address, or a name without a dot (a machine or a container of the local network): these cannot be registered in the public DNS.
const UNOWNED_HOST = /^(\[[\da-f:.]+\]|\d+\.\d+\.\d+\.\d+|[\w-]+)$/i;

const nameOf = (host: string): string => host.replace(/:\d*$/, '').replace(/\.$/, '').toLowerCase();

const isListed = (host: string, hosts: readonly string[]): boolean => hosts.some((listed) => listed.toLowerCase() === nameOf(host));

const isForeignOrigin = (origin: string, host: string | undefined): boolean => origin.replace(/^https?:\/\//, '') !== host;

/**
 * Returns why a caller may not use the control API, or undefined if it may.
 * Pages of another site and the simulator's own calls to shops are always refused. A page that rebinds its DNS name to the address of the simulator is of the same site, but still
 * sends its own name: so the Host header must be a local name or one that is listed; with access `any`, also an address or a name without
 * a dot. With access `loopback`, the peer must be this machine.
 */
export function controlRefusal(caller: ControlCaller, { access, hosts }: ControlPolicy): ControlRefusal | undefined {
  const { address, host, origin, site, agent } = caller;
  if (agent === SIMULATOR_AGENT) return { reason: 'cross-site' };
  if (site === 'cross-site' || (origin !== undefined && isForeignOrigin(origin, host))) return { reason: 'cross-site' };
  if (address === undefined) return undefined;
  if (access === 'loopback' && !LOOPBACK.test(address)) return { reason: 'remote-address', address };
  if (host === undefined || LOCAL_HOST.test(host) || isListed(host, hosts)) return undefined;
  if (access === 'loopback') return { reason: 'foreign-host' };
  return UNOWNED_HOST.test(nameOf(host)) ? undefined : { reason: 'unlisted-host', host: nameOf(host).slice(0, 253) };
}
