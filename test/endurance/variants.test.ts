import { expect, test } from 'vitest';
import { VARIANTS } from '../../contracts/index.js';
import { loadScenarios } from '../../scenarios/load.js';
import { runScenarios } from '../../scenarios/runner.js';
import { simulatorTarget } from '../../scenarios/target.js';
import { createSimulator } from '../../simulator/index.js';
import { CONTRACT, inProcessFetch } from '../scenarios/run-contract.js';

const scenarios = await loadScenarios([CONTRACT]);

const OTHERS = VARIANTS.flatMap(({ name, values }) => values.slice(1).map(({ value }) => ({ name, value })));

test.each(OTHERS)('the contract tests pass where $name is $value', async ({ name, value }) => {
  const simulator = createSimulator({ accounts: [{ SITE: '1999888', RANG: '32', variants: { [name]: value } }] });
  const target = simulatorTarget('http://localhost', inProcessFetch(simulator));
  const { results } = await runScenarios(scenarios, { target });
  expect(results.filter(({ outcome }) => outcome !== 'passed').map((result) => result.case.name)).toEqual([]);
});
