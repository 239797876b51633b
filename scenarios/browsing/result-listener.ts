import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** The ways on which a result reaches a shop: the gateway's call, and the form of the customer's browser. */
export type ResultWay = 'server' | 'browser';

/** A result that the shop of a case received. */
export interface Arrival {
  readonly way: ResultWay;
  /** The query of the call, or the body of the form, as it was sent. */
  readonly raw: string;
}

/** Longest form that is read: 64 KiB. */
const MAX_LENGTH = 64 * 1024;

/** The addresses of a shop for the results of its authentications, on a free port of this machine. */
export class ResultListener {
  readonly #server: Server;
  readonly #arrivals = new Map<string, Arrival[]>();
  readonly #waiting = new Set<() => void>();

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#receive(request).then(
        (known) => response.writeHead(known ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8' }).end('<p>ok</p>'),
        () => response.destroy(),
      );
    });
  }

  /** Opens a listener. */
  static async open(): Promise<ResultListener> {
    const listener = new ResultListener();
    listener.#server.listen(0, '127.0.0.1');
    await once(listener.#server, 'listening');
    return listener;
  }

  /** Returns the addresses of an authentication. They have a variable of the shop's own, which the gateway must keep and not sign. */
  addressesOf(order: string): { readonly URLHttpDirect: string; readonly URLRetour: string } {
    return { URLHttpDirect: `${this.#base}/server?order=${order}`, URLRetour: `${this.#base}/browser?order=${order}` };
  }

  /** Whether an address is one of the listener's. */
  owns(url: string): boolean {
    return url.startsWith(`${this.#base}/`);
  }

  /** The results of an authentication that have arrived, in their order. */
  arrivalsOf(order: string): readonly Arrival[] {
    return this.#arrivals.get(order) ?? [];
  }

  /** Resolves when this many calls of the gateway have arrived, or when the signal is aborted. */
  async receives(order: string, calls: number, signal: AbortSignal): Promise<void> {
    const isComplete = (): boolean => this.arrivalsOf(order).filter(({ way }) => way === 'server').length >= calls;
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (!isComplete() && !signal.aborted) return;
        this.#waiting.delete(check);
        signal.removeEventListener('abort', check);
        resolve();
      };
      this.#waiting.add(check);
      signal.addEventListener('abort', check);
      check();
    });
  }

  /** Closes the listener and its connections. */
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  get #base(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #receive(request: IncomingMessage): Promise<boolean> {
    const url = request.url ?? '';
    const { pathname, searchParams } = new URL(url, this.#base);
    const way = pathname.slice(1);
    const order = searchParams.get('order');
    if ((way !== 'server' && way !== 'browser') || order === null) return false;
    const body = (await text(request)).slice(0, MAX_LENGTH);
    const raw = way === 'server' ? url.slice(url.indexOf('?') + 1) : body;
    this.#arrivals.set(order, [...this.arrivalsOf(order), { way, raw }]);
    for (const check of this.#waiting) check();
    return true;
  }
}
