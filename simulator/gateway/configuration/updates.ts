import { accountId } from '../../../contracts/index.js';
import { type AccountInput, makeAccount } from '../../engine/account.js';
import { makeRule, type Rule, type RuleInput } from '../../engine/rule.js';
import { SETTING_KEYS } from '../../schemas/setting-keys.js';
import { findUnknownKey } from '../../schemas/unknown-keys.js';
import { type ClockMove, runningFrom } from '../clock.js';
import { checkRule, RuleError } from './check-rule.js';
import type { Configuration } from './configuration.js';
import type { GatewaySettings } from './settings.js';

/** Computes a new configuration. Pure: it may be applied again to a configuration that another process committed. */
export type ConfigurationUpdate = (configuration: Configuration) => Configuration;

/** Moves the clock. */
export const moveClock =
  (move: ClockMove): ConfigurationUpdate =>
  (configuration) => ({ ...configuration, clock: move(configuration.clock) });

/** Adds an account, or changes the given settings of an existing one. */
export const setAccount =
  (input: AccountInput): ConfigurationUpdate =>
  (configuration) => {
    const account = makeAccount(input, configuration.accounts.get(accountId(input.SITE, input.RANG)));
    return { ...configuration, accounts: new Map([...configuration.accounts, [account.id, account]]) };
  };

/** Appends a rule, and removes one with the same name. */
export const addRule =
  (rule: Rule): ConfigurationUpdate =>
  (configuration) => ({ ...configuration, rules: [...configuration.rules.filter(({ id }) => id !== rule.id), rule] });

/** Removes the rule with this id, if there is one. */
export const removeRule =
  (id: string): ConfigurationUpdate =>
  (configuration) => ({ ...configuration, rules: configuration.rules.filter((rule) => rule.id !== id) });

/** Removes all rules. */
export const clearRules: ConfigurationUpdate = (configuration) => ({ ...configuration, rules: [] });

/** Adds one call to each of these rules. */
export const countCalls =
  (ids: readonly string[]): ConfigurationUpdate =>
  (configuration) => ({
    ...configuration,
    rules: configuration.rules.map((rule) => (ids.includes(rule.id) ? { ...rule, calls: rule.calls + 1 } : rule)),
  });

/** The names of rules. */
interface RuleNames {
  has(id: string): boolean;
}

/**
 * Makes a rule from its input, with a name that no other rule has.
 *
 * @param named how many names were generated
 * @returns the rule, and how many names are generated now
 * @throws RuleError when the rule cannot be applied or has an unknown key, or its name is taken
 */
export function newRule(input: RuleInput, names: RuleNames, named: number): { readonly rule: Rule; readonly named: number } {
  const problem = findUnknownKey(SETTING_KEYS.rules.items ?? {}, input);
  if (problem !== undefined) throw new RuleError(`${problem}.`);
  // In a path they are the folder itself and the one above it.
  if (input.id === '.' || input.id === '..') throw new RuleError(`id: ${input.id} cannot be the name of a rule.`, ['id']);
  if (input.id !== undefined && names.has(input.id))
    throw new RuleError(`id: there is a rule ${input.id} already; delete it first.`, ['id']);
  let next = named;
  if (input.id === undefined) {
    do next++;
    while (names.has(`rule-${next}`));
  }
  const rule = makeRule(input, `rule-${next}`);
  checkRule(rule);
  return { rule, named: next };
}

/**
 * Makes a rule from its input, with a name that no other rule has, and adds it.
 *
 * @throws RuleError when the rule cannot be applied or has an unknown key, or its name is taken
 */
export function withNewRule(
  configuration: Configuration,
  input: RuleInput,
): { readonly rule: Rule; readonly configuration: Configuration } {
  const { rules } = configuration;
  const { rule, named } = newRule(input, { has: (id) => rules.some((existing) => existing.id === id) }, configuration.named);
  return { rule, configuration: { ...configuration, named, rules: [...rules, rule] } };
}

// Replaces the rules of the previous settings. Rules added at run time stay, after them, unless a new one has the same name.
function withConfiguredRules(configuration: Configuration, inputs: readonly RuleInput[]): Configuration {
  const given = new Set(inputs.map(({ id }) => id));
  const before = new Set(configuration.configured);
  const added = configuration.rules.filter(({ id }) => !before.has(id) && !given.has(id));
  const taken = new Set(added.map(({ id }) => id));
  const names = new Set<string>();
  const rules: Rule[] = [];
  let named = 0;
  for (const input of inputs) {
    while (input.id === undefined && taken.has(`rule-${named + 1}`)) named++;
    const made = newRule(input, names, named);
    named = made.named;
    names.add(made.rule.id);
    rules.push(made.rule);
  }
  const configured = rules.map(({ id }) => id);
  return { ...configuration, rules: [...rules, ...added], configured, named: Math.max(named, configuration.named) };
}

/**
 * Applies the settings of a deployment: they replace what the configuration has, and what they leave out stays.
 *
 * @throws RuleError when a rule cannot be applied; RangeError when the clock is not an ISO 8601 time
 */
export function applySettings(settings: GatewaySettings, deployment: string): ConfigurationUpdate {
  const clock = settings.clock === undefined ? undefined : runningFrom(settings.clock);
  return (before) => {
    const accounts = (settings.accounts ?? []).map(setAccount).reduce((configuration, set) => set(configuration), before);
    const ruled = settings.rules === undefined ? accounts : withConfiguredRules(accounts, settings.rules);
    return { ...ruled, deployment, clock: clock ?? before.clock };
  };
}
