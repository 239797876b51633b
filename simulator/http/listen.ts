import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { wait } from '../wait.js';

/** The port cannot be opened. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** A server that listens. */
export interface Listening {
  /** `http://127.0.0.1:8888`, without a path. */
  readonly url: string;
  /** Refuses connections for so many milliseconds, then listens again; kept once it does. Requests at work are answered. */
  outage(milliseconds: number): Promise<void>;
  /** Ends it: no new connection, requests at work are answered. */
  close(): Promise<void>;
}

const ADVICE: Readonly<Record<string, (port: number, host: string) => string>> = {
  EADDRINUSE: (port) =>
    `Port ${port} is in use, perhaps by another simulator. Stop that program, or choose another port (--port 0 picks a free one).`,
  EACCES: (port) => `Port ${port} may not be opened by this user. Choose one above 1023.`,
  EADDRNOTAVAIL: (_, host) => `${host} is no address of this machine. Use 127.0.0.1, or 0.0.0.0 for all.`,
};

function listenError(error: NodeJS.ErrnoException, port: number, host: string): ListenError {
  const advice = ADVICE[error.code ?? '']?.(port, host);
  return new ListenError(advice ?? `Cannot listen on ${host}:${port}: ${error.message}.`, { cause: error });
}

const shownHost = (address: string): string => {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1';
  return address.includes(':') ? `[${address}]` : address;
};

// A client that keeps its connection open would hold the close back for as long as it likes: each goes once it is idle.
const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), 10);
    server.close(() => {
      clearInterval(sweep);
      resolve();
    });
    setTimeout(() => server.closeAllConnections(), 2000).unref();
  });

function open(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => reject(listenError(error, port, host));
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      resolve(server.address() as AddressInfo);
    });
  });
}

/**
 * Serves an app on a port.
 *
 * @throws ListenError when the port cannot be opened
 */
export async function listen(app: Hono, port: number, host: string): Promise<Listening> {
  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  const { address, port: opened } = await open(server, port, host);
  let isEnded = false;
  return {
    url: `http://${shownHost(address)}:${opened}`,
    outage: async (milliseconds) => {
      await Promise.all([closeServer(server), wait(milliseconds)]);
      if (!isEnded) await open(server, opened, host);
    },
    close: async () => {
      isEnded = true;
      if (server.listening) await closeServer(server);
    },
  };
}
