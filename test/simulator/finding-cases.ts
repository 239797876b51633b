import { describe, expect, test } from 'vitest';
import type { FindingRule } from '../../simulator/index.js';
import type { Variables } from '../support/question.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { lastFindings } from './orders.js';

/** Sends one or more questions. The findings of the last one are checked. */
export type Ask = (bench: TestSimulator) => Promise<Variables>;

/** A rule, a case, questions that make the finding, and similar questions that do not. */
export type FindingCase = readonly [rule: FindingRule, when: string, makesFinding: Ask, makesNone: Ask];

/** Sends the questions of `first`, then those of `second`. */
export const after =
  (first: Ask, second: Ask): Ask =>
  async (bench) => {
    await first(bench);
    return second(bench);
  };

/** Defines two tests for each case. */
export function describeFindings(cases: readonly FindingCase[]): void {
  describe.each(cases)('%s: %s', (rule, _, makesFinding, makesNone) => {
    test('is reported', async () => {
      const bench = openTestSimulator();
      await makesFinding(bench);
      expect(await lastFindings(bench)).toContain(rule);
    });

    test('is not reported in the similar case', async () => {
      const bench = openTestSimulator();
      await makesNone(bench);
      expect(await lastFindings(bench)).not.toContain(rule);
    });
  });
}
