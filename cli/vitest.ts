// The entry `./vitest`: what the rooms give to vitest.
export { type ContractTestOptions, contractTests } from '../scenarios/vitest/contract-tests.js';
export { type Charge, type Request, type RuleCondition, type TestGateway, test } from '../simulator/testing/vitest/index.js';
