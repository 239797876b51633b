import { createSimulator, type OnExchange, type Simulator, type SimulatorOptions } from '../simulator/index.js';
import { type Config, readConfig } from './config.js';
import type { Stage, Staged } from './stage-scenario.js';
import { UserError } from './user-error.js';

/** Options of the commands that start a simulator; they win over the configuration file. */
export interface StartOptions extends Pick<Config, 'port' | 'host' | 'db' | 'clock' | 'control' | 'https' | 'proxy'> {
  readonly config?: string;
  readonly scenario?: string;
}

/** A simulator that listens. */
export interface Started {
  readonly simulator: Simulator;
  readonly url: string;
  /** File that keeps the state, or `memory`. */
  readonly store: string;
  /** Whether programs may take it for their proxy. */
  readonly proxy: boolean;
  /** What the scenario set up, where there is one. */
  readonly staged: Staged | undefined;
}

const DEFAULT_PORT = 8888;
const DEFAULT_HOST = '127.0.0.1';

const onRefused = (why: string): void => void process.stderr.write(`${why}\n`);

function create(options: SimulatorOptions): Simulator {
  try {
    return createSimulator(options);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UserError(`The clock cannot be set to ${options.clock}: write 2026-03-28T12:00 (Paris), a time with an offset, or a date.`, {
      cause,
    });
  }
}

async function stageOf(file: string | undefined, options: Pick<StartOptions, 'clock'>): Promise<Stage | undefined> {
  if (file === undefined) return undefined;
  const { readStage } = await import('./stage-scenario.js');
  return readStage(file, options.clock !== undefined);
}

/**
 * Starts a simulator as options and configuration file say, and sets up the scenario.
 *
 * @param onExchange told of every exchange but those of the scenario's setting up
 * @throws UserError when configuration or scenario cannot be what they say
 */
export async function startSimulator({ config: file, scenario, ...options }: StartOptions, onExchange: OnExchange): Promise<Started> {
  const {
    port = DEFAULT_PORT,
    host = DEFAULT_HOST,
    https = false,
    proxy = false,
    ...settings
  }: Config = { ...(file === undefined ? {} : await readConfig(file)), ...options };
  const stage = await stageOf(scenario, options);
  // What is staged is told in other words.
  let isUp = stage === undefined;
  const simulator = create({ ...settings, onExchange: (...exchange) => isUp && onExchange(...exchange) });
  try {
    const url = await simulator.listen({ port, host, https, proxy, onRefused });
    const staged = await stage?.(simulator, url);
    isUp = true;
    return { simulator, url, store: settings.db ?? 'memory', proxy, staged };
  } catch (error) {
    await simulator.close();
    throw error;
  }
}
