/** Bytes that may wait for a reader. One that lets more wait is dropped. */
const BACKLOG_LIMIT = 4 * 2 ** 20;

/** Told to a reader that is dropped, in place of what waited for it. */
const DROPPED =
  'This reader took the exchanges too slowly and was dropped. Connect again with the Last-Event-ID of the last exchange received to read on from there.';

const encoder = new TextEncoder();

/** Returns a server-sent event as bytes. */
export function encodeEvent(event: string, data: unknown, id?: number): Uint8Array {
  return encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n${id === undefined ? '' : `id: ${id}\n`}\n`);
}

/** One reader of a stream of events. Chunks wait here until the reader takes them. */
export class EventReader {
  /** The seq of the last exchange that was sent to it. */
  position: number;
  readonly stream: ReadableStream<Uint8Array>;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #isEnded = false;
  /** Called when a chunk is added, and when all were taken. */
  #wake: () => void = () => {};
  #onTaken: () => void = () => {};
  readonly #onEnd: () => void;

  /** @param onEnd called once, when no more chunks can be sent */
  constructor(position: number, onEnd: () => void) {
    this.position = position;
    this.#onEnd = onEnd;
    this.stream = new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          const chunk = await this.#take();
          if (chunk) controller.enqueue(chunk);
          else controller.close();
        },
        cancel: () => this.end(),
      },
      { highWaterMark: 0 },
    );
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Sends a chunk that ends with the exchange of this seq. Drops the reader if too much waits already. */
  send(chunk: Uint8Array, position = this.position): void {
    if (this.#isEnded) return;
    if (this.#waitingBytes + chunk.length > BACKLOG_LIMIT && this.#waiting.length > 0) {
      this.#waiting = [encodeEvent('dropped', { message: DROPPED })];
      this.end();
      return;
    }
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    this.position = position;
    this.#wake();
  }

  /** Resolves when the reader has taken everything, or has ended. */
  async taken(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#isEnded)
      await new Promise<void>((resolve) => {
        this.#onTaken = resolve;
      });
  }

  /** Ends the stream after what waits. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#wake();
    this.#onTaken();
    this.#onEnd();
  }

  /** Resolves with the next chunk, or with undefined at the end. */
  async #take(): Promise<Uint8Array | undefined> {
    while (this.#waiting.length === 0 && !this.#isEnded)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    const chunk = this.#waiting.shift();
    this.#waitingBytes -= chunk?.length ?? 0;
    if (this.#waiting.length === 0) this.#onTaken();
    return chunk;
  }
}
