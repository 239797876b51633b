import type { Account } from '../../engine/account.js';
import type { Rule } from '../../engine/rule.js';
import type { ClockPosition } from '../clock.js';
import { FIRST_TERMS, ownAccounts, type Terms, withOwnAccounts } from './configuration.js';

interface WrittenTerms extends Omit<Terms, 'accounts'> {
  readonly accounts: readonly Account[];
}

/** Terms as one text. Accounts that are as they were published are left out: mostly there is little to read. */
export function writeTerms({ start, clock, accounts, rules, configured, named }: Terms): string {
  const written: WrittenTerms = { start, clock, accounts: ownAccounts(accounts), rules, configured, named };
  return JSON.stringify(written);
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * Terms from their text. What it leaves out is as in the first terms.
 *
 * @param before clock and accounts that are the same as here are the very same objects
 */
export function readTerms(text: string, before: Terms = FIRST_TERMS): Terms {
  const written = JSON.parse(text) as Partial<WrittenTerms>;
  const clock: ClockPosition = written.clock ?? FIRST_TERMS.clock;
  const own = written.accounts ?? [];
  const rules: readonly Rule[] = written.rules ?? [];
  return {
    start: written.start ?? '',
    clock: isSame(clock, before.clock) ? before.clock : clock,
    accounts: isSame(own, ownAccounts(before.accounts)) ? before.accounts : withOwnAccounts(own),
    rules,
    configured: written.configured ?? [],
    named: written.named ?? 0,
  };
}
