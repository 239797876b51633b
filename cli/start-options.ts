import { createSimulator, type ListenOptions, type Simulator, type SimulatorOptions } from '../simulator/index.js';
import type { Config } from './config.js';
import { messages } from './messages/index.js';
import { readSigningKey } from './signing-key.js';
import type { ScenarioSetup } from './stage-scenario.js';
import { UserError } from './user-error.js';

/** Options of the commands that start a simulator. They override the configuration file. */
export interface StartOptions
  extends Pick<Config, 'port' | 'host' | 'db' | 'clock' | 'control' | 'controlHosts' | 'deployment' | 'https' | 'proxy' | 'signingKey'> {
  readonly config?: string;
  readonly scenario?: string;
}

/** Where a simulator listens, and for which protocols. */
type ListenAddress = Required<Pick<ListenOptions, 'port' | 'host' | 'https' | 'proxy'>>;

/** A simulator to start: the merged options and configuration, with defaults. */
export interface StartPlan {
  readonly settings: Omit<SimulatorOptions, 'onExchange'>;
  readonly address: ListenAddress;
  /** Undefined without --scenario. */
  readonly setup: ScenarioSetup | undefined;
}

const DEFAULT_PORT = 8888;
const DEFAULT_HOST = '127.0.0.1';

async function readSetup(file: string | undefined, keepsClock: boolean): Promise<ScenarioSetup | undefined> {
  if (file === undefined) return undefined;
  const { readScenarioSetup } = await import('./stage-scenario.js');
  return readScenarioSetup(file, keepsClock);
}

// The YAML parser is loaded only if there is a file to parse.
async function readConfigFile(file: string | undefined): Promise<Config> {
  if (file === undefined) return {};
  const { readConfig } = await import('./config.js');
  return readConfig(file);
}

/**
 * Merges the options with the configuration file and reads the scenario.
 *
 * @throws UserError when the configuration, the scenario or the signing key is not valid
 */
export async function readStartOptions({ config: file, scenario, ...options }: StartOptions): Promise<StartPlan> {
  const {
    port = DEFAULT_PORT,
    host = DEFAULT_HOST,
    https = false,
    proxy = false,
    signingKey,
    ...settings
  }: Config = { ...(await readConfigFile(file)), ...options };
  return {
    settings: { ...settings, ...(signingKey !== undefined && { signingKey: readSigningKey(signingKey) }) },
    address: { port, host, https, proxy },
    setup: await readSetup(scenario, options.clock !== undefined),
  };
}

/**
 * Creates a simulator with settings of the user.
 *
 * @throws UserError when the clock is not a valid time
 */
export function createFromOptions(options: SimulatorOptions): Simulator {
  try {
    return createSimulator(options);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UserError(messages().start.badClock(options.clock), { cause });
  }
}
