import { exchangeJson, exchangeLine } from '../exchange-line.js';
import { stagedMessage } from '../staged-message.js';
import { startJson, startMessage } from '../start-message.js';
import { type StartOptions, startSimulator } from '../start-simulator.js';

/** Options of `paybox-sim serve`. */
export interface ServeOptions extends StartOptions {
  readonly quiet?: boolean;
  readonly json?: boolean;
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

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
  const line = json ? exchangeJson : exchangeLine;
  // Asked for before anybody can know that the simulator is up.
  const ended = untilSignal();
  const started = await startSimulator(options, quiet ? () => {} : (...exchange) => print(line(...exchange)));
  try {
    const { simulator, staged } = started;
    print(json ? startJson(started) : startMessage(started));
    if (staged) print(json ? JSON.stringify({ event: 'staged', ...staged }) : stagedMessage(staged));
    const notice = simulator.certificateAuthority?.notice;
    if (notice !== undefined) process.stderr.write(`${notice}\n`);
    await ended;
  } finally {
    await started.simulator.close();
  }
}
