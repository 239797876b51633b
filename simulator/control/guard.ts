/** Who may use the control API: this machine only, or anyone who reaches the port. */
export type ControlAccess = 'loopback' | 'any';

/** Where a request came from, as far as the server knows. */
export interface Caller {
  /** Address of the peer; undefined for requests made in process. */
  readonly address: string | undefined;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** Sec-Fetch-Site: what a browser says of the page that asks. */
  readonly site: string | undefined;
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const LOCAL_HOST = /^(localhost|[\w-]+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

const isForeignOrigin = (origin: string, host: string | undefined): boolean => origin.replace(/^https?:\/\//, '') !== host;

/**
 * Why a request may not use the control API; undefined: it may.
 * The peer must be this machine, the Host a local name (a page that rebinds its DNS name to 127.0.0.1 shows its own),
 * and no page of another site may ask.
 */
export function controlRefusal(caller: Caller, access: ControlAccess): string | undefined {
  if (caller.site === 'cross-site' || (caller.origin !== undefined && isForeignOrigin(caller.origin, caller.host))) {
    return 'The control API does not answer web pages of another site.';
  }
  if (access === 'any' || caller.address === undefined) return undefined;
  if (!LOOPBACK.test(caller.address))
    return `The control API answers this machine only, not ${caller.address}. Start with --control any to open it.`;
  if (caller.host !== undefined && !LOCAL_HOST.test(caller.host)) {
    return 'The control API answers under localhost and 127.0.0.1 only. Start with --control any to open it under other names.';
  }
  return undefined;
}
