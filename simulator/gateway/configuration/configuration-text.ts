import type { Account } from '../../engine/account.js';
import type { Rule } from '../../engine/rule.js';
import type { ClockPosition } from '../clock.js';
import { type Configuration, customAccounts, DEFAULT_CONFIGURATION, withCustomAccounts } from './configuration.js';

interface WrittenTerms extends Omit<Configuration, 'accounts'> {
  readonly accounts: readonly Account[];
}

/** Configuration as one text. Accounts that are as they were published are left out: mostly there is little to read. */
export function serializeConfiguration({ start, clock, accounts, rules, configured, named }: Configuration): string {
  const written: WrittenTerms = { start, clock, accounts: customAccounts(accounts), rules, configured, named };
  return JSON.stringify(written);
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * Configuration from their text. What it leaves out is as in the first terms.
 *
 * @param before clock and accounts that are the same as here are the very same objects
 */
export function parseConfiguration(text: string, before: Configuration = DEFAULT_CONFIGURATION): Configuration {
  const written = JSON.parse(text) as Partial<WrittenTerms>;
  const clock: ClockPosition = written.clock ?? DEFAULT_CONFIGURATION.clock;
  const own = written.accounts ?? [];
  const rules: readonly Rule[] = written.rules ?? [];
  return {
    start: written.start ?? '',
    clock: isSame(clock, before.clock) ? before.clock : clock,
    accounts: isSame(own, customAccounts(before.accounts)) ? before.accounts : withCustomAccounts(own),
    rules,
    configured: written.configured ?? [],
    named: written.named ?? 0,
  };
}
