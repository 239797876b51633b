import { test as base, expect } from 'vitest';
import type { Severity } from '../../engine/finding.js';
import type { Charge, ExpectedRequest } from '../../gateway/checks.js';
import { type ListeningGateway, openTestGateway } from './fixture.js';
import { toHaveCharged, toHaveNoFindings, toHaveReceived } from './matchers.js';

export type { Charge, ExpectedRequest } from '../../gateway/checks.js';
export type { RuleCondition, TestGateway } from '../test-gateway.js';
export type { ListeningGateway } from './fixture.js';

interface PayboxMatchers {
  /** Passes if exactly `times` payments with these properties were captured. Default of `times`: 1. */
  toHaveCharged(charge?: Charge): Promise<void>;
  /** Passes if exactly these requests were received, in this order. */
  toHaveReceived(requests: readonly ExpectedRequest[]): Promise<void>;
  /** Passes if no request has a finding of this severity or a higher one. Default: `warning`. */
  toHaveNoFindings(atLeast?: Severity): Promise<void>;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: as vitest declares it
  interface Matchers<T = any> extends PayboxMatchers {}
}

expect.extend({ toHaveCharged, toHaveReceived, toHaveNoFindings });

/**
 * vitest's `test` with the fixture `paybox`: a separate gateway for each test that uses it. It is closed after the test.
 *
 * @example
 * import { expect } from 'vitest';
 * import { test } from 'paybox-direct-simulator/vitest';
 *
 * test('a lost reply is not charged twice', async ({ paybox }) => {
 *   paybox.fault({ reply: 'drop' }, { match: { TYPE: 'pay' }, times: 1 });
 *   await checkout({ gateway: paybox.url });
 *   await expect(paybox).toHaveCharged({ times: 1, amount: 1000 });
 * });
 */
export const test = base.extend<{ paybox: ListeningGateway }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the dependencies of a fixture from the pattern
  paybox: async ({}, use) => {
    const { paybox, close } = await openTestGateway();
    await use(paybox);
    await close();
  },
});
