import type { Rule, RuleInput } from '../../engine/rule.js';
import { SCHEMAS } from '../../schemas/schemas.js';
import { findUnknownKey } from '../../schemas/unknown-keys.js';
import { RuleError } from './check-rule.js';
import type { Configuration } from './configuration.js';
import { addRule, type ConfigurationUpdate, clearRules, removeRule, withNewRule } from './updates.js';

/** Where a rule book finds the rules and takes its changes to. */
export interface RuleKeeper {
  /** The terms as they stand in this process. */
  readonly terms: Configuration;
  /** Whether other processes add rules too. */
  readonly isShared: boolean;
  change(change: ConfigurationUpdate): void;
}

/** The rules of a gateway, in the order they are asked, and how often each was met. */
export class RuleBook {
  readonly #keeper: RuleKeeper;
  // Sets apart the names that several processes make up at the same instant.
  readonly #mark = Math.random().toString(36).slice(2, 7);
  #made = 0;

  constructor(keeper: RuleKeeper) {
    this.#keeper = keeper;
  }

  list(): readonly Rule[] {
    return this.#keeper.terms.rules;
  }

  get(id: string): Rule | undefined {
    return this.list().find((rule) => rule.id === id);
  }

  /**
   * Adds a rule after those there are. A name that is made up for it is `rule-1` and so on; where other processes may add rules too, one that
   * none of them makes up.
   *
   * @throws RuleError when it cannot be applied
   */
  add(input: RuleInput): Rule {
    const problem = findUnknownKey(SCHEMAS.rule, input);
    if (problem !== undefined) throw new RuleError(`${problem}.`);
    const isToBeNamed = input.id === undefined && this.#keeper.isShared;
    const named = isToBeNamed ? { ...input, id: `rule-${this.#mark}-${++this.#made}` } : input;
    const { rule, terms: made } = withNewRule(this.#keeper.terms, named);
    this.#keeper.change((terms) => ({ ...addRule(rule)(terms), named: Math.max(terms.named, made.named) }));
    return rule;
  }

  /** @returns whether there was such a rule */
  remove(id: string): boolean {
    if (!this.get(id)) return false;
    this.#keeper.change(removeRule(id));
    return true;
  }

  clear(): void {
    this.#keeper.change(clearRules);
  }
}
