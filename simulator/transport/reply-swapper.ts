/** Swaps the bodies of two replies. */
export class ReplySwapper {
  readonly #waiting = new Map<string, { body: Uint8Array<ArrayBuffer>; resolve: (other: Uint8Array<ArrayBuffer>) => void }>();

  /**
   * Waits for the other reply of the key; the first of two waits for the second.
   *
   * @param key what both replies belong to
   * @param signal fires when the client of this reply has gone; the next reply of the key then waits for another
   * @returns the other reply's body; undefined where the signal fired first
   */
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
