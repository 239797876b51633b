import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { GATEWAY_PATH } from '../../contracts/index.js';

/** A request that was answered, and was perhaps no question. */
interface AnsweredRequest {
  readonly method: string;
  /** Without its query, which may hold a card. */
  readonly path: string;
  readonly status: number;
}

/** What is known of a program's run in which no question came. */
export interface Run {
  readonly visits: readonly AnsweredRequest[];
  /** Whether a signal ended it, or was sent to. */
  readonly isInterrupted: boolean;
  /** Whether the user was told already of a host that was refused, or a certificate that is not trusted. */
  readonly isTold: boolean;
}

const ANSWERED = 'http.server.response.finish';

const CONTROL = /(?:^|\/)_sim(?:\/|$)/;

/** How many visits are named. */
const SHOWN = 5;

/** Collects the requests that servers of this process answer, those of the control API excepted, until it is ended. */
export function collectRequests(): { readonly visits: readonly AnsweredRequest[]; end(): void } {
  const visits: AnsweredRequest[] = [];
  const listener = (message: unknown): void => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    const path = (request.url ?? '').replace(/[?#].*/s, '');
    // One that was sent to a proxy names another host: it was refused.
    if (path.startsWith('/') && !CONTROL.test(path)) visits.push({ method: request.method ?? '', path, status: response.statusCode });
  };
  subscribe(ANSWERED, listener);
  return { visits, end: () => void unsubscribe(ANSWERED, listener) };
}

const NONE = 'The program put no question to the gateway';

// Whatever a terminal would act on is taken out, and what may be a card.
const printable = (text: string): string => text.replace(/[\x00-\x1f\x7f-\x9f]/g, '·').replace(/\d{12,}/g, '…');

function strayed(visits: readonly AnsweredRequest[]): string | undefined {
  const lost = visits.filter(({ status }) => status >= 400);
  if (lost.length === 0) return undefined;
  const all = [...new Set(lost.map(({ method, path }) => printable(`${method} ${path}`)))];
  const more = all.length > SHOWN ? ` and ${all.length - SHOWN} more` : '';
  const nothing = lost.some(({ status }) => status === 404) ? 'nothing is there, ' : '';
  return `${NONE}: it asked ${all.slice(0, SHOWN).join(', ')}${more}: ${nothing}the gateway is at POST ${GATEWAY_PATH}.`;
}

/** Why no question came to the gateway, or what to look at; undefined where the user knows. */
export function missedRequestsHint({ visits, isInterrupted, isTold }: Run): string | undefined {
  const cause = strayed(visits);
  if (cause !== undefined) return cause;
  if (isInterrupted || isTold) return undefined;
  if (visits.length > 0) return `${NONE}, it asked only whether it is up (GET /load.html).`;
  return [
    `${NONE}. Did it get to its call? Does it call one of the gateway's own hosts?`,
    'Does it pass over HTTPS_PROXY, or bring its own list of certificate authorities (paybox-sim ca trust)?',
  ].join(' ');
}
