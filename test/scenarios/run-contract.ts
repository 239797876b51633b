import { loadScenarios } from '../../scenarios/load.js';
import { type RunSummary, runScenarios } from '../../scenarios/runner.js';
import { simulatorTarget } from '../../scenarios/target.js';
import type { Simulator } from '../../simulator/index.js';

/** Where the contract tests are. */
export const CONTRACT = 'scenarios/contract';

/** A simulator's own `fetch`, as the platform's is called: requests never reach a network. */
export function inProcessFetch(simulator: Pick<Simulator, 'fetch'>): typeof globalThis.fetch {
  return (input, init) => simulator.fetch(new Request(input, init));
}

/** Runs scenario files against a gateway in this process. */
export async function runFiles(fetch: typeof globalThis.fetch, ...paths: readonly string[]): Promise<RunSummary> {
  return runScenarios(await loadScenarios(paths), { target: simulatorTarget('http://localhost', fetch) });
}
