// Public entry `paybox-direct-simulator/vitest`: contract tests of an endpoint, a test fixture with its own gateway, and exploring of flows.
import { expect } from 'vitest';
import { type HoldOptions, toHoldUnderFaults } from './explore/matcher.js';

export { type CodeFlowOptions, codeFlow, type Shop, type ShopStep } from '../scenarios/explore/code-flow.js';
export { type ContractTestOptions, contractTests } from '../scenarios/vitest/contract-tests.js';
export { type Charge, type ExpectedRequest, type RuleCondition, type TestGateway, test } from '../simulator/testing/vitest/index.js';
export { inProcessSandboxes } from './explore/in-process-sandbox.js';
export type { HoldOptions } from './explore/matcher.js';

interface ExploreMatchers {
  /** Passes if no law of `paybox-sim explore` is broken, whatever happens to the flow. */
  toHoldUnderFaults(options?: HoldOptions): Promise<void>;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: as vitest declares it
  interface Matchers<T = any> extends ExploreMatchers {}
}

expect.extend({ toHoldUnderFaults });
