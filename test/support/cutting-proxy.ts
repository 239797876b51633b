import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** When a connection is cut: before the server receives the text, or after the server has answered it. */
type Moment = 'before' | 'after';

/** A TCP proxy that can cut a connection at a chosen text. */
export interface CuttingProxy {
  readonly port: number;
  /** Cuts the next connection on which a client sends the text. */
  cutAt(text: string, moment: Moment): void;
  /** Does the same, and refuses all connections from then on. Returns a promise that resolves at the cut. */
  endAt(text: string, moment: Moment): Promise<void>;
  /** Accepts connections again. */
  accept(): void;
  /** Returns how many connections were cut. */
  cuts(): number;
}

/** Starts a proxy to a port of this machine. It is stopped at the end of the test. */
export async function cuttingProxy(target: number): Promise<CuttingProxy> {
  let next: { readonly text: string; readonly moment: Moment } | undefined;
  let cuts = 0;
  let isEnded = false;
  let onEnd: (() => void) | undefined;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    if (isEnded) {
      client.destroy();
      return;
    }
    const upstream = connect(target, '127.0.0.1');
    const cut = (): void => {
      cuts++;
      client.destroy();
      upstream.destroy();
      if (!onEnd) return;
      isEnded = true;
      for (const socket of sockets) socket.destroy();
      onEnd();
      onEnd = undefined;
    };
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => other.destroy());
    }
    let awaitedReply: string | undefined;
    upstream.on('data', (bytes) => {
      if (awaitedReply === undefined) client.write(bytes);
      else if (bytes.includes(awaitedReply)) cut();
    });
    client.on('data', (bytes) => {
      if (!next || !bytes.includes(next.text)) {
        upstream.write(bytes);
        return;
      }
      const { text, moment } = next;
      next = undefined;
      if (moment === 'before') {
        cut();
        return;
      }
      // The reply of the server repeats the text, as PostgreSQL does with the tag of a command.
      awaitedReply = text;
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
    cutAt: (text, moment) => {
      next = { text, moment };
    },
    endAt: (text, moment) => {
      next = { text, moment };
      return new Promise((resolve) => {
        onEnd = resolve;
      });
    },
    accept: () => {
      isEnded = false;
    },
    cuts: () => cuts,
  };
}
