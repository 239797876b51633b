/** Somebody who watches a gateway's exchanges as they come. */
export interface ExchangeListener {
  /** There was an exchange, and it is kept. */
  readonly onExchange: () => void;
  /** Nothing more will be told: let go of the connection. */
  readonly onEnd: () => void;
}

/** Those who watch the gateways of this process. They are told that something came, and look for themselves what it is. */
export class ExchangeListeners {
  readonly #listeners = new Map<string, Set<ExchangeListener>>();

  /** @returns how to stop */
  watch(gateway: string, watcher: ExchangeListener): () => void {
    const listeners = this.#listeners.get(gateway) ?? new Set();
    this.#listeners.set(gateway, listeners.add(watcher));
    return () => {
      listeners.delete(watcher);
    };
  }

  tell(gateway: string): void {
    for (const { onExchange } of this.#listeners.get(gateway) ?? []) onExchange();
  }

  /** Sends all away who watch now. Whoever comes later is let in: a server that was down for a while is watched again. */
  end(): void {
    const all = [...this.#listeners.values()].flatMap((listeners) => [...listeners]);
    this.#listeners.clear();
    for (const { onEnd } of all) onEnd();
  }
}
