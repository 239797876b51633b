import type { Store, StoreContent } from '../../store/store.js';
import type { ClockMove, ClockPosition, ClockSource } from '../clock.js';
import { type Configuration, DEFAULT_CONFIGURATION, parseConfiguration, serializeConfiguration } from './configuration.js';
import type { GatewaySettings } from './settings.js';
import { applySettings, type ConfigurationUpdate, countCalls, moveClock } from './updates.js';

/** The store holds no configuration any more: another process dropped the gateway. */
class DroppedError extends Error {}

/** What a configuration needs to start. */
export interface ConfigurationStart {
  readonly settings: GatewaySettings;
  /** Processes with the same deployment apply their settings once. */
  readonly deployment: string;
  /** Must settle before the store is read. */
  readonly waitFor?: Promise<void> | undefined;
  /** Runs each time the settings were applied, before the configuration is ready. */
  readonly onApplied: (configuration: Configuration) => Promise<void>;
}

/**
 * The configuration of one gateway in one process. The store holds the committed configuration, which all processes share. Updates of this
 * process are pending until they are committed: questions are answered on the committed configuration, users see the pending one.
 */
export class SharedConfiguration implements ClockSource {
  readonly isShared: boolean;
  readonly #store: Store;
  readonly #start: ConfigurationStart;
  readonly #applySettings: ConfigurationUpdate;
  #committed: Configuration;
  #pending: Configuration;
  /** The text that `#committed` was read from; undefined if the next text must be read. */
  #committedText: string | undefined;
  #updates: ConfigurationUpdate[] = [];
  #saving: Promise<void> | undefined;
  #ready: Promise<void> | undefined;
  #isReady = false;

  /** @throws RuleError or RangeError when the settings hold a rule that cannot be applied, or a clock that is not a time */
  constructor(store: Store, start: ConfigurationStart) {
    this.isShared = store.isShared;
    this.#store = store;
    this.#start = start;
    this.#applySettings = applySettings(start.settings, start.deployment);
    this.#committed = this.#applySettings(DEFAULT_CONFIGURATION);
    this.#pending = this.#committed;
  }

  /** The configuration with the updates of this process. */
  get pending(): Configuration {
    return this.#pending;
  }

  /** The configuration that questions are answered on. */
  get committed(): Configuration {
    return this.#committed;
  }

  get position(): ClockPosition {
    return this.#pending.clock;
  }

  move(move: ClockMove): void {
    this.update(moveClock(move));
  }

  /** Resolves when the settings are in the store. A failed start is tried again by the next call. */
  ready(): Promise<void> {
    if (this.#ready) return this.#ready;
    const ready: Promise<void> = this.#begin().then(
      () => {
        if (this.#ready === ready) this.#isReady = true;
      },
      (error: unknown) => {
        this.#restart();
        throw error;
      },
    );
    this.#ready = ready;
    return ready;
  }

  /**
   * Waits until a question can be answered: the settings are in the store, and so are the updates of this process.
   *
   * @returns undefined when there is nothing to wait for, so that most questions wait for no promise
   * @throws StoreError when settings or updates could not be written; failed updates are reverted
   */
  settled(): Promise<void> | undefined {
    if (this.#isReady && this.#saving === undefined) return undefined;
    return this.#isReady ? this.saved() : this.ready().then(() => this.saved());
  }

  /**
   * Checks, inside a transaction, that the store still holds the accounts and the clock that a question was admitted on.
   *
   * @param shared what the store holds
   */
  isCurrent({ accounts, clock }: Configuration, shared: string | undefined): boolean {
    return this.#observe(shared) && this.#committed.accounts === accounts && this.#committed.clock === clock;
  }

  /** Counts calls of rules inside a transaction. Returns the text that the transaction must write. */
  countCalls(ids: readonly string[]): string {
    return this.#commit(countCalls(ids));
  }

  /** Reverts to what the store holds, after a transaction that failed. */
  async rollback(): Promise<void> {
    this.#committedText = undefined;
    await this.#reload().catch(() => {});
  }

  /**
   * Makes an update that is visible at once and is written to the store in the background.
   *
   * @throws what the update throws
   */
  update(update: ConfigurationUpdate): void {
    this.#pending = update(this.#pending);
    this.#updates.push(update);
    const saving = this.#saveAfter(this.#saving);
    this.#saving = saving;
    // The caller does not wait: the next question, or the next call of saved(), receives the failure.
    saving.then(
      () => this.#forgetSaving(saving),
      () => {},
    );
  }

  /**
   * Resolves when the updates of this process are in the store. A failure is reported once.
   *
   * @throws StoreError when they could not be written; they are then reverted
   */
  async saved(): Promise<void> {
    const saving = this.#saving;
    if (!saving) return;
    try {
      await saving;
    } finally {
      this.#forgetSaving(saving);
    }
  }

  /**
   * Makes an update in the store first. Resolves when it is committed.
   *
   * @throws what the update throws; StoreError when it could not be written
   */
  async commit(update: ConfigurationUpdate): Promise<void> {
    await this.ready();
    await this.saved();
    await this.#write(update);
  }

  /** Takes over what other processes committed. */
  async refresh(): Promise<void> {
    await this.ready();
    await this.#reload();
    // Another process may have dropped the gateway: then it starts again.
    await this.ready();
  }

  /** Replaces all content of the store, and the configuration. */
  async load(content: Omit<StoreContent, 'shared'>, update: ConfigurationUpdate): Promise<void> {
    await this.ready();
    await this.saved().catch(() => {});
    const configuration = update(this.#committed);
    const shared = serializeConfiguration(configuration);
    await this.#store.load({ ...content, shared });
    this.#take(configuration, shared);
  }

  /** Empties the store and applies the settings again. */
  async reset(empty: Omit<StoreContent, 'shared'>): Promise<void> {
    await this.load(empty, () => this.#applySettings(DEFAULT_CONFIGURATION));
    await this.#start.onApplied(this.#pending);
  }

  async #begin(): Promise<void> {
    await this.#start.waitFor;
    const { deployment } = this.#start;
    const shared = await this.#store.shared();
    const isApplied = shared !== undefined && parseConfiguration(shared).deployment === deployment;
    if (isApplied) this.#take(parseConfiguration(shared, this.#committed), shared);
    else await this.#writeOnce((before) => (before.deployment === deployment ? before : this.#applySettings(before)));
    await this.#start.onApplied(this.#pending);
  }

  #restart(): void {
    this.#ready = undefined;
    this.#isReady = false;
  }

  /** Takes over what a transaction sees in the store. Returns whether the store holds a configuration. */
  #observe(shared: string | undefined): boolean {
    if (shared === undefined) this.#restart();
    else if (shared !== this.#committedText) this.#take(parseConfiguration(shared, this.#committed), shared);
    return shared !== undefined;
  }

  async #reload(): Promise<void> {
    const before = this.#committedText;
    const shared = await this.#store.shared();
    // A transaction may have seen a newer text while this one was read.
    if (this.#committedText === before) this.#observe(shared);
  }

  #forgetSaving(saving: Promise<void>): void {
    if (this.#saving === saving) this.#saving = undefined;
  }

  async #saveAfter(before: Promise<void> | undefined): Promise<void> {
    const [earlier] = await Promise.allSettled([before]);
    await this.#save();
    if (earlier.status === 'rejected') throw earlier.reason;
  }

  async #save(): Promise<void> {
    const updates = [...this.#updates];
    if (updates.length === 0) return;
    const forget = (): void => {
      this.#updates = this.#updates.filter((update) => !updates.includes(update));
    };
    try {
      await this.ready();
      await this.#write((configuration) => {
        forget();
        return updates.reduce((changed, update) => update(changed), configuration);
      });
    } catch (error) {
      forget();
      this.#showPending();
      throw error;
    }
  }

  // A gateway that another process dropped is started again, with the payments of the settings, before anything is changed in it.
  async #write(update: ConfigurationUpdate): Promise<void> {
    try {
      await this.#writeOnce(update, true);
    } catch (error) {
      if (!(error instanceof DroppedError)) throw error;
      this.#restart();
      await this.ready();
      await this.#writeOnce(update);
    }
  }

  async #writeOnce(update: ConfigurationUpdate, mustExist = false): Promise<void> {
    try {
      await this.#store.changeShared((shared) => {
        if (shared === undefined && mustExist) throw new DroppedError();
        if (shared === undefined) this.#committed = this.#applySettings(DEFAULT_CONFIGURATION);
        else if (shared !== this.#committedText) this.#committed = parseConfiguration(shared, this.#committed);
        this.#committedText = shared;
        return this.#commit(update);
      });
    } catch (error) {
      if (!(error instanceof DroppedError)) await this.rollback();
      throw error;
    }
  }

  #commit(update: ConfigurationUpdate): string {
    const configuration = update(this.#committed);
    const text = serializeConfiguration(configuration);
    this.#take(configuration, text);
    return text;
  }

  #take(configuration: Configuration, text: string): void {
    this.#committed = configuration;
    this.#committedText = text;
    this.#showPending();
  }

  #showPending(): void {
    this.#pending = this.#updates.reduce((changed, update) => update(changed), this.#committed);
  }
}
