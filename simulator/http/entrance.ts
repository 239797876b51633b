import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { openPort } from './open-port.js';

/** How connections come to a server. */
export interface Entrance {
  /**
   * Lets connections come.
   *
   * @returns where from
   * @throws ListenError when they cannot
   */
  open(server: Server, port: number, host: string): Promise<Pick<AddressInfo, 'address' | 'port'>>;
  /** Lets no more come; kept once those that came have ended. */
  close(server: Server): Promise<void>;
}

/** Connections come from a port of this process. */
export const portEntrance: Entrance = {
  open: openPort,
  close: (server) =>
    new Promise((resolve) => {
      server.close(() => resolve());
    }),
};

/** Connections come from another process, which has the port. */
export class HandedEntrance implements Entrance {
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #onEmpty = (): void => {};

  async open(server: Server, port: number, host: string): Promise<Pick<AddressInfo, 'address' | 'port'>> {
    this.#server = server;
    return { address: host, port };
  }

  close(): Promise<void> {
    this.#server = undefined;
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
      if (this.#sockets.size === 0) resolve();
    });
  }

  /** Takes a connection that was accepted elsewhere. */
  take(socket: Socket): void {
    if (!this.#server) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#onEmpty();
    });
    // As a server's own are.
    socket.allowHalfOpen = true;
    socket.setNoDelay(true);
    this.#server.emit('connection', socket);
    // It was accepted paused: nothing of it was to be read there.
    socket.resume();
  }
}
