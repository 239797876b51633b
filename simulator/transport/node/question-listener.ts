import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type Finding, finding } from '../../engine/finding.js';
import type { Gateway, Received } from '../../gateway/gateway.js';
import type { Gateways } from '../../gateway/gateways.js';
import type { FaultInjector } from '../fault-injector.js';
import { BodyCollector, matchRequest, receivedByGet } from '../gateway-request.js';
import { replyHeaders } from '../handle-request.js';
import type { OnTrailingBytes, TrailingBytes } from './bad-requests.js';
import { sendResponse, socketChannel } from './socket-channel.js';

function hostnameOf({ headers: { host = '' } }: IncomingMessage): string {
  const port = host.lastIndexOf(':');
  return port < 0 ? host : host.slice(0, port);
}

function readBody(incoming: IncomingMessage, onBody: (body: Uint8Array, tooLarge: boolean) => void): void {
  const collector = new BodyCollector(incoming.headers['content-length'] ?? '');
  let isRead = false;
  const finish = ({ body, tooLarge }: ReturnType<BodyCollector['end']>): void => {
    if (isRead) return;
    isRead = true;
    onBody(body, tooLarge);
  };
  // A body that is too large is answered at once; what still arrives of it is discarded.
  const finishIfTooLarge = (): void => {
    if (collector.isTooLarge) finish(collector.end());
  };
  incoming.on('data', (chunk: Buffer) => {
    collector.push(chunk);
    finishIfTooLarge();
  });
  incoming.on('end', () => finish(collector.end()));
  incoming.on('error', () => finish(BodyCollector.broken()));
  finishIfTooLarge();
}

function closeSignal(outgoing: ServerResponse): AbortSignal {
  const closed = new AbortController();
  outgoing.on('close', () => closed.abort());
  return closed.signal;
}

async function answer(gateway: Gateway, faults: FaultInjector, received: Received, outgoing: ServerResponse): Promise<void> {
  const answered = await gateway.answer(received);
  const headers = await replyHeaders(answered, gateway);
  if (answered.fault) {
    const channel = socketChannel(outgoing, closeSignal(outgoing));
    await sendResponse(await faults.send(answered, answered.fault, gateway.name, headers, channel), outgoing);
    return;
  }
  outgoing.writeHead(200, { ...headers, 'Content-Length': answered.text.length });
  outgoing.end(answered.text, 'latin1');
}

/**
 * Answers questions on the socket itself and passes every other request on. The result is the same as that of the routes; a question that is
 * answered here costs no Request and no Response object, which are most of what HTTP costs.
 */
export function questionListener(gateways: Gateways, faults: FaultInjector, otherwise: RequestListener): RequestListener {
  return (incoming, outgoing) => {
    const matched = matchRequest(incoming.method ?? '', incoming.url ?? '', hostnameOf(incoming));
    if (matched?.kind !== 'question') {
      otherwise(incoming, outgoing);
      return;
    }
    if (matched.query !== undefined) {
      incoming.resume();
      void answer(gateways.get(matched.gateway), faults, receivedByGet(matched.query, matched.host), outgoing);
      return;
    }
    const contentType = incoming.headers['content-type'] ?? '';
    const { host, isAtRoot } = matched;
    readBody(incoming, (body, tooLarge) => {
      void answer(gateways.get(matched.gateway), faults, { body, tooLarge, contentType, host, isAtRoot }, outgoing);
    });
  };
}

function trailingFinding({ announced, sent, characters }: TrailingBytes): Finding {
  if (characters === announced) return finding('content-length-differs', 'characters', { announced, sent });
  return characters === undefined || characters === sent
    ? finding('content-length-differs', 'bytes', { announced, sent })
    : finding('content-length-differs', 'counted', { announced, sent, characters });
}

/** Records bytes that follow the body of a question in the journal of its gateway. */
export function recordTrailingBytes(gateways: Gateways): OnTrailingBytes {
  return async (incoming, trailing) => {
    const matched = matchRequest(incoming.method ?? '', incoming.url ?? '', hostnameOf(incoming));
    if (matched?.kind !== 'question') return;
    const found = trailingFinding(trailing);
    await gateways.get(matched.gateway).recordMissed(`${incoming.method} ${incoming.url?.replace(/[?#].*/s, '')}`, 400, found);
  };
}
