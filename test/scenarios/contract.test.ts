import { describe, expect, it } from 'vitest';
import { loadScenarios } from '../../scenarios/load.js';
import { casesOf, runScenarios } from '../../scenarios/runner.js';
import { simulatorTarget, type Target } from '../../scenarios/target.js';
import { createSimulator } from '../../simulator/index.js';
import { STORAGES } from '../simulator/storages.js';
import { CONTRACT, inProcessFetch } from './run-contract.js';
import { listeningTarget, problemsIn } from './runs.js';
import { wireCases } from './wire-cases.js';

const scenarios = await loadScenarios([CONTRACT]);
const selected = wireCases(scenarios);

const OTHER_GATEWAYS: readonly (readonly [name: string, open: () => Promise<Target>])[] = [
  ['in this process', async () => simulatorTarget('http://localhost', inProcessFetch(createSimulator()))],
  ...STORAGES.filter(({ storage }) => storage !== 'memory').map(
    ({ storage, options }) => [`over HTTP, in ${storage}`, async () => listeningTarget(await options())] as const,
  ),
];

describe('the contract tests', () => {
  it('all pass on the simulator over HTTP, in memory', async () => {
    const summary = await runScenarios(scenarios, { target: await listeningTarget() });
    expect(problemsIn(summary)).toEqual([]);
    expect(summary.passed).toBeGreaterThan(500);
  });

  // The others run in test/endurance/contract.test.ts.
  it.each(OTHER_GATEWAYS)('that a transport or store can change pass on the simulator %s', async (_, open) => {
    const summary = await runScenarios(selected, { target: await open() });
    expect(problemsIn(summary)).toEqual([]);
    expect(summary.passed).toBe(casesOf(selected).length);
  });
});
