import type { NewJournalEntry } from '../journal/entry.js';
import type { Storage } from '../store/store.js';
import type { Answer } from './answer.js';
import type { GatewaySettings } from './configuration/settings.js';
import { ExchangeListeners } from './exchange-listeners.js';
import { Gateway, uniqueDeployment } from './gateway.js';

/** Name of the gateway that answers at `/PPPS.php`. */
export const MAIN = 'main';

/** Told of every exchange once it is committed, or has failed. */
export type OnExchange = (entry: NewJournalEntry, gateway: string, failure: string | undefined) => void;

/** What a session name must look like, as a message for the user. */
export const GATEWAY_NAME_RULE = "A gateway's name is 1 to 64 letters, digits, dots, hyphens or underscores.";

/** Whether a text may name a gateway of its own at `/s/<name>/PPPS.php`. */
export function isGatewayName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name);
}

/** The gateways of one process: the main one, and one of its own for whoever names it. Runs anywhere. */
export class Gateways {
  readonly storage: Storage;
  /** Who watches what comes. */
  readonly listeners = new ExchangeListeners();
  readonly #settings: GatewaySettings;
  readonly #onExchange: OnExchange | undefined;
  readonly #deployment: string;
  readonly #gateways = new Map<string, Gateway>();
  readonly #dropping = new Map<string, Promise<void>>();

  /** @param deployment of the processes with the same deployment, one applies the settings. Default: a unique one */
  constructor(storage: Storage, settings: GatewaySettings = {}, onExchange?: OnExchange, deployment = uniqueDeployment()) {
    this.storage = storage;
    this.#settings = settings;
    this.#onExchange = onExchange;
    this.#deployment = deployment;
    this.get(MAIN);
  }

  get main(): Gateway {
    return this.get(MAIN);
  }

  /**
   * The gateway of a name, made on first use with the same settings as the main one.
   *
   * @throws RangeError when the name is none ({@link isGatewayName})
   */
  get(name: string): Gateway {
    const known = this.#gateways.get(name);
    if (known) return known;
    if (!isGatewayName(name)) throw new RangeError(`${GATEWAY_NAME_RULE} Received: ${JSON.stringify(name.slice(0, 80))}.`);
    const gateway = new Gateway(name, this.storage.open(name), this.#settings, {
      onExchange: (answer) => this.#tell(name, answer),
      after: this.#dropping.get(name),
      deployment: this.#deployment,
    });
    this.#gateways.set(name, gateway);
    return gateway;
  }

  /** Names of the gateways beside the main one. */
  async sessions(): Promise<string[]> {
    // The storage has those that are ready, and none that another process dropped.
    await Promise.allSettled([...this.#gateways.values()].map((gateway) => gateway.ready()));
    const names = new Set(await this.storage.names());
    names.delete(MAIN);
    return [...names].sort();
  }

  /**
   * Forgets a gateway with all it holds; the next question under its name meets a new one.
   *
   * @returns whether there was one
   */
  async drop(name: string): Promise<boolean> {
    // The main gateway is no session, and is not dropped under that name either.
    if (!(await this.sessions()).includes(name)) return false;
    // Who asks under the name from now on meets a new gateway, which waits until the old one is gone.
    const old = this.#gateways.get(name);
    this.#gateways.delete(name);
    const dropping = this.#forget(name, old);
    this.#dropping.set(name, dropping);
    await dropping.finally(() => this.#dropping.delete(name));
    return true;
  }

  /** Kept once no gateway answers a question any more, and what was changed is in the store. */
  async idle(): Promise<void> {
    await Promise.all([...this.#gateways.values()].map((gateway) => gateway.idle()));
  }

  #tell(name: string, answer: Answer): void {
    this.listeners.tell(name);
    this.#onExchange?.(answer.entry, name, answer.failure);
  }

  async #forget(name: string, old: Gateway | undefined): Promise<void> {
    await old?.idle();
    await this.storage.drop(name);
  }
}
