/** Where a reply waits for another to be exchanged with. */
export interface SwapDesk {
  /**
   * @param key what both are there for
   * @param signal fires when whoever was to get the reply has gone: the next one then waits for another
   * @returns the other's body; undefined: the signal fired before it came
   */
  swap(key: string, body: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | undefined>;
}

/** A desk for replies of this process. */
export class LocalSwapDesk implements SwapDesk {
  readonly #waiting = new Map<string, { body: Uint8Array<ArrayBuffer>; resolve: (other: Uint8Array<ArrayBuffer>) => void }>();

  // The first of two waits for the second; gone before that, it leaves no trace.
  async swap(key: string, body: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (signal.aborted) return undefined;
    const other = this.#waiting.get(key);
    if (other) {
      this.#waiting.delete(key);
      other.resolve(body);
      return other.body;
    }
    return new Promise((resolve) => {
      this.#waiting.set(key, { body, resolve });
      signal.addEventListener('abort', () => {
        if (this.#waiting.get(key)?.resolve === resolve) this.#waiting.delete(key);
        resolve(undefined);
      });
    });
  }
}
