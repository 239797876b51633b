import type { OnExchange, Simulator } from '../simulator/index.js';
import { shownStorage } from '../simulator/store/open-storage.js';
import { messages } from './messages/index.js';
import type { StagedScenario } from './stage-scenario.js';
import { createFromOptions, type StartPlan } from './start-options.js';

/** A simulator that listens. */
export interface StartedSimulator {
  readonly simulator: Simulator;
  readonly url: string;
  /** Where the state is stored: a file, a database URL without its password, or `memory`. */
  readonly store: string;
  /** Whether programs can use it as their proxy. */
  readonly proxy: boolean;
  /** The state that the scenario set up, if there is a scenario. */
  readonly staged: StagedScenario | undefined;
}

/**
 * Starts a simulator and sets up its scenario.
 *
 * @param onExchange called after every exchange except those of the setup; undefined costs nothing per exchange
 * @param onWarning called with a message when a stored rule is disabled, a host is refused, or a program does not trust the certificate
 * @throws UserError when the simulator cannot be started as planned
 */
export async function startSimulator(
  { settings, address, setup }: StartPlan,
  onExchange: OnExchange | undefined,
  onWarning: (message: string) => void,
): Promise<StartedSimulator> {
  // The exchanges of the setup are not reported: the staged state is printed instead.
  let isSetUp = setup === undefined;
  const reportExchange: OnExchange | undefined = onExchange && ((...exchange) => isSetUp && onExchange(...exchange));
  const simulator = createFromOptions({ ...settings, onExchange: reportExchange });
  try {
    const url = await simulator.listen({ ...address, onWarning });
    for (const [id, reason] of await simulator.gateway.disabledRules()) onWarning(messages().start.ruleDisabled(id, reason));
    const staged = await setup?.(simulator, url);
    isSetUp = true;
    return { simulator, url, store: shownStorage(settings.db), proxy: address.proxy, staged };
  } catch (error) {
    await simulator.close();
    throw error;
  }
}
