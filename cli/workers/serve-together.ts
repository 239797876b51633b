import { makeSimulator } from '../../simulator/create-simulator.js';
import { LocalSwapDesk } from '../../simulator/door/swap-desk.js';
import { newStart } from '../../simulator/gateway.js';
import { shownStorage } from '../../simulator/open-storage.js';
import { createAsked, type Plan } from '../plan.js';
import type { Staged } from '../stage-scenario.js';
import type { Shown } from '../start-message.js';
import { UserError } from '../user-error.js';
import type { LineForm } from './messages.js';
import { Pool, type Voices } from './pool.js';

/** Workers that serve. */
export interface Together extends Shown {
  /** What the scenario set up, where there is one. */
  readonly staged: Staged | undefined;
  /** Ends all of them; questions at work are answered. */
  end(): Promise<void>;
}

/** Makes or migrates the file and puts settings and scenario in, once and before anybody else opens it. */
async function prepare({ settings, stage }: Plan, start: string): Promise<Staged | undefined> {
  const fellows = { start, outage: async () => {}, swaps: new LocalSwapDesk() };
  const simulator = createAsked(settings, (options) => makeSimulator(options, fellows));
  try {
    await simulator.gateway.ready();
    return await stage?.(simulator, await simulator.listen());
  } finally {
    await simulator.close();
  }
}

/**
 * Starts the workers of a plan: processes on one port and one file.
 *
 * @throws UserError when something cannot be set up as the plan says
 */
export async function serveTogether(plan: Plan, lines: LineForm, voices: Voices): Promise<Together> {
  const { settings, place, workers } = plan;
  if (settings.db === undefined) {
    throw new UserError(
      `${workers} workers share their state through a file: give --db FILE too, or leave --workers out (in memory there is one process).`,
    );
  }
  const start = newStart();
  const staged = await prepare(plan, start);
  const pool = new Pool({ settings, place, start, lines }, voices);
  const end = (): Promise<void> => pool.end();
  try {
    return { ...(await pool.start(workers)), store: shownStorage(settings.db), proxy: place.proxy, workers, staged, end };
  } catch (error) {
    await end();
    throw error;
  }
}
