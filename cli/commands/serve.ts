import { createSimulator, type SimulatorOptions } from '../../simulator/index.js';
import { type Config, readConfig } from '../config.js';
import { exchangeJson, exchangeLine } from '../exchange-line.js';
import type { Stage } from '../stage-scenario.js';
import { stagedMessage } from '../staged-message.js';
import { startMessage } from '../start-message.js';
import { UserError } from '../user-error.js';

/** Options of `paybox-sim serve`; they win over the configuration file. */
export interface ServeOptions extends Pick<Config, 'port' | 'host' | 'db' | 'clock' | 'control'> {
  readonly config?: string;
  readonly scenario?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

const DEFAULT_PORT = 8888;
const DEFAULT_HOST = '127.0.0.1';

const print = (text: string): void => void process.stdout.write(`${text}\n`);

function create(options: SimulatorOptions) {
  try {
    return createSimulator(options);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UserError(`The clock cannot be set to ${options.clock}: write 2026-03-28T12:00 (Paris), a time with an offset, or a date.`, {
      cause,
    });
  }
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}

async function stageOf(file: string | undefined, options: Pick<ServeOptions, 'clock'>): Promise<Stage | undefined> {
  if (file === undefined) return undefined;
  const { readStage } = await import('../stage-scenario.js');
  return readStage(file, options.clock !== undefined);
}

/**
 * Serves the gateway until SIGTERM or SIGINT.
 *
 * @throws UserError when configuration or scenario cannot be what they say
 */
export async function serve({ config: file, scenario, quiet = false, json = false, ...options }: ServeOptions): Promise<void> {
  const {
    port = DEFAULT_PORT,
    host = DEFAULT_HOST,
    ...settings
  }: Config = { ...(file === undefined ? {} : await readConfig(file)), ...options };
  const stage = await stageOf(scenario, options);
  // What is staged is told in other words.
  let isUp = stage === undefined;
  const line = json ? exchangeJson : exchangeLine;
  const simulator = create({
    ...settings,
    ...(!quiet && { onExchange: (...exchange) => isUp && print(line(...exchange)) }),
  });
  // Asked for before anybody can know that the simulator is up.
  const ended = untilSignal();
  try {
    const url = await simulator.listen({ port, host });
    const staged = await stage?.(simulator, url);
    isUp = true;
    const store = settings.db ?? 'memory';
    if (json) print(JSON.stringify({ event: 'listening', url, gateway: `${url}/PPPS.php`, store }));
    else print(startMessage(url, store));
    if (staged) print(json ? JSON.stringify({ event: 'staged', ...staged }) : stagedMessage(staged));
    await ended;
  } finally {
    await simulator.close();
  }
}
