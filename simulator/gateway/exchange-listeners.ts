/** Follows the exchanges of one gateway. */
export interface ExchangeListener {
  /** An exchange was committed. */
  readonly onExchange: () => void;
  /** No further call follows: close the connection. */
  readonly onEnd: () => void;
}

/** The listeners of all gateways in this process. They are notified of an exchange and read it from the journal. */
export class ExchangeListeners {
  readonly #listeners = new Map<string, Set<ExchangeListener>>();

  /** Adds a listener. Returns a function that removes it. */
  add(gateway: string, listener: ExchangeListener): () => void {
    const listeners = this.#listeners.get(gateway) ?? new Set();
    this.#listeners.set(gateway, listeners.add(listener));
    return () => {
      listeners.delete(listener);
    };
  }

  notify(gateway: string): void {
    for (const { onExchange } of this.#listeners.get(gateway) ?? []) onExchange();
  }

  /** Ends and removes all current listeners. New ones can be added: after an outage the server is followed again. */
  end(): void {
    const all = [...this.#listeners.values()].flatMap((listeners) => [...listeners]);
    this.#listeners.clear();
    for (const { onEnd } of all) onEnd();
  }
}
