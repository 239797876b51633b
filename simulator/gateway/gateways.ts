import { containsCard, maskText } from '../../contracts/index.js';
import type { NewJournalEntry } from '../journal/entry.js';
import type { Storage } from '../store/store.js';
import type { Answer } from './answer.js';
import type { GatewaySettings } from './configuration/settings.js';
import { ExchangeListeners } from './exchange-listeners.js';
import { Gateway, type GatewayOptions, uniqueDeployment } from './gateway.js';

/** Name of the gateway that answers at `/PPPS.php`. */
export const MAIN = 'main';

/**
 * Called with each exchange when it is committed, or has failed. `usedUp` has the ids of the rules that take effect for no further question.
 */
export type OnExchange = (entry: NewJournalEntry, gateway: string, failure: string | undefined, usedUp: readonly string[]) => void;

/** What a session name must look like, as a message for the user. */
export const GATEWAY_NAME_RULE =
  "A session's name is 1 to 64 letters, digits, dots, hyphens or underscores, starting with a letter or digit, without a card number.";

/** Whether a text can name a session: a separate gateway at `/s/<name>/PPPS.php`. */
export function isGatewayName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name) && !containsCard(name);
}

/** The gateways of one process: the main one, and a separate one for each session. */
export class Gateways {
  readonly storage: Storage;
  readonly listeners = new ExchangeListeners();
  readonly #settings: GatewaySettings;
  readonly #onExchange: OnExchange | undefined;
  readonly #deployment: string;
  readonly #onLoaded: GatewayOptions['onLoaded'];
  readonly #gateways = new Map<string, Gateway>();
  readonly #dropping = new Map<string, Promise<void>>();

  /**
   * @param deployment of the processes with the same deployment, one applies the settings. Default: a unique one
   * @param onLoaded called when one of the gateways has its content
   */
  constructor(
    storage: Storage,
    settings: GatewaySettings = {},
    onExchange?: OnExchange,
    deployment = uniqueDeployment(),
    onLoaded?: GatewayOptions['onLoaded'],
  ) {
    this.storage = storage;
    this.#settings = settings;
    this.#onExchange = onExchange;
    this.#deployment = deployment;
    this.#onLoaded = onLoaded;
    this.get(MAIN);
  }

  /** The gateway that answers at `/PPPS.php`. */
  get main(): Gateway {
    return this.get(MAIN);
  }

  /**
   * The gateway with this name, created on first use with the same settings as the main one.
   *
   * @throws RangeError when the name is not valid ({@link isGatewayName})
   */
  get(name: string): Gateway {
    const known = this.#gateways.get(name);
    if (known) return known;
    if (!isGatewayName(name)) throw new RangeError(`${GATEWAY_NAME_RULE} Received: ${JSON.stringify(maskText(name).slice(0, 80))}.`);
    const gateway = new Gateway(name, this.storage.open(name), this.#settings, {
      onExchange: (answer) => this.#notify(name, answer),
      onLoaded: this.#onLoaded,
      waitFor: this.#dropping.get(name),
      deployment: this.#deployment,
    });
    this.#gateways.set(name, gateway);
    return gateway;
  }

  /** The gateway with this name if it was used before in this process, else the main one. */
  knownOrMain(name: string): Gateway {
    return this.#gateways.get(name) ?? this.main;
  }

  /** Names of the sessions. */
  async sessions(): Promise<string[]> {
    // The storage lists gateways that are ready, and none that another process dropped.
    await Promise.allSettled([...this.#gateways.values()].map((gateway) => gateway.ready()));
    const names = await this.storage.names();
    return names.filter((name) => name !== MAIN).sort();
  }

  /**
   * Deletes a session with all its state. The next question under its name creates a new one.
   *
   * @returns whether it existed; the main gateway is not a session
   */
  async drop(name: string): Promise<boolean> {
    if (name === MAIN || !isGatewayName(name)) return false;
    // The storage has gateways that are ready.
    await this.#gateways
      .get(name)
      ?.ready()
      .catch(() => {});
    if (!(await this.storage.has(name))) return false;
    // Questions that arrive now go to a new gateway, which waits until the old one is deleted.
    const old = this.#gateways.get(name);
    this.#gateways.delete(name);
    const dropping = this.#delete(name, old);
    this.#dropping.set(name, dropping);
    await dropping.finally(() => this.#dropping.delete(name));
    return true;
  }

  /** Sends the replies that rules of any gateway hold. */
  release(): void {
    for (const gateway of this.#gateways.values()) gateway.release();
  }

  /** Resolves when no gateway is answering a question, and all changes are in the store. */
  async idle(): Promise<void> {
    await Promise.all([...this.#gateways.values()].map((gateway) => gateway.idle()));
  }

  #notify(name: string, answer: Answer): void {
    this.listeners.notify(name);
    this.#onExchange?.(answer.entry, name, answer.failure, answer.usedUp);
  }

  async #delete(name: string, old: Gateway | undefined): Promise<void> {
    old?.release();
    await old?.idle();
    await this.storage.drop(name);
  }
}
