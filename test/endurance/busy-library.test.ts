import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { loadScenarios } from '../../scenarios/load.js';
import type { LoadedScenario } from '../../scenarios/parse.js';
import { casesOf, runScenarios } from '../../scenarios/runner.js';
import { LIBRARY, listeningTarget, problemsIn, shuffled, visitsShop } from '../scenarios/runs.js';
import { campaign } from './campaign.js';

const MERCHANT = `"${process.execPath}" "${resolve('dist/scenarios/examples/reference/merchant.js')}"`;

/** How many busy processes run beside the library for each processor. */
const LOAD = 4;

// Looks now and then whether its parent is still there, so that it does not outlive a test that is killed.
const BUSY = 'for (const parent = process.ppid; process.ppid === parent; ) for (let n = 0; n < 1e8; n++);';

/** Keeps all processors busy until the test ends. Returns the number of processes. */
function keepBusy(): number {
  const processes = Array.from({ length: availableParallelism() * LOAD }, () => spawn(process.execPath, ['-e', BUSY], { stdio: 'ignore' }));
  onTestFinished(() => {
    for (const busy of processes) busy.kill('SIGKILL');
  });
  return processes.length;
}

const CASES = casesOf((await loadScenarios([LIBRARY])).filter((scenario) => !visitsShop(scenario)));

/** Returns cases in a random order, as scenarios with one row each. No case is repeated before all of them occurred. */
const casesInRandomOrder = (count: number, seed: number): LoadedScenario[] =>
  Array.from({ length: Math.ceil(count / CASES.length) }, (_, round) => shuffled(CASES, seed + round))
    .flat()
    .slice(0, count)
    .map(({ scenario, row }) => ({ ...scenario, examples: [row] }));

campaign(
  { name: 'the scenario library passes beside busy processes', unit: 'library cases', short: 6, long: 3 * CASES.length },
  async (count, seed) => {
    const target = await listeningTarget();
    const busy = keepBusy();
    const summary = await runScenarios(casesInRandomOrder(count, seed), { target, values: { integration: MERCHANT } });
    expect(problemsIn(summary)).toEqual([]);
    expect(summary.passed).toBe(count);
    return `beside ${busy} busy processes, ${Math.min(count, CASES.length)} different cases`;
  },
);
