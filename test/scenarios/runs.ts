import { onTestFinished } from 'vitest';
import type { LoadedScenario } from '../../scenarios/parse.js';
import type { RunSummary } from '../../scenarios/runner.js';
import { simulatorTarget, type Target } from '../../scenarios/target.js';
import { timeline } from '../../scenarios/timeline.js';
import { createSimulator, type SimulatorOptions } from '../../simulator/index.js';
import { inProcessFetch } from './run-contract.js';

/** Folder of the scenario library. */
export const LIBRARY = 'scenarios/library';

/** Whether a scenario runs the commands of a merchant. */
export const drivesIntegration = ({ needs }: LoadedScenario): boolean => needs.includes('integration');

/** Whether a scenario visits a web shop. */
export const visitsShop = ({ needs }: LoadedScenario): boolean => needs.includes('shop');

/** Returns a simulator that listens until the end of the test. Only its control API is called without the network. */
export async function listeningTarget(options: SimulatorOptions = {}): Promise<Target> {
  const simulator = createSimulator(options);
  onTestFinished(() => simulator.close());
  return simulatorTarget(await simulator.listen(), globalThis.fetch, inProcessFetch(simulator));
}

/** Returns the timelines of the cases that failed, and the reasons of those that were skipped. */
export const problemsIn = ({ results }: RunSummary): string[] =>
  results.flatMap((result) =>
    result.outcome === 'failed'
      ? [`${result.case.name}\n${timeline(result.case.scenario, result.record)}`]
      : result.outcome === 'skipped'
        ? [`${result.case.name} was skipped: ${result.reason}`]
        : [],
  );

/** The reason of cases that receive results of authentications, where the gateway cannot call the runner. */
const CANNOT_CALL_BACK = 'it receives results of authentications, and the gateway of this target cannot call the runner';

/** Like {@link problemsIn}, without the cases that are skipped because the gateway cannot call the runner. There must be some. */
export function problemsWithoutCalls({ results, ...summary }: RunSummary): string[] {
  const others = results.filter((result) => result.outcome !== 'skipped' || result.reason !== CANNOT_CALL_BACK);
  const none = others.length === results.length ? ['No case was skipped because the gateway cannot call the runner.'] : [];
  return [...none, ...problemsIn({ ...summary, results: others })];
}

/** Returns the items in an order determined by the seed. */
export function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const order = [...items];
  let state = seed;
  for (let last = order.length - 1; last > 0; last--) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const other = Math.floor((state / 4_294_967_296) * (last + 1));
    [order[last], order[other]] = [order[other] as Item, order[last] as Item];
  }
  return order;
}
