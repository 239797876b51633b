import type { Gateway } from '../gateway/gateway.js';
import type { Gateways } from '../gateway/gateways.js';
import type { Formats } from './format.js';
import type { Language } from './language.js';
import type { Messages } from './messages/index.js';

/** What a page has to work with: whose gateway it shows, to whom, and what was asked for. */
export interface PageContext {
  readonly gateways: Gateways;
  readonly gateway: Gateway;
  /** `/_sim`, or `/s/<name>/_sim`. */
  readonly base: string;
  readonly url: URL;
  readonly language: Language;
  readonly t: Messages;
  readonly formats: Formats;
  /** The gateway's time. */
  readonly now: number;
  /** A parameter of the query, or of the form; empty: missing. */
  readonly query: (name: string) => string;
}

/** The URL of a page below the inspector, with the parameters that are not empty. */
export function hrefOf({ base }: Pick<PageContext, 'base'>, path: string, parameters: Readonly<Record<string, string>> = {}): string {
  const given = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''));
  return `${base}/${path}${given.size > 0 ? `?${given}` : ''}`;
}

/** The page of a payment. */
export const paymentHref = (view: Pick<PageContext, 'base'>, id: string): string => hrefOf(view, `ui/payments/${encodeURIComponent(id)}`);

/** The page of an exchange. */
export const exchangeHref = (view: Pick<PageContext, 'base'>, seq: number): string => hrefOf(view, `ui/exchanges/${seq}`);

/** The URL that a shop of this gateway is configured with. */
export const gatewayUrl = ({ base, url }: Pick<PageContext, 'base' | 'url'>): string =>
  `${url.origin}${base.slice(0, -'/_sim'.length)}/PPPS.php`;
