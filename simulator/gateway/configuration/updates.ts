import { accountId } from '../../../contracts/index.js';
import { type AccountInput, makeAccount } from '../../engine/account.js';
import { makeRule, type Rule, type RuleInput } from '../../engine/rule.js';
import { Clock, type ClockMove } from '../clock.js';
import { checkRule, RuleError } from './check-rule.js';
import type { Configuration } from './configuration.js';
import type { GatewaySettings } from './settings.js';

/** What makes other terms of terms. Pure: it may be applied again to what another process left. */
export type ConfigurationUpdate = (terms: Configuration) => Configuration;

/** Moves the clock. */
export const moveClock =
  (move: ClockMove): ConfigurationUpdate =>
  (terms) => ({ ...terms, clock: move(terms.clock) });

/** Adds an account, or changes the settings that are given of one that is there. */
export const putAccount =
  (input: AccountInput): ConfigurationUpdate =>
  (terms) => {
    const account = makeAccount(input, terms.accounts.get(accountId(input.SITE, input.RANG)));
    return { ...terms, accounts: new Map([...terms.accounts, [account.id, account]]) };
  };

/** Puts a rule after those there are, and in place of one of its name. */
export const addRule =
  (rule: Rule): ConfigurationUpdate =>
  (terms) => ({ ...terms, rules: [...terms.rules.filter(({ id }) => id !== rule.id), rule] });

export const removeRule =
  (id: string): ConfigurationUpdate =>
  (terms) => ({ ...terms, rules: terms.rules.filter((rule) => rule.id !== id) });

export const clearRules: ConfigurationUpdate = (terms) => ({ ...terms, rules: [] });

/** Counts a call for each of these rules. */
export const countCalls =
  (ids: readonly string[]): ConfigurationUpdate =>
  (terms) => ({ ...terms, rules: terms.rules.map((rule) => (ids.includes(rule.id) ? { ...rule, calls: rule.calls + 1 } : rule)) });

/**
 * A rule made of its input, with a name that no other has.
 *
 * @returns the rule, and the terms that have it
 * @throws RuleError when it cannot be applied, or its name is taken
 */
export function withNewRule(terms: Configuration, input: RuleInput): { readonly rule: Rule; readonly terms: Configuration } {
  const has = (id: string): boolean => terms.rules.some((rule) => rule.id === id);
  if (input.id !== undefined && has(input.id)) throw new RuleError(`id: there is a rule ${input.id} already; delete it first.`);
  let { named } = terms;
  if (input.id === undefined) {
    do named++;
    while (has(`rule-${named}`));
  }
  const rule = makeRule(input, `rule-${named}`);
  checkRule(rule);
  return { rule, terms: addRule(rule)({ ...terms, named }) };
}

// In place of those of the start before; rules that were added since stay, behind them, unless one has the name of one of these.
function withConfigured(terms: Configuration, inputs: readonly RuleInput[]): Configuration {
  const names = new Set(inputs.map(({ id }) => id));
  const added = terms.rules.filter(({ id }) => !terms.configured.includes(id) && !names.has(id));
  const taken = new Set(added.map(({ id }) => id));
  let next: Configuration = { ...terms, rules: [], configured: [], named: 0 };
  for (const input of inputs) {
    while (input.id === undefined && taken.has(`rule-${next.named + 1}`)) next = { ...next, named: next.named + 1 };
    next = withNewRule(next, input).terms;
  }
  const configured = next.rules.map(({ id }) => id);
  return { ...next, rules: [...next.rules, ...added], configured, named: Math.max(next.named, terms.named) };
}

/**
 * Puts the settings of a start in: what they give wins over what is there, what they leave out stays.
 *
 * @throws RuleError or RangeError when they hold a rule or a time that is none
 */
export function applySettings(settings: GatewaySettings, start: string): ConfigurationUpdate {
  const clock = settings.clock === undefined ? undefined : new Clock(settings.clock).position;
  return (before) => {
    const accounts = (settings.accounts ?? []).map(putAccount).reduce((terms, put) => put(terms), before);
    const ruled = settings.rules === undefined ? accounts : withConfigured(accounts, settings.rules);
    return { ...ruled, start, clock: clock ?? before.clock };
  };
}
