import { exchangeJson, exchangeLine } from '../exchange-line.js';
import { stagedMessage, startJson, startMessage } from '../start-message.js';
import { readStartOptions, type StartOptions } from '../start-options.js';
import { startSimulator } from '../start-simulator.js';

/** Options of `paybox-sim serve`. */
export interface ServeOptions extends StartOptions {
  readonly quiet?: boolean;
  readonly json?: boolean;
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}

/**
 * Serves the gateway until SIGTERM or SIGINT.
 *
 * @throws UserError when the configuration or the scenario is not valid, or cannot be set up
 */
export async function serve({ quiet = false, json = false, ...options }: ServeOptions): Promise<void> {
  // Listens before anything is printed: a caller may send a signal as soon as it reads the output.
  const stopped = stopSignal();
  const line = json ? exchangeJson : exchangeLine;
  const started = await startSimulator(await readStartOptions(options), quiet ? undefined : (...exchange) => print(line(...exchange)));
  const { simulator, staged } = started;
  try {
    const { httpsUrl, certificateAuthority } = simulator;
    const info = { ...started, httpsUrl, certificateAuthority };
    print(json ? startJson(info) : startMessage(info));
    if (staged) print(json ? JSON.stringify({ event: 'staged', ...staged }) : stagedMessage(staged));
    if (certificateAuthority?.notice !== undefined) process.stderr.write(`${certificateAuthority.notice}\n`);
    await stopped;
  } finally {
    await simulator.close();
  }
}
