import { createServer, type Server, type Socket } from 'node:net';
import { openPort } from '../../simulator/http/open-port.js';

/** Has the port that the workers serve, and hands every connection on as it comes. */
export class Front {
  readonly #server: Server;
  #place: readonly [port: number, host: string] = [0, ''];
  #isEnded = false;

  /** @param onConnection told of each connection; nothing of it has been read */
  constructor(onConnection: (socket: Socket) => void) {
    this.#server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, onConnection);
  }

  /**
   * @returns where it listens: the port that was picked, where that was 0
   * @throws ListenError when the port cannot be opened
   */
  async open(port: number, host: string): Promise<{ port: number; host: string }> {
    const opened = await openPort(this.#server, port, host);
    this.#place = [opened.port, host];
    return { port: opened.port, host: opened.address };
  }

  /** Refuses connections until this is kept. */
  async refuseUntil(over: Promise<unknown>): Promise<void> {
    this.#server.close();
    await over;
    if (!this.#isEnded && !this.#server.listening) await openPort(this.#server, ...this.#place);
  }

  close(): void {
    this.#isEnded = true;
    if (this.#server.listening) this.#server.close();
  }
}
