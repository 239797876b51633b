import { createSimulator, type ListenOptions, type Simulator, type SimulatorOptions } from '../simulator/index.js';
import type { Config } from './config.js';
import type { Stage } from './stage-scenario.js';
import { UserError } from './user-error.js';

/** Options of the commands that start a simulator; they win over the configuration file. */
export interface StartOptions extends Pick<Config, 'port' | 'host' | 'db' | 'clock' | 'control' | 'deployment' | 'https' | 'proxy'> {
  readonly config?: string;
  readonly scenario?: string;
}

/** Where a simulator shall listen, and what it shall speak. */
type Place = Required<Pick<ListenOptions, 'port' | 'host' | 'https' | 'proxy'>>;

/** What options and configuration file ask for. */
export interface Plan {
  readonly settings: Omit<SimulatorOptions, 'onExchange'>;
  readonly place: Place;
  readonly stage: Stage | undefined;
}

const DEFAULT_PORT = 8888;
const DEFAULT_HOST = '127.0.0.1';

async function stageOf(file: string | undefined, keepsClock: boolean): Promise<Stage | undefined> {
  if (file === undefined) return undefined;
  const { readStage } = await import('./stage-scenario.js');
  return readStage(file, keepsClock);
}

// YAML is loaded by those who read some.
async function configOf(file: string | undefined): Promise<Config> {
  if (file === undefined) return {};
  const { readConfig } = await import('./config.js');
  return readConfig(file);
}

/**
 * What shall be started.
 *
 * @throws UserError when configuration or scenario cannot be what they say
 */
export async function readStartOptions({ config: file, scenario, ...options }: StartOptions): Promise<Plan> {
  const {
    port = DEFAULT_PORT,
    host = DEFAULT_HOST,
    https = false,
    proxy = false,
    ...settings
  }: Config = { ...(await configOf(file)), ...options };
  return { settings, place: { port, host, https, proxy }, stage: await stageOf(scenario, options.clock !== undefined) };
}

/**
 * Makes a simulator of settings that came from a user.
 *
 * @throws UserError when the clock cannot be set so
 */
export function createFromOptions(options: SimulatorOptions): Simulator {
  try {
    return createSimulator(options);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UserError(`The clock cannot be set to ${options.clock}: write 2026-03-28T12:00 (Paris), a time with an offset, or a date.`, {
      cause,
    });
  }
}
