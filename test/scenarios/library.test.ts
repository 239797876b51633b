import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { loadScenarios } from '../../scenarios/load.js';
import { type RunSummary, runScenarios } from '../../scenarios/runner.js';
import type { Scenario } from '../../scenarios/scenario.js';
import { simulatorTarget, type Target } from '../../scenarios/target.js';
import { timeline } from '../../scenarios/timeline.js';
import { createSimulator } from '../../simulator/index.js';
import { CONTRACT } from './run-contract.js';

const LIBRARY = 'scenarios/library';
const MERCHANT = resolve('dist/scenarios/examples/reference/merchant.js');
const JOBS = 12;

const scenarios = await loadScenarios([LIBRARY]);
const drivesIntegration = ({ needs }: Scenario): boolean => needs.includes('integration');
const onGateway = scenarios.filter((scenario) => !drivesIntegration(scenario));
const onIntegration = scenarios.filter(drivesIntegration);

async function overHttp(): Promise<Target> {
  const simulator = createSimulator();
  onTestFinished(() => simulator.close());
  return simulatorTarget(await simulator.listen());
}

const failuresIn = ({ results }: RunSummary): string[] =>
  results.flatMap((result) =>
    result.outcome === 'failed'
      ? [`${result.case.name}\n${timeline(result.case.scenario, result.record)}`]
      : result.outcome === 'skipped'
        ? [`${result.case.name} was skipped: ${result.reason}`]
        : [],
  );

/** How many times longer the time limits of the merchants are than in the scenarios, so that a busy machine does not exceed them. */
const TIME_FACTOR = 4;

/** Multiplies the time limits of the merchants and of the steps that run them, and the delays that exceed them. */
function withLongerTimeLimits<S extends Scenario>(scenario: S): S {
  const scale = (key: string, value: unknown): unknown => {
    if (key === 'PAYBOX_TIMEOUT') return String(Number(value) * TIME_FACTOR);
    if (key === 'delay') return Number(value) * TIME_FACTOR;
    return typeof value === 'object' && value !== null && 'run' in value ? { within: 10 * TIME_FACTOR, ...value } : value;
  };
  const scaled = <Part>(part: Part): Part => JSON.parse(JSON.stringify(part), scale) as Part;
  return { ...scenario, given: scaled(scenario.given), steps: scaled(scenario.steps) };
}

/** Returns the items in an order determined by the seed. */
function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const order = [...items];
  let state = seed;
  for (let last = order.length - 1; last > 0; last--) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const other = Math.floor((state / 4_294_967_296) * (last + 1));
    [order[last], order[other]] = [order[other] as Item, order[last] as Item];
  }
  return order;
}

describe('the scenario library', () => {
  it('contains enough scenarios of both kinds', () => {
    expect(onGateway.length).toBeGreaterThanOrEqual(40);
    expect(onIntegration.length).toBeGreaterThanOrEqual(30);
  });

  it('names, like the contract tests, the section and the weight of each scenario, and why it matters', async () => {
    const about = [...scenarios, ...(await loadScenarios([CONTRACT]))];
    const incomplete = about.filter(({ section, weight, why }) => section === undefined || weight === undefined || why.length < 20);
    expect(incomplete.map(({ file }) => file)).toEqual([]);
  });

  it('has no id in common with the contract tests', async () => {
    await expect(loadScenarios([CONTRACT, LIBRARY])).resolves.toHaveLength(scenarios.length + (await loadScenarios([CONTRACT])).length);
  });

  it('tags each scenario with its folder and names it after its file', () => {
    for (const { file, id, tags } of scenarios) expect(`scenarios/library/${tags[0]}/${id}.yaml`).toBe(file);
  });

  it('passes on the simulator over HTTP, concurrently and in random orders', { timeout: 60_000 }, async () => {
    const target = await overHttp();
    const begin = Number(process.env.SEED ?? Date.now() % 1_000_000);
    for (const seed of [begin, begin + 1, begin + 2]) {
      const summary = await runScenarios(shuffled(onGateway, seed), { target, jobs: JOBS });
      expect(failuresIn(summary), `in the order of SEED=${seed}`).toEqual([]);
    }
  });

  it.skipIf(!existsSync(MERCHANT) && !process.env.CI)(
    'is passed by the integration with the reference client',
    { timeout: 120_000 },
    async () => {
      vi.stubEnv('PAYBOX_TIMEOUT', String(TIME_FACTOR));
      onTestFinished(() => void vi.unstubAllEnvs());
      const values = { integration: `"${process.execPath}" "${MERCHANT}"` };
      const summary = await runScenarios(onIntegration.map(withLongerTimeLimits), { target: await overHttp(), jobs: JOBS, values });
      expect(failuresIn(summary)).toEqual([]);
    },
  );
});
