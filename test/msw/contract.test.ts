import { setupServer } from 'msw/node';
import { afterAll, expect, test } from 'vitest';
import { loadScenarios } from '../../scenarios/load.js';
import { runScenarios } from '../../scenarios/runner.js';
import { createSimulator } from '../../simulator/index.js';
import { CONTRACT } from '../scenarios/run-contract.js';
import { problemsWithoutCalls } from '../scenarios/runs.js';
import { wireCases } from '../scenarios/wire-cases.js';
import { type Difference, twinTarget } from './twin-target.js';

const mswServer = setupServer();
const simulator = createSimulator();

afterAll(async () => {
  mswServer.close();
  await simulator.close();
});

test('the MSW handlers and the server give the same replies to the contract tests that a transport can change', async () => {
  await simulator.listen();
  mswServer.listen({ onUnhandledRequest: ({ url }, print) => new URL(url).origin === simulator.url || print.error() });
  const differences: Difference[] = [];
  const target = twinTarget(simulator, mswServer, differences);
  const summary = await runScenarios(wireCases(await loadScenarios([CONTRACT])), { target, jobs: 1 });
  expect(differences).toEqual([]);
  expect(problemsWithoutCalls(summary)).toEqual([]);
  expect(summary.passed).toBeGreaterThan(90);
});
