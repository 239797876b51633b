// The entry `./vitest`: what the rooms give to vitest.
export { type ContractTestOptions, contractTests } from '../scenarios/vitest/contract-tests.js';
export { type Charge, type Paybox, type Request, test, type Whom } from '../simulator/testing/vitest/index.js';
