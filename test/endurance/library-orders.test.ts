import { expect } from 'vitest';
import { loadScenarios } from '../../scenarios/load.js';
import { runScenarios } from '../../scenarios/runner.js';
import { simulatorTarget } from '../../scenarios/target.js';
import { createSimulator } from '../../simulator/index.js';
import { drivesIntegration, LIBRARY, problemsIn, shuffled, visitsShop } from '../scenarios/runs.js';
import { campaign } from './campaign.js';

campaign(
  { name: 'the scenario library passes on one simulator in whatever order its scenarios run', unit: 'orders', short: 2, long: 100 },
  async (orders, seed) => {
    const onGateway = (await loadScenarios([LIBRARY])).filter((scenario) => !drivesIntegration(scenario) && !visitsShop(scenario));
    const simulator = createSimulator();
    const target = simulatorTarget(await simulator.listen());
    let passed = 0;
    for (let n = 0; n < orders; n++) {
      const summary = await runScenarios(shuffled(onGateway, seed + n), { target, jobs: 12 });
      expect(problemsIn(summary), `in the order of seed ${seed + n}`).toEqual([]);
      passed += summary.passed;
    }
    await simulator.close();
    return `${passed} cases passed`;
  },
);
