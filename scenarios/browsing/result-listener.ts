import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** The ways on which a result reaches a shop: the gateway's call, and the customer's browser. */
export type ResultWay = 'server' | 'browser';

/** The addresses of a shop for the results of the hosted page. */
const RETURN_ADDRESSES = ['PBX_REPONDRE_A', 'PBX_EFFECTUE', 'PBX_REFUSE', 'PBX_ANNULE', 'PBX_ATTENTE'] as const;

/** An address of a shop for the results of the hosted page. */
export type ReturnAddress = (typeof RETURN_ADDRESSES)[number];

/** A result that the shop of a case received. */
export interface Arrival {
  readonly way: ResultWay;
  /** The address that it came to, if it is a result of the hosted page. */
  readonly to?: ReturnAddress;
  readonly method: string;
  /** The query, or the body of a POST, as it was sent. */
  readonly raw: string;
  /** Names the authentication or the checkout. */
  readonly order: string;
}

/** Longest form that is read: 64 KiB. */
const MAX_LENGTH = 64 * 1024;

/** What the paths of the listener are for. */
const PATHS: ReadonlyMap<string, Pick<Arrival, 'way' | 'to'>> = new Map<string, Pick<Arrival, 'way' | 'to'>>([
  ['server', { way: 'server' }],
  ['browser', { way: 'browser' }],
  ...RETURN_ADDRESSES.map((to) => [to, { way: to === 'PBX_REPONDRE_A' ? 'server' : 'browser', to }] as const),
]);

/** The addresses of a shop for the results of its authentications and of its hosted payments, on a free port of this machine. */
export class ResultListener {
  readonly #server: Server;
  readonly #arrivals: Arrival[] = [];
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

  /** Returns the addresses of a checkout, each with a variable of the shop's own. */
  returnAddressesOf(order: string): Readonly<Record<ReturnAddress, string>> {
    const pairs = RETURN_ADDRESSES.map((name) => [name, `${this.#base}/${name}?order=${order}`]);
    return Object.fromEntries(pairs) as Record<ReturnAddress, string>;
  }

  /** Whether an address is one of the listener's. */
  owns(url: string): boolean {
    return url.startsWith(`${this.#base}/`);
  }

  /** All results that have arrived, in their order. */
  get arrivals(): readonly Arrival[] {
    return this.#arrivals;
  }

  /** The results of an authentication or a checkout that have arrived, in their order. */
  arrivalsOf(order: string): readonly Arrival[] {
    return this.#arrivals.filter((arrival) => arrival.order === order);
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
    const { url = '', method = 'GET' } = request;
    const { pathname, searchParams } = new URL(url, this.#base);
    const path = PATHS.get(pathname.slice(1));
    const order = searchParams.get('order');
    if (!path || order === null) return false;
    const body = (await text(request)).slice(0, MAX_LENGTH);
    const raw = method === 'POST' ? body : url.slice(url.indexOf('?') + 1);
    this.#arrivals.push({ ...path, method, raw, order });
    for (const check of this.#waiting) check();
    return true;
  }
}
