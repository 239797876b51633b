/** Where a reply goes: to a socket, or to a caller of `fetch` in this process. */
export interface ReplyChannel {
  /** Fires when the client has gone. */
  readonly signal: AbortSignal;
  /** Cuts the connection without a reply. */
  cut(): Response;
  /** Sends the first bytes of a reply with headers that announce its whole length, then cuts the connection. */
  truncate(bytes: Uint8Array<ArrayBuffer>, length: number, headers: Readonly<Record<string, string>>): Response;
}

const connectionCut = (): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('The connection was cut.'), { code: 'ECONNRESET' }) });

/** A channel without a socket: a cut connection fails as `fetch` fails. */
export function fetchChannel(signal: AbortSignal): ReplyChannel {
  return {
    signal,
    cut: () => {
      throw connectionCut();
    },
    truncate: (bytes, length, headers) => {
      let isSent = false;
      const stream = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          if (isSent) controller.error(connectionCut());
          else controller.enqueue(bytes);
          isSent = true;
        },
      });
      return new Response(stream, { headers: { ...headers, 'Content-Length': String(length) } });
    },
  };
}
