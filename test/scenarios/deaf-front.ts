import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An address of a shop for results. */
export type DeafWay = '/direct' | '/back';

function forward(shop: URL, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, url, headers } = incoming;
  // The shop makes its own addresses from the Host header, which is that of the front.
  const onward = request({ host: shop.hostname, port: shop.port, method, path: url, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}

/** Starts a server in front of a shop that answers 404 at one address: a shop that hears of a result on the other way only. */
export async function openDeafFront(shop: string, deaf: DeafWay): Promise<{ readonly url: string; readonly close: () => void }> {
  const server = createServer((incoming, outgoing) => {
    if (incoming.url?.startsWith(deaf)) outgoing.writeHead(404).end();
    else forward(new URL(shop), incoming, outgoing);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
