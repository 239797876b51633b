// Public entry `paybox-direct-simulator/vitest`: contract tests of an endpoint, and a test fixture with its own gateway.
export { type ContractTestOptions, contractTests } from '../scenarios/vitest/contract-tests.js';
export { type Charge, type ExpectedRequest, type RuleCondition, type TestGateway, test } from '../simulator/testing/vitest/index.js';
