/** Somebody who watches a gateway's exchanges as they come. */
export interface Watcher {
  /** There was an exchange, and it is kept. */
  readonly onExchange: () => void;
  /** Nothing more will be told: let go of the connection. */
  readonly onEnd: () => void;
}

/** Those who watch the gateways of this process. They are told that something came, and look for themselves what it is. */
export class Watchers {
  readonly #watchers = new Map<string, Set<Watcher>>();

  /** @returns how to stop */
  watch(gateway: string, watcher: Watcher): () => void {
    const watchers = this.#watchers.get(gateway) ?? new Set();
    this.#watchers.set(gateway, watchers.add(watcher));
    return () => {
      watchers.delete(watcher);
    };
  }

  tell(gateway: string): void {
    for (const { onExchange } of this.#watchers.get(gateway) ?? []) onExchange();
  }

  /** Sends all away who watch now. Whoever comes later is let in: a server that was down for a while is watched again. */
  end(): void {
    const all = [...this.#watchers.values()].flatMap((watchers) => [...watchers]);
    this.#watchers.clear();
    for (const { onEnd } of all) onEnd();
  }
}
