import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { GATEWAY_PATH } from '../../contracts/index.js';
import { printable } from '../../scenarios/terminal.js';
import { messages } from '../messages/index.js';

/** An HTTP request that a server of this process answered. */
interface AnsweredRequest {
  readonly method: string;
  /** Without the query, which may contain a card number. */
  readonly path: string;
  readonly status: number;
}

/** What is known about a program from which the gateway received no question. */
export interface RunWithoutQuestion {
  readonly requests: readonly AnsweredRequest[];
  /** Whether a signal ended the program, or was sent to it. */
  readonly isInterrupted: boolean;
  /** Whether a refused host or an untrusted certificate was already reported to the user. */
  readonly isWarningPrinted: boolean;
}

const ANSWERED_CHANNEL = 'http.server.response.finish';

const CONTROL_PATH = /(?:^|\/)_sim(?:\/|$)/;

/** How many requests the hint names. */
const MAX_NAMED = 5;

/** Collects the requests that servers of this process answer, except those of the control API, until `stop` is called. */
export function collectRequests(): { readonly requests: readonly AnsweredRequest[]; stop(): void } {
  const requests: AnsweredRequest[] = [];
  const listener = (message: unknown): void => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    const path = (request.url ?? '').replace(/[?#].*/s, '');
    // A request to the proxy has an absolute URL: it names another host and was refused.
    if (path.startsWith('/') && !CONTROL_PATH.test(path))
      requests.push({ method: request.method ?? '', path, status: response.statusCode });
  };
  subscribe(ANSWERED_CHANNEL, listener);
  return { requests, stop: () => void unsubscribe(ANSWERED_CHANNEL, listener) };
}

// A path may contain a card number.
const withoutDigits = (text: string): string => text.replace(/\d{12,}/g, '…');

function wrongPathHint(requests: readonly AnsweredRequest[]): string | undefined {
  const failed = requests.filter(({ status }) => status >= 400);
  if (failed.length === 0) return undefined;
  const distinct = [...new Set(failed.map(({ method, path }) => withoutDigits(printable(`${method} ${path}`))))];
  const named = distinct.slice(0, MAX_NAMED);
  const isNotFound = failed.some(({ status }) => status === 404);
  return messages().exec.wrongPath(named.join(', '), distinct.length - named.length, isNotFound, GATEWAY_PATH);
}

/** Returns why the gateway received no question, or what to check; undefined if the user knows the reason already. */
export function missedRequestsHint({ requests, isInterrupted, isWarningPrinted }: RunWithoutQuestion): string | undefined {
  const { exec } = messages();
  const wrongPath = wrongPathHint(requests);
  if (wrongPath === undefined && (isInterrupted || isWarningPrinted)) return undefined;
  return `${exec.noQuestion}. ${wrongPath ?? (requests.length > 0 ? exec.onlyChecked : exec.reasons)}`;
}
