import type { Rule, RuleInput } from '../../engine/rule.js';
import type { SharedConfiguration } from './shared-configuration.js';
import { addRule, clearRules, removeRule, withNewRule } from './updates.js';

/** The rules of a gateway, in the order they are evaluated, each with its number of calls. */
export class RuleBook {
  readonly #configuration: SharedConfiguration;
  // Distinguishes the names that several processes generate at the same instant.
  readonly #prefix = Math.random().toString(36).slice(2, 7);
  #generated = 0;

  constructor(configuration: SharedConfiguration) {
    this.#configuration = configuration;
  }

  /** The rules in the order they are evaluated, including changes of this process that are not saved yet. */
  list(): readonly Rule[] {
    return this.#configuration.pending.rules;
  }

  /** Returns the rule with this id, or undefined. */
  get(id: string): Rule | undefined {
    return this.list().find((rule) => rule.id === id);
  }

  /**
   * Adds a rule after the existing ones. Its generated name is `rule-1` and so on; in a store that several processes share, the name contains
   * a random part.
   *
   * @throws RuleError when the rule cannot be applied or has an unknown key, or its name is taken
   */
  add(input: RuleInput): Rule {
    const needsUniqueName = input.id === undefined && this.#configuration.isShared;
    const named = needsUniqueName ? { ...input, id: `rule-${this.#prefix}-${++this.#generated}` } : input;
    const { rule, configuration: added } = withNewRule(this.#configuration.pending, named);
    this.#configuration.update((configuration) => ({
      ...addRule(rule)(configuration),
      named: Math.max(configuration.named, added.named),
    }));
    return rule;
  }

  /** Removes a rule. Returns whether it existed. */
  remove(id: string): boolean {
    if (!this.get(id)) return false;
    this.#configuration.update(removeRule(id));
    return true;
  }

  /** Removes all rules. */
  clear(): void {
    this.#configuration.update(clearRules);
  }
}
