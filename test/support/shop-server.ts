import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request that a shop received. */
export interface ShopRequest {
  readonly method: string;
  /** The path with its query, as it was sent. */
  readonly url: string;
  readonly body: string;
}

/** The server of a shop: records what it receives. */
export interface ShopServer {
  readonly url: string;
  readonly received: readonly ShopRequest[];
  /** Resolves with the requests when there are this many. */
  receives(count: number): Promise<readonly ShopRequest[]>;
  close(): Promise<void>;
}

/** What a shop answers: by default 200 with the body `ok`. */
export interface ShopAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Starts the server of a shop on a free port. */
export async function openShopServer(
  answer: (request: ShopRequest, n: number) => ShopAnswer | Promise<ShopAnswer> = () => ({}),
): Promise<ShopServer> {
  const received: ShopRequest[] = [];
  const waiting = new Set<() => void>();
  const server = createServer(async (incoming, outgoing) => {
    const request = { method: incoming.method ?? '', url: incoming.url ?? '', body: await text(incoming) };
    received.push(request);
    const { status = 200, headers = {}, body = 'ok' } = await answer(request, received.length);
    outgoing.writeHead(status, headers).end(body);
    for (const check of waiting) check();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    receives: (count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (received.length < count) return;
          waiting.delete(check);
          resolve([...received]);
        };
        waiting.add(check);
        check();
      }),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
