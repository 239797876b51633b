/** Where a reply goes: a socket, or whoever called `fetch` in this process. */
export interface ReplyChannel {
  /** Fires when whoever asked has gone. */
  readonly signal: AbortSignal;
  /** Cuts the connection instead of a reply. */
  cut(): Response;
  /** Sends the first of the bytes under a head that announces all of them, then cuts the connection. */
  part(bytes: Uint8Array<ArrayBuffer>, length: number, headers: Readonly<Record<string, string>>): Response;
}

const lost = (): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('The connection was cut.'), { code: 'ECONNRESET' }) });

/** The channel of a reply that no socket carries: what is cut fails as `fetch` fails. */
export function fetchChannel(signal: AbortSignal): ReplyChannel {
  return {
    signal,
    cut: () => {
      throw lost();
    },
    part: (bytes, length, headers) => {
      let isSent = false;
      const stream = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          if (isSent) controller.error(lost());
          else controller.enqueue(bytes);
          isSent = true;
        },
      });
      return new Response(stream, { headers: { ...headers, 'Content-Length': String(length) } });
    },
  };
}
