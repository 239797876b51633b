import type { OnExchange } from '../../simulator/index.js';
import type { CommandIo } from '../command-io.js';
import { exchangeJson, exchangeLine } from '../exchange-line.js';
import { messages, translated } from '../messages/index.js';
import { stagedMessage, startJson, startMessage } from '../start-message.js';
import { readStartOptions, type StartOptions } from '../start-options.js';
import { startSimulator } from '../start-simulator.js';

/** Options of `paybox-sim serve`. */
export interface ServeOptions extends StartOptions {
  readonly quiet?: boolean;
  readonly json?: boolean;
}

function stopSignal(io: CommandIo): Promise<void> {
  return new Promise((resolve) => {
    io.once('SIGTERM', resolve);
    io.once('SIGINT', resolve);
  });
}

/** How long the end may take after the signal. A database that does not answer would hold it up for ever. Milliseconds. */
const END_TIMEOUT = 5000;

/** Ends the process when the end takes too long, unless the returned function is called before. */
function limitEnd(io: CommandIo): () => void {
  const exit = (): void => {
    io.stderr.write(`${messages().start.noEnd}\n`);
    io.exit(1);
  };
  const timer = setTimeout(exit, END_TIMEOUT).unref();
  return () => clearTimeout(timer);
}

/**
 * Serves the gateway until SIGTERM or SIGINT. Ends at the latest five seconds after the signal.
 *
 * @throws UserError when the configuration or the scenario is not valid, or cannot be set up
 */
export async function serve({ quiet = false, json = false, ...options }: ServeOptions, io: CommandIo): Promise<void> {
  const print = (text: string): void => void io.stdout.write(`${text}\n`);
  const printError = (text: string): void => void io.stderr.write(`${translated('simulator', text)}\n`);
  // Listens before anything is printed: a caller may send a signal as soon as it reads the output.
  const stopped = stopSignal(io);
  let endedInTime = (): void => {};
  void stopped.then(() => {
    endedInTime = limitEnd(io);
  });
  const line = json ? exchangeJson : exchangeLine;
  const onExchange: OnExchange | undefined = quiet ? undefined : (...exchange) => print(line(...exchange));
  const started = await startSimulator(await readStartOptions(options), onExchange, printError);
  const { simulator, staged } = started;
  try {
    const { httpsUrl, certificateAuthority } = simulator;
    const info = { ...started, httpsUrl, certificateAuthority };
    print(json ? startJson(info) : startMessage(info));
    if (staged) print(json ? JSON.stringify({ event: 'staged', ...staged }) : stagedMessage(staged));
    if (certificateAuthority?.notice !== undefined) printError(certificateAuthority.notice);
    await stopped;
  } finally {
    await simulator.close();
    endedInTime();
  }
}
