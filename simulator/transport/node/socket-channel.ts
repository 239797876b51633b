import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { ReplyChannel } from '../reply-channel.js';

/** A channel over a socket: faults happen on the socket itself. */
export function socketChannel(outgoing: ServerResponse, signal: AbortSignal): ReplyChannel {
  return {
    signal,
    cut: () => {
      outgoing.destroy();
      return RESPONSE_ALREADY_SENT;
    },
    truncate: (bytes, length, headers) => {
      outgoing.writeHead(200, { ...headers, 'Content-Length': String(length) });
      outgoing.write(bytes, () => outgoing.destroy());
      return RESPONSE_ALREADY_SENT;
    },
  };
}

/** Sends a Response over a socket. Does nothing for a response that a {@link socketChannel} has sent. */
export async function sendResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  if (response === RESPONSE_ALREADY_SENT) return;
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  try {
    for await (const chunk of response.body ?? []) outgoing.write(chunk);
    outgoing.end();
  } catch {
    outgoing.destroy();
  }
}
