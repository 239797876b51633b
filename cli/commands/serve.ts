import { exchangeJson, exchangeLine } from '../exchange-line.js';
import { stagedMessage } from '../staged-message.js';
import { startJson, startMessage } from '../start-message.js';
import { readStartOptions, type StartOptions } from '../start-options.js';
import { startSimulator } from '../start-simulator.js';

/** Options of `paybox-sim serve`. */
export interface ServeOptions extends StartOptions {
  readonly quiet?: boolean;
  readonly json?: boolean;
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const notice = (text: string): void => void process.stderr.write(`${text}\n`);

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}

/**
 * Serves the gateway until SIGTERM or SIGINT.
 *
 * @throws UserError when configuration or scenario cannot be what they say
 */
export async function serve({ quiet = false, json = false, ...options }: ServeOptions): Promise<void> {
  // Asked for before anybody can know that the simulator is up.
  const ended = untilSignal();
  const line = json ? exchangeJson : exchangeLine;
  const started = await startSimulator(await readStartOptions(options), quiet ? undefined : (...exchange) => print(line(...exchange)));
  const { simulator, staged } = started;
  try {
    const { httpsUrl, certificateAuthority } = simulator;
    const shown = { ...started, httpsUrl, certificateAuthority };
    print(json ? startJson(shown) : startMessage(shown));
    if (staged) print(json ? JSON.stringify({ event: 'staged', ...staged }) : stagedMessage(staged));
    if (certificateAuthority?.notice !== undefined) notice(certificateAuthority.notice);
    await ended;
  } finally {
    await simulator.close();
  }
}
