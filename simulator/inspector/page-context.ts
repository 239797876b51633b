import { PROTOCOL_SHEET } from '../../contracts/protocol-sheet.js';
import type { Gateway } from '../gateway/gateway.js';
import type { Language } from '../pages/language.js';
import type { Formats } from './format.js';
import type { Messages } from './messages/index.js';

/** What a page is rendered from: the gateway, the language of the user and the parameters of the request. */
export interface PageContext {
  readonly gateway: Gateway;
  /** The path of the inspector: `/_sim`, or `/s/<name>/_sim`. */
  readonly base: string;
  readonly url: URL;
  readonly language: Language;
  /** The texts of the language. */
  readonly t: Messages;
  readonly formats: Formats;
  /** The gateway's time, in milliseconds since the epoch. */
  readonly now: number;
  /** What is wrong with the submitted form, by the name of the field. */
  readonly problems: Readonly<Record<string, string>>;
  /** The names of the sessions. */
  readonly sessions: () => Promise<readonly string[]>;
  /** Returns a parameter of the path, the query or the form; an empty string if it is missing. */
  readonly query: (name: string) => string;
}

/** Returns the URL of a page of the inspector, with the parameters that are not empty. */
export function hrefOf({ base }: Pick<PageContext, 'base'>, path: string, parameters: Readonly<Record<string, string>> = {}): string {
  const given = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''));
  return `${base}/${path}${given.size > 0 ? `?${given}` : ''}`;
}

/** Returns the URL of the page of a payment. */
export const paymentHref = (context: Pick<PageContext, 'base'>, id: string): string =>
  hrefOf(context, `ui/payments/${encodeURIComponent(id)}`);

/** Returns the URL of the page of an authentication. */
export const authenticationHref = (context: Pick<PageContext, 'base'>, id3d: string): string =>
  hrefOf(context, `ui/authentications/${encodeURIComponent(id3d)}`);

/** The page of the protocol sheet, at the place that `docs/protocol.md#section-1` names. */
export const protocolHref = (context: Pick<PageContext, 'base'>, source: string): string =>
  `${hrefOf(context, 'ui/protocol')}${source.slice(PROTOCOL_SHEET.length)}`;

/** Returns the URL of the page of an exchange. */
export const exchangeHref = (context: Pick<PageContext, 'base'>, seq: number): string => hrefOf(context, `ui/exchanges/${seq}`);

/** Returns the URL of the page of the bank for an authentication. */
export const bankHref = ({ base }: Pick<PageContext, 'base'>, id3d: string): string =>
  `${base.slice(0, -'/_sim'.length)}/cgi/ACS.cgi?ID3D=${encodeURIComponent(id3d)}`;

/** Returns the URL of the gateway, as a shop is configured with it. */
export const gatewayUrl = ({ base, url }: Pick<PageContext, 'base' | 'url'>): string =>
  `${url.origin}${base.slice(0, -'/_sim'.length)}/PPPS.php`;
