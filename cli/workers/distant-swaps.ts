import type { SwapDesk } from '../../simulator/door/swap-desk.js';
import type { FromWorker, ToWorker } from './messages.js';

type Body = Uint8Array<ArrayBuffer>;

const bytes = (base64: string): Body => Uint8Array.from(Buffer.from(base64, 'base64'));

/** A worker's end of the desk where replies of all workers meet. */
export class DistantSwaps implements SwapDesk {
  readonly #send: (message: FromWorker) => void;
  readonly #waiting = new Map<number, (body: Body | undefined) => void>();
  #count = 0;

  constructor(send: (message: FromWorker) => void) {
    this.#send = send;
  }

  async swap(key: string, body: Body, signal: AbortSignal): Promise<Body | undefined> {
    if (signal.aborted) return undefined;
    const id = ++this.#count;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      signal.addEventListener('abort', () => {
        if (!this.#waiting.delete(id)) return;
        this.#send({ swapGone: id });
        resolve(undefined);
      });
      this.#send({ swap: { id, key, body: Buffer.from(body).toString('base64') } });
    });
  }

  /** Hands out what the first process sent for a reply that waits. */
  take({ id, body }: NonNullable<ToWorker['swapped']>): void {
    this.#waiting.get(id)?.(bytes(body));
    this.#waiting.delete(id);
  }
}

/** The first process's side: where one worker's replies wait on the desk of all. */
export class SwapVisitor {
  readonly #desk: SwapDesk;
  readonly #send: (message: ToWorker) => void;
  readonly #waiting = new Map<number, AbortController>();

  constructor(desk: SwapDesk, send: (message: ToWorker) => void) {
    this.#desk = desk;
    this.#send = send;
  }

  async wait({ id, key, body }: NonNullable<FromWorker['swap']>): Promise<void> {
    const gone = new AbortController();
    this.#waiting.set(id, gone);
    const other = await this.#desk.swap(key, bytes(body), gone.signal);
    this.#waiting.delete(id);
    if (other) this.#send({ swapped: { id, body: Buffer.from(other).toString('base64') } });
  }

  leave(id: number): void {
    this.#waiting.get(id)?.abort();
  }

  /** The worker is no more: nobody shall be given away to it. */
  leaveAll(): void {
    for (const gone of this.#waiting.values()) gone.abort();
  }
}
