import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** When a connection is cut: before a word comes to the server, or once the server has done what it says. */
type Moment = 'before' | 'after';

/** A way to a server on which connections can be cut at a chosen word. */
export interface CuttingProxy {
  readonly port: number;
  /** Cuts the next connection that carries the word. */
  cutAt(word: string, moment: Moment): void;
  /** How often it has cut. */
  cuts(): number;
}

/** Leads connections to a port of this machine until the test is over. */
export async function cuttingProxy(target: number): Promise<CuttingProxy> {
  let next: { readonly word: string; readonly moment: Moment } | undefined;
  let cuts = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    const cut = (): void => {
      cuts++;
      client.destroy();
      upstream.destroy();
    };
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => other.destroy());
    }
    let last: string | undefined;
    upstream.on('data', (bytes) => {
      if (last === undefined) client.write(bytes);
      else if (bytes.includes(last)) cut();
    });
    client.on('data', (bytes) => {
      if (!next || !bytes.includes(next.word)) {
        upstream.write(bytes);
        return;
      }
      const { word, moment } = next;
      next = undefined;
      if (moment === 'before') {
        cut();
        return;
      }
      // The server says it again once it has done it.
      last = word;
      upstream.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as { port: number }).port,
    cutAt: (word, moment) => {
      next = { word, moment };
    },
    cuts: () => cuts,
  };
}
