import { describe, expect, test } from 'vitest';
import type { FindingRule } from '../../simulator/index.js';
import type { Variables } from '../support/question.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { lastFindings } from './orders.js';

/** Asks some questions; the last is the one that matters. */
export type Ask = (bench: TestSimulator) => Promise<Variables>;

/** Questions that make a finding, and some much like them that do not. */
export type FindingCase = readonly [rule: FindingRule, when: string, made: Ask, notMade: Ask];

/** Asks one question and then another. */
export const after =
  (first: Ask, second: Ask): Ask =>
  async (bench) => {
    await first(bench);
    return second(bench);
  };

/** Makes the two tests of each case. */
export function describeFindings(cases: readonly FindingCase[]): void {
  describe.each(cases)('%s: %s', (rule, _, made, notMade) => {
    test('is remarked on', async () => {
      const bench = openTestSimulator();
      await made(bench);
      expect(await lastFindings(bench)).toContain(rule);
    });

    test('is not remarked on where it is not so', async () => {
      const bench = openTestSimulator();
      await notMade(bench);
      expect(await lastFindings(bench)).not.toContain(rule);
    });
  });
}
