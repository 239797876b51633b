import type { MaskOptions } from '../../contracts/index.js';
import { loadPatterns } from '../../contracts/patterns.js';
import type { Fact } from '../engine/fact.js';
import type { Lookup, LookupResult } from '../engine/lookup.js';
import { canEvaluate } from '../engine/rule.js';
import { makeStepEntry, type StepEntry } from '../journal/make-entry.js';
import type { NewStoredEntry } from '../journal/stored-entry.js';
import type { Store, TransactionResult } from '../store/store.js';
import type { Answer } from './answer.js';
import type { Configuration } from './configuration/configuration.js';
import type { ProcessorConfiguration } from './question-processor.js';
import { entryAnswer, recordEntry } from './record-entry.js';

/** The result of a decision on a configuration that was replaced meanwhile. */
export const OUTDATED = Symbol('outdated');

/** What a step changes, and what the journal shows of it. */
interface DecidedStep<Result> {
  readonly facts: readonly Fact[];
  /** Undefined: it is not recorded. */
  readonly step?: StepEntry;
  /** Ids of the rules that matched. Their calls are counted. */
  readonly rules?: readonly string[];
  readonly result: Result;
}

/** A step that was written. */
interface WrittenStep<Result> {
  readonly entry: NewStoredEntry | undefined;
  readonly result: Result;
}

/** Writes what customers do on the pages of a gateway, each step in one transaction with its journal entry. */
export class PageSteps {
  readonly store: Store;
  /** The gateway's time in milliseconds since the epoch. */
  readonly now: () => number;
  readonly #configuration: ProcessorConfiguration;
  readonly #journal: MaskOptions;
  readonly #onEntry: (answer: Answer) => void;

  constructor(
    store: Store,
    configuration: ProcessorConfiguration,
    now: () => number,
    journal: MaskOptions,
    onEntry: (answer: Answer) => void,
  ) {
    this.store = store;
    this.now = now;
    this.#configuration = configuration;
    this.#journal = journal;
    this.#onEntry = onEntry;
  }

  /** The configuration that the store holds. */
  get configuration(): Configuration {
    return this.#configuration.committed;
  }

  /** Resolves when the configuration is the one that the store holds. */
  async settled(): Promise<void> {
    await this.#configuration.settled();
  }

  /** Repeats an attempt while another process replaces the configuration under it. */
  async retryWhileOutdated<Result>(attempt: () => Promise<Result | typeof OUTDATED>): Promise<Result> {
    for (;;) {
      await this.settled();
      if (!canEvaluate(this.configuration.rules)) await loadPatterns();
      const result = await attempt();
      if (result !== OUTDATED) return result as Result;
    }
  }

  /**
   * Like {@link retryWhileOutdated}, for a request that starts something. Never throws.
   *
   * @returns a `failure` where the state could not be written
   */
  async startOrFail<Started>(attempt: () => Promise<Started | typeof OUTDATED>): Promise<Started | { readonly failure: string }> {
    try {
      return await this.retryWhileOutdated(attempt);
    } catch (error) {
      console.error(error);
      await this.#configuration.rollback();
      return { failure: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Writes a step that depends on no rule. */
  async write<Result>(lookup: Lookup, decide: (found: LookupResult) => DecidedStep<Result>): Promise<Result> {
    return this.#publish(await this.store.transact(lookup, (found) => this.#transaction(decide(found))));
  }

  /**
   * Writes a step that is decided with the rules of a configuration.
   *
   * @param configuration on which the request was admitted
   */
  async writeWithRules<Result>(
    configuration: Configuration,
    lookup: Lookup,
    decide: (found: LookupResult, rules: Configuration['rules']) => DecidedStep<Result>,
  ): Promise<Result | typeof OUTDATED> {
    const written = await this.store.transact<WrittenStep<Result> | undefined>(lookup, (found, shared) => {
      const isCurrent = this.#configuration.isCurrent(configuration, shared);
      const { rules } = this.configuration;
      // Another process may have added the first rule with a pattern.
      if (!isCurrent || !canEvaluate(rules)) return { facts: [], result: undefined };
      return this.#transaction(decide(found, rules));
    });
    return written === undefined ? OUTDATED : this.#publish(written);
  }

  /** Writes a step that changes nothing into the journal. Never throws. */
  async record(step: Omit<StepEntry, 'at'>): Promise<void> {
    const entry = makeStepEntry({ ...step, at: this.now() }, this.#journal);
    this.#onEntry(await recordEntry(this.store, entry));
  }

  #transaction<Result>({ facts, step, rules = [], result }: DecidedStep<Result>): TransactionResult<WrittenStep<Result>> {
    const entry = step && makeStepEntry(step, this.#journal);
    const shared = rules.length > 0 ? this.#configuration.countCalls(rules) : undefined;
    return { facts, ...(entry && { entry }), ...(shared !== undefined && { shared }), result: { entry, result } };
  }

  #publish<Result>({ entry, result }: WrittenStep<Result>): Result {
    if (entry) this.#onEntry(entryAnswer(entry));
    return result;
  }
}
