import { type Account, type Accounts, makeAccounts } from '../../engine/account.js';
import type { Rule } from '../../engine/rule.js';
import { type ClockPosition, REAL_TIME } from '../clock.js';

/** The terms on which a gateway answers: all that it decides by, beside what was asked before. Its processes share them. */
export interface Configuration {
  /** Which start has put its settings in last; empty: none yet. */
  readonly start: string;
  readonly clock: ClockPosition;
  readonly accounts: Accounts;
  /** In the order they are asked, with the calls each has had. */
  readonly rules: readonly Rule[];
  /** Ids of the rules that came with the settings. */
  readonly configured: readonly string[];
  /** Names of rules made up so far: none is given twice. */
  readonly named: number;
}

const PUBLISHED = makeAccounts();

/** The terms of a gateway to which nothing was said. */
export const DEFAULT_CONFIGURATION: Configuration = {
  start: '',
  clock: REAL_TIME,
  accounts: PUBLISHED,
  rules: [],
  configured: [],
  named: 0,
};

/** The accounts that are not just as they were published. */
export function customAccounts(accounts: Accounts): Account[] {
  return [...accounts.values()].filter((account) => account !== PUBLISHED.get(account.id));
}

/** The published accounts with these in their place, and beside them. */
export function withCustomAccounts(own: readonly Account[]): Accounts {
  const isOther = (account: Account): boolean => JSON.stringify(account) !== JSON.stringify(PUBLISHED.get(account.id));
  return new Map([...PUBLISHED, ...own.filter(isOther).map((account) => [account.id, account] as const)]);
}
