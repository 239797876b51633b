import { type Account, type AccountInput, type Accounts, makeAccount, makeAccounts } from '../../engine/account.js';
import { type Rule, usesPatterns } from '../../engine/rule.js';
import { type ClockPosition, REAL_TIME } from '../clock.js';

/**
 * The accounts, rules and clock of a gateway: the inputs of a decision that are not payment state. All processes on one database
 * share it.
 */
export interface Configuration {
  /** The deployment whose settings were applied last; empty if none were. */
  readonly deployment: string;
  readonly clock: ClockPosition;
  readonly accounts: Accounts;
  /** In the order they are evaluated, each with its number of calls. */
  readonly rules: readonly Rule[];
  /** Ids of the rules that the settings brought. */
  readonly configured: readonly string[];
  /** How many rule names were generated; a name is never generated twice. */
  readonly named: number;
}

const PUBLISHED = makeAccounts();

/** The configuration of a gateway without settings: real time, the published test accounts, no rules. */
export const DEFAULT_CONFIGURATION: Configuration = {
  deployment: '',
  clock: REAL_TIME,
  accounts: PUBLISHED,
  rules: [],
  configured: [],
  named: 0,
};

/** The accounts that differ from the published test accounts. */
function customAccounts(accounts: Accounts): Account[] {
  return [...accounts.values()].filter((account) => account !== PUBLISHED.get(account.id));
}

/** The published test accounts with these added, or in place of those with the same id. */
export function withCustomAccounts(custom: readonly AccountInput[]): Accounts {
  const isOther = (account: Account): boolean => JSON.stringify(account) !== JSON.stringify(PUBLISHED.get(account.id));
  return new Map([
    ...PUBLISHED,
    ...custom
      .map((account) => makeAccount(account))
      .filter(isOther)
      .map((account) => [account.id, account] as const),
  ]);
}

interface ConfigurationJson extends Omit<Configuration, 'accounts'> {
  readonly accounts: readonly Account[];
}

/** The JSON of values that never change, so that adding one rule does not encode all of them again. */
const jsonTexts = new WeakMap<object, string>();

function jsonOf(value: object): string {
  const known = jsonTexts.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  jsonTexts.set(value, text);
  return text;
}

/** Writes a configuration as JSON. Accounts that equal the published ones are left out, so the text is short. */
export function serializeConfiguration({ deployment, clock, accounts, rules, configured, named }: Configuration): string {
  const json: Omit<ConfigurationJson, 'rules' | 'configured'> = { deployment, clock, accounts: customAccounts(accounts), named };
  return `${JSON.stringify(json).slice(0, -1)},"rules":[${rules.map(jsonOf).join(',')}],"configured":${jsonOf(configured)}}`;
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Keeps the conditions that have not changed the same objects: their patterns are compiled already. */
function withKnownConditions(rules: readonly Rule[], before: readonly Rule[]): readonly Rule[] {
  if (!usesPatterns(rules)) return rules;
  const known = new Map(before.map((rule) => [rule.id, rule]));
  return rules.map((rule) => {
    const { match, payment } = known.get(rule.id) ?? rule;
    return isSame([rule.match, rule.payment], [match, payment]) ? { ...rule, match, payment } : rule;
  });
}

/**
 * Reads a configuration from its JSON. Members that are missing have their default.
 *
 * @param before clock, accounts and conditions that equal those of this configuration are the same objects, so that `===` detects a change
 */
export function parseConfiguration(text: string, before: Configuration = DEFAULT_CONFIGURATION): Configuration {
  const json = JSON.parse(text) as Partial<ConfigurationJson>;
  const clock = json.clock ?? DEFAULT_CONFIGURATION.clock;
  const custom = json.accounts ?? [];
  return {
    deployment: json.deployment ?? '',
    clock: isSame(clock, before.clock) ? before.clock : clock,
    accounts: isSame(custom, customAccounts(before.accounts)) ? before.accounts : withCustomAccounts(custom),
    rules: withKnownConditions(json.rules ?? [], before.rules),
    configured: json.configured ?? [],
    named: json.named ?? 0,
  };
}
