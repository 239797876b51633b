import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { ReplyChannel } from '../reply-channel.js';

/** The channel of a reply over a socket, which is what breaks. */
export function socketChannel(outgoing: ServerResponse, signal: AbortSignal): ReplyChannel {
  return {
    signal,
    cut: () => {
      outgoing.destroy();
      return RESPONSE_ALREADY_SENT;
    },
    part: (bytes, length, headers) => {
      outgoing.writeHead(200, { ...headers, 'Content-Length': String(length) });
      outgoing.write(bytes, () => outgoing.destroy());
      return RESPONSE_ALREADY_SENT;
    },
  };
}
