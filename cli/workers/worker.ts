import type { Socket } from 'node:net';
import { makeSimulator } from '../../simulator/create-simulator.js';
import { HandedEntrance } from '../../simulator/http/entrance.js';
import type { OnExchange, Simulator } from '../../simulator/index.js';
import { exchangeJson, exchangeLine } from '../exchange-line.js';
import { failureOf } from '../report-failure.js';
import { DistantSwaps } from './distant-swaps.js';
import { LineBuffer } from './line-buffer.js';
import type { FromWorker, LineForm, Role, ToWorker } from './messages.js';

const LINES: Readonly<Record<LineForm, ((...exchange: Parameters<OnExchange>) => string) | undefined>> = {
  text: exchangeLine,
  json: exchangeJson,
  none: undefined,
};

// What is said last must have left before the process ends.
const send = (message: FromWorker): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
    else resolve();
  });

async function listen(simulator: Simulator, { place }: Role): Promise<void> {
  const url = await simulator.listen({ ...place, onRefused: (notice) => void send({ notice }) });
  const { httpsUrl, certificateAuthority: ca } = simulator;
  await send({ listening: { url, httpsUrl, certificateAuthority: ca && { file: ca.file, bundle: ca.bundle, notice: ca.notice } } });
}

/** One worker's life: it takes its role, serves, and ends when it is told to. */
class Worker {
  readonly #swaps = new DistantSwaps((message) => void send(message));
  readonly #entrance = new HandedEntrance();
  readonly #lines = new LineBuffer((lines) => void send({ lines }));
  #simulator: Simulator | undefined;

  async take({ role, stop, connection, drain, swapped }: ToWorker, socket: Socket | undefined): Promise<void> {
    if (connection !== undefined) this.#receive(connection, socket);
    if (role) await this.#serve(role);
    if (swapped) this.#swaps.take(swapped);
    if (drain) await this.#drain();
    if (stop) await this.end();
  }

  /** Answers what is at work, says what is left to say, and ends the process. */
  async end(status = 0): Promise<never> {
    await this.#simulator?.close();
    this.#lines.flush();
    await send({});
    process.exit(status);
  }

  async fail(error: unknown): Promise<never> {
    const failed = failureOf(error);
    await send({ failed });
    return this.end(failed.status);
  }

  // Whoever connected may have gone meanwhile: there is no socket then.
  #receive(connection: number, socket: Socket | undefined): void {
    if (socket) this.#entrance.take(socket);
    void send({ taken: connection });
  }

  async #drain(): Promise<void> {
    await this.#simulator?.outage(0);
    await send({ drained: true });
  }

  async #serve(role: Role): Promise<void> {
    const line = LINES[role.lines];
    const onExchange: OnExchange | undefined = line && ((...exchange) => this.#lines.add(line(...exchange)));
    const outage = (milliseconds: number): Promise<void> => send({ outage: milliseconds });
    this.#simulator = makeSimulator(
      { ...role.settings, onExchange },
      { start: role.start, outage, swaps: this.#swaps, entrance: this.#entrance },
    );
    await listen(this.#simulator, role);
  }
}

/** Is a worker of `serve --workers`: a process that the first one started and tells what to do. */
export function work(): void {
  const worker = new Worker();
  process.on('message', (message: ToWorker, socket: Socket | undefined) => {
    worker.take(message, socket).catch((error: unknown) => worker.fail(error));
  });
  // Without the first process there are no more connections, and nobody to tell.
  process.once('disconnect', () => process.exit());
  process.on('SIGTERM', () => void worker.end());
  // A terminal sends it to all: the first process says when it is time.
  process.on('SIGINT', () => {});
  void send({ ready: true });
}
