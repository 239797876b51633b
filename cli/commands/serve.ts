import { exchangeJson, exchangeLine } from '../exchange-line.js';
import { type Plan, readPlan, type StartOptions } from '../plan.js';
import { stagedMessage } from '../staged-message.js';
import { startJson, startMessage } from '../start-message.js';
import { startSimulator } from '../start-simulator.js';
import type { Together } from '../workers/serve-together.js';

/** Options of `paybox-sim serve`. */
export interface ServeOptions extends StartOptions {
  readonly quiet?: boolean;
  readonly json?: boolean;
}

type Manner = Required<Pick<ServeOptions, 'quiet' | 'json'>>;

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const notice = (text: string): void => void process.stderr.write(`${text}\n`);

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}

async function serveAlone(plan: Plan, { quiet, json }: Manner): Promise<Together> {
  const line = json ? exchangeJson : exchangeLine;
  const { simulator, ...started } = await startSimulator(plan, quiet ? undefined : (...exchange) => print(line(...exchange)));
  const { httpsUrl, certificateAuthority } = simulator;
  return { ...started, httpsUrl, certificateAuthority, workers: 1, end: () => simulator.close() };
}

async function serveWithOthers(plan: Plan, { quiet, json }: Manner): Promise<Together> {
  const { serveTogether } = await import('../workers/serve-together.js');
  return serveTogether(plan, quiet ? 'none' : json ? 'json' : 'text', { print, notice });
}

/**
 * Serves the gateway until SIGTERM or SIGINT.
 *
 * @throws UserError when configuration or scenario cannot be what they say
 */
export async function serve({ quiet = false, json = false, ...options }: ServeOptions): Promise<void> {
  // Asked for before anybody can know that the simulator is up.
  const ended = untilSignal();
  const plan = await readPlan(options);
  const served = await (plan.workers > 1 ? serveWithOthers : serveAlone)(plan, { quiet, json });
  try {
    const { staged, certificateAuthority } = served;
    print(json ? startJson(served) : startMessage(served));
    if (staged) print(json ? JSON.stringify({ event: 'staged', ...staged }) : stagedMessage(staged));
    if (certificateAuthority?.notice !== undefined) notice(certificateAuthority.notice);
    await ended;
  } finally {
    await served.end();
  }
}
