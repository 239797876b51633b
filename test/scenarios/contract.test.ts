import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadScenarios } from '../../scenarios/load.js';
import { type RunSummary, runScenarios } from '../../scenarios/runner.js';
import { simulatorTarget, type Target } from '../../scenarios/target.js';
import { timeline } from '../../scenarios/timeline.js';
import { createSimulator, type SimulatorOptions } from '../../simulator/index.js';
import { hasPostgres, postgres } from '../support/postgres.js';
import { tempFolder } from '../support/temp-folder.js';
import { CONTRACT, inProcessFetch } from './run-contract.js';

const scenarios = await loadScenarios([CONTRACT]);

async function overHttp(options: SimulatorOptions): Promise<Target> {
  const simulator = createSimulator(options);
  onTestFinished(() => simulator.close());
  return simulatorTarget(await simulator.listen());
}

const GATEWAYS: Readonly<Record<string, () => Promise<Target>>> = {
  'in this process, in memory': async () => simulatorTarget('http://localhost', inProcessFetch(createSimulator())),
  'over HTTP, in memory': () => overHttp({}),
  'over HTTP, in a SQLite file': async () => overHttp({ db: join(await tempFolder(), 'state.db') }),
  ...(hasPostgres && { 'over HTTP, in a PostgreSQL database': async () => overHttp({ db: (await postgres()).makeDatabase() }) }),
};

const failuresIn = ({ results }: RunSummary): string[] =>
  results.flatMap((result) =>
    result.outcome === 'failed' ? [`${result.case.name}\n${timeline(result.case.scenario, result.record)}`] : [],
  );

describe('the contract tests', () => {
  it.each(Object.keys(GATEWAYS))('all pass on the simulator %s', { timeout: 60_000 }, async (name) => {
    const target = await (GATEWAYS[name] as () => Promise<Target>)();
    const summary = await runScenarios(scenarios, { target });
    expect(failuresIn(summary)).toEqual([]);
    expect(summary.passed).toBe(summary.results.length);
    expect(summary.passed).toBeGreaterThan(0);
  });
});
