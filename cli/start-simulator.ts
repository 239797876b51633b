import type { OnExchange, Simulator } from '../simulator/index.js';
import { shownStorage } from '../simulator/store/open-storage.js';
import type { Staged } from './stage-scenario.js';
import { createFromOptions, type Plan } from './start-options.js';

/** A simulator that listens. */
export interface Started {
  readonly simulator: Simulator;
  readonly url: string;
  /** What keeps the state: a file, a database without its password, or `memory`. */
  readonly store: string;
  /** Whether programs may take it for their proxy. */
  readonly proxy: boolean;
  /** What the scenario set up, where there is one. */
  readonly staged: Staged | undefined;
}

const complain = (why: string): void => void process.stderr.write(`${why}\n`);

/**
 * Starts a simulator as planned, and sets up the scenario.
 *
 * @param onExchange told of every exchange but those of the scenario's setting up; undefined: nobody is, which costs nothing
 * @param onRefused told what it turns away or is turned away by; standard error where it is left out
 * @throws UserError when something cannot be set up as the plan says
 */
export async function startSimulator(
  { settings, place, stage }: Plan,
  onExchange: OnExchange | undefined,
  onRefused = complain,
): Promise<Started> {
  // What is staged is told in other words.
  let isUp = stage === undefined;
  const told: OnExchange | undefined = onExchange && ((...exchange) => isUp && onExchange(...exchange));
  const simulator = createFromOptions({ ...settings, onExchange: told });
  try {
    const url = await simulator.listen({ ...place, onRefused });
    const staged = await stage?.(simulator, url);
    isUp = true;
    return { simulator, url, store: shownStorage(settings.db), proxy: place.proxy, staged };
  } catch (error) {
    await simulator.close();
    throw error;
  }
}
