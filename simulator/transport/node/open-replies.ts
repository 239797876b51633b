import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** The responses of each connection that may not be sent yet, in the order of their requests. The last one is always kept. */
const responses = new WeakMap<Duplex, ServerResponse[]>();

const isOpen = (response: ServerResponse): boolean => !response.writableFinished && !response.destroyed;

/** Remembers a response of a connection, to wait for with {@link openReplies}. */
export function rememberReply(response: ServerResponse): void {
  const { socket } = response.req;
  const known = responses.get(socket);
  if (!known) responses.set(socket, [response]);
  else if (known.some(isOpen)) responses.set(socket, [...known.filter(isOpen), response]);
  else known.splice(0, known.length, response);
}

/** The last response of a connection; undefined if it had none. */
export const lastReply = (socket: Duplex): ServerResponse | undefined => responses.get(socket)?.at(-1);

/**
 * Resolves when the complete requests of a connection are answered; undefined if they are. A request that broke off counts as answered.
 */
export function openReplies(socket: Duplex): Promise<unknown> | undefined {
  const open = (responses.get(socket) ?? []).filter((response) => response.req.complete && isOpen(response));
  if (open.length === 0) return undefined;
  return Promise.all(open.map((response) => new Promise((resolve) => response.once('close', resolve))));
}
