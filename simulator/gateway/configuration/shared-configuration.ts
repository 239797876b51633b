import type { Store, StoreContent } from '../../store/store.js';
import { type Configuration, DEFAULT_CONFIGURATION } from './configuration.js';
import { parseConfiguration, serializeConfiguration } from './configuration-text.js';
import type { ConfigurationUpdate } from './updates.js';

const SETTLED: Promise<void> = Promise.resolve();

/** Nothing is in the store any more: another process dropped the gateway. */
class Gone extends Error {}

/** The gateway, as its terms know it. */
interface TermsGateway {
  /** Told of the terms each time others are shown. */
  readonly show: (terms: Configuration) => void;
  /** Told when the store holds nothing any more: another process dropped the gateway. */
  readonly forget: () => void;
  /** Kept once the store has been begun with. */
  readonly ready: () => Promise<void>;
}

/**
 * The terms of one gateway in one process: what the store holds of them, as it was seen last, and the changes of this process that are on their
 * way into it. Questions are answered on what the store holds; what code and the control API are shown has the changes too.
 */
export class SharedConfiguration {
  readonly #store: Store;
  readonly #begin: ConfigurationUpdate;
  readonly #start: string;
  readonly #gateway: TermsGateway;
  /** The text that `#kept` was read from; undefined: none, so that the next one is read. */
  #known: string | undefined;
  #kept: Configuration;
  #shown: Configuration;
  #changes: ConfigurationUpdate[] = [];
  #saving: Promise<void> | undefined;

  /**
   * @param begin puts in the settings of a start
   * @param start which start that is
   */
  constructor(store: Store, begin: ConfigurationUpdate, start: string, gateway: TermsGateway) {
    this.#store = store;
    this.#begin = begin;
    this.#start = start;
    this.#gateway = gateway;
    this.#kept = begin(DEFAULT_CONFIGURATION);
    this.#shown = this.#kept;
  }

  /** The terms as they are shown: with the changes of this process. */
  get shown(): Configuration {
    return this.#shown;
  }

  /** The terms that questions are answered on. */
  get kept(): Configuration {
    return this.#kept;
  }

  /** Puts the settings in, unless another process of the same start did. */
  async begin(): Promise<void> {
    const shared = await this.#store.shared();
    if (shared !== undefined && parseConfiguration(shared).start === this.#start) this.#take(shared);
    else await this.#settle((terms) => (terms.start === this.#start ? terms : this.#begin(terms)));
  }

  /**
   * Sees, inside a transaction, what the store holds.
   *
   * @returns whether it holds anything
   */
  see(shared: string | undefined): boolean {
    if (shared === undefined) this.#gateway.forget();
    else if (shared !== this.#known) this.#take(shared);
    return shared !== undefined;
  }

  /** Makes a change inside a transaction; answers the text that the transaction is to keep. */
  put(change: ConfigurationUpdate): string {
    this.#kept = change(this.#kept);
    this.#known = serializeConfiguration(this.#kept);
    this.#show();
    return this.#known;
  }

  /**
   * Makes a change that is shown at once and is on its way into the store.
   *
   * @throws what the change throws
   */
  change(change: ConfigurationUpdate): void {
    this.#shown = change(this.#shown);
    this.#changes.push(change);
    const before = this.#saving;
    const saving = this.#saveAfter(before);
    this.#saving = saving;
    // Whoever changes from code does not wait; the next question, or whoever asks, meets the failure.
    saving.then(
      () => this.#saving === saving && this.#forgetSaving(),
      () => {},
    );
    this.#gateway.show(this.#shown);
  }

  /** Whether a change is on its way, or has failed and nobody was told. */
  get isSaving(): boolean {
    return this.#saving !== undefined;
  }

  /** Kept once the changes are in the store. A failure is told once; the changes that failed are taken back. */
  async saved(): Promise<void> {
    const saving = this.#saving;
    try {
      await (saving ?? SETTLED);
    } finally {
      if (this.#saving === saving) this.#forgetSaving();
    }
  }

  /**
   * Makes a change in the store first. Answers once it is committed.
   *
   * @throws what the change throws
   */
  async settle(change: ConfigurationUpdate): Promise<void> {
    await this.saved();
    await this.#settleOnBegun(change);
  }

  /** Takes over what is in the store. */
  async refresh(): Promise<void> {
    const known = this.#known;
    const shared = await this.#store.shared();
    // What was seen meanwhile is newer.
    if (this.#known === known) this.see(shared);
  }

  /** Takes back what a transaction that failed had put. */
  async forget(): Promise<void> {
    this.#known = undefined;
    await this.refresh().catch(() => {});
  }

  /** Replaces everything in the store, and these terms with it. */
  async load(content: Omit<StoreContent, 'shared'>, change: ConfigurationUpdate): Promise<void> {
    await this.saved().catch(() => {});
    const terms = change(this.#kept);
    const shared = serializeConfiguration(terms);
    await this.#store.load({ ...content, shared });
    this.#kept = terms;
    this.#known = shared;
    this.#show();
  }

  #forgetSaving(): void {
    this.#saving = undefined;
  }

  async #saveAfter(before: Promise<void> | undefined): Promise<void> {
    const [earlier] = await Promise.allSettled([before]);
    await this.#save();
    if (earlier.status === 'rejected') throw earlier.reason;
  }

  async #save(): Promise<void> {
    const changes = [...this.#changes];
    if (changes.length === 0) return;
    const done = (): void => {
      this.#changes = this.#changes.filter((change) => !changes.includes(change));
    };
    try {
      await this.#gateway.ready();
      const all: ConfigurationUpdate = (terms) => {
        done();
        return changes.reduce((changed, change) => change(changed), terms);
      };
      await this.#settleOnBegun(all);
    } catch (error) {
      done();
      this.#show();
      throw error;
    }
  }

  // What another process dropped is begun with anew, payments of the settings and all, before anything is changed in it.
  async #settleOnBegun(change: ConfigurationUpdate): Promise<void> {
    try {
      await this.#settle(change, true);
    } catch (error) {
      if (!(error instanceof Gone)) throw error;
      this.#gateway.forget();
      await this.#gateway.ready();
      await this.#settle(change);
    }
  }

  async #settle(change: ConfigurationUpdate, isBegun = false): Promise<void> {
    try {
      await this.#store.changeShared((shared) => {
        if (shared === undefined && isBegun) throw new Gone();
        if (shared === undefined) this.#kept = this.#begin(DEFAULT_CONFIGURATION);
        else if (shared !== this.#known) this.#kept = parseConfiguration(shared, this.#kept);
        this.#known = shared;
        return this.put(change);
      });
    } catch (error) {
      if (!(error instanceof Gone)) await this.forget();
      throw error;
    }
  }

  #take(shared: string): void {
    this.#kept = parseConfiguration(shared, this.#kept);
    this.#known = shared;
    this.#show();
  }

  #show(): void {
    this.#shown = this.#changes.reduce((changed, change) => change(changed), this.#kept);
    this.#gateway.show(this.#shown);
  }
}
