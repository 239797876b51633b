import type { AddressInfo, Server } from 'node:net';

/** The port cannot be opened. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

const ADVICE: Readonly<Record<string, (port: number, host: string) => string>> = {
  EADDRINUSE: (port) =>
    `Port ${port} is in use, perhaps by another simulator. Stop that program, or choose another port (--port 0 picks a free one).`,
  EACCES: (port) => `Port ${port} may not be opened by this user. Choose one above 1023.`,
  EADDRNOTAVAIL: (_, host) => `${host} is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all.`,
};

function listenError(error: NodeJS.ErrnoException, port: number, host: string): ListenError {
  const advice = ADVICE[error.code ?? '']?.(port, host);
  return new ListenError(advice ?? `Cannot listen on ${host}:${port}: ${error.message}.`, { cause: error });
}

/**
 * Makes a server listen on a port.
 *
 * @throws ListenError when the port cannot be opened
 */
export function openPort(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => reject(listenError(error, port, host));
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      resolve(server.address() as AddressInfo);
    });
  });
}
