import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { lastReply, openReplies } from './open-replies.js';

/** Bytes that follow the body of a request and are no request: its Content-Length is too small. */
export interface TrailingBytes {
  /** The Content-Length. */
  readonly announced: number;
  /** Length of the body with what follows it, in bytes. */
  readonly sent: number;
  /** The same in characters, as UTF-8; undefined if the body did not arrive together with what follows. */
  readonly characters: number | undefined;
}

/** Reports bytes that follow the body of a request. Never rejects. */
export type OnTrailingBytes = (request: IncomingMessage, trailing: TrailingBytes) => Promise<void>;

/** The status lines that Node.js has for errors of its parser. All others are 400. */
const STATUSES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** How long a client may take to close the connection. Milliseconds. */
const CLOSE_TIMEOUT = 2000;

const HEAD_END = '\r\n\r\n';

interface ParserError extends Error {
  readonly code?: string;
  /** What was parsed last. */
  readonly rawPacket?: Buffer;
}

function trailingBytes({ headers }: IncomingMessage, packet: Buffer): TrailingBytes {
  const announced = Number(headers['content-length']);
  const head = packet.lastIndexOf(HEAD_END);
  const sent = head < 0 ? packet : packet.subarray(head + HEAD_END.length);
  // The packet holds the whole body, or only what follows it.
  if (sent.length > announced) return { announced, sent: sent.length, characters: sent.toString().length };
  return { announced, sent: announced + sent.length, characters: undefined };
}

async function reportTrailing(socket: Duplex, { code = '', rawPacket }: ParserError, report: OnTrailingBytes): Promise<void> {
  const request = lastReply(socket)?.req;
  if (!request?.complete || !request.headers['content-length'] || !rawPacket || !code.startsWith('HPE_')) return;
  await report(request, trailingBytes(request, rawPacket));
}

function refuse(socket: Duplex, { code = '' }: ParserError): void {
  // A response that has begun would be mixed with this one.
  const last = lastReply(socket);
  const hasBegun = last?.headersSent && !last.writableFinished;
  if (!socket.writable || hasBegun) {
    socket.destroy();
    return;
  }
  socket.end(`HTTP/1.1 ${STATUSES[code] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`);
  // Closed at once, a connection with unread bytes is reset, and the client may lose the replies.
  const timer = setTimeout(() => socket.destroy(), CLOSE_TIMEOUT).unref();
  socket.once('close', () => clearTimeout(timer));
}

/**
 * Answers what is no HTTP request with 400 and closes the connection, like Node.js, but after the replies to the requests before it: by
 * default Node.js destroys the connection, and the client loses replies to questions that were processed.
 *
 * @param report called with bytes that follow the body of a request, before the 400 is sent
 */
export function answerBadRequests(server: Server, report: OnTrailingBytes): Server {
  const refused = new WeakSet<Duplex>();
  return server.on('clientError', async (error: ParserError, socket) => {
    // The parser reports every further packet too.
    if (refused.has(socket)) return;
    refused.add(socket);
    await openReplies(socket);
    await reportTrailing(socket, error, report);
    refuse(socket, error);
  });
}
