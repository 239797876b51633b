import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Way } from '../reply-channel.js';

/** The way of a reply over a socket, which is what breaks. */
export function socketWay(outgoing: ServerResponse, signal: AbortSignal): Way {
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
