import cluster, { type Worker } from 'node:cluster';
import { LocalSwapDesk } from '../../simulator/door/swap-desk.js';
import { wait } from '../../simulator/wait.js';
import type { Failure } from '../report-failure.js';
import { UserError } from '../user-error.js';
import { SwapVisitor } from './distant-swaps.js';
import type { FromWorker, Listening, Role, ToWorker } from './messages.js';

/** Where the words of the workers go. */
export interface Voices {
  /** Whole lines for standard output. */
  print(lines: string): void;
  /** A sentence for standard error. */
  notice(text: string): void;
}

/** How long a worker may take to answer what is at work when all end. Milliseconds. */
const PARTING = 10_000;

/** How long a worker that could not be started again is left alone. Milliseconds. */
const PAUSE = 1000;

const asError = ({ message, status }: Failure): Error => (status === 2 ? new UserError(message) : new Error(message));

const tell = (worker: Worker, message: ToWorker): void => {
  // It may be gone already: whoever says so hears of it otherwise.
  if (worker.isConnected()) worker.send(message, () => {});
};

/** Workers that listen on one port. Those that die are started again. */
export class Pool {
  readonly #role: Role;
  readonly #voices: Voices;
  readonly #swaps = new LocalSwapDesk();
  readonly #workers = new Set<Worker>();
  #isEnding = false;
  /** When the outage ends that the workers are in, as the machine's clock counts. */
  #outageEnds = 0;

  constructor(role: Role, voices: Voices) {
    this.#role = role;
    this.#voices = voices;
  }

  /**
   * Starts so many workers.
   *
   * @returns where they listen
   * @throws UserError when they cannot
   */
  async start(count: number): Promise<Listening> {
    cluster.setupPrimary({ exec: process.argv[1] ?? '', args: ['worker'] });
    cluster.schedulingPolicy = cluster.SCHED_RR;
    // One first: what keeps it from serving is said once.
    const listening = await this.#fork();
    await Promise.all(Array.from({ length: count - 1 }, () => this.#fork()));
    return listening;
  }

  /** Ends all of them; questions at work are answered. */
  async end(): Promise<void> {
    this.#isEnding = true;
    const late = setTimeout(() => {
      for (const worker of this.#workers) worker.process.kill('SIGKILL');
    }, PARTING);
    await Promise.all([...this.#workers].map((worker) => this.#endOf(worker)));
    clearTimeout(late);
  }

  #endOf(worker: Worker): Promise<void> {
    return new Promise((resolve) => {
      worker.once('exit', () => resolve());
      tell(worker, { stop: true });
    });
  }

  #fork(): Promise<Listening> {
    const worker = cluster.fork();
    this.#workers.add(worker);
    const visitor = new SwapVisitor(this.#swaps, (message) => tell(worker, message));
    let isUp = false;
    return new Promise((resolve, reject) => {
      worker.on('message', ({ ready, listening, failed, ...said }: FromWorker) => {
        if (ready) tell(worker, { role: this.#role });
        if (failed) reject(asError(failed));
        isUp ||= listening !== undefined;
        if (listening) resolve(listening);
        this.#hear(said, visitor);
      });
      worker.once('exit', (status, signal) => {
        this.#workers.delete(worker);
        visitor.leaveAll();
        const how = signal ?? `status ${status}`;
        reject(new Error(`A worker ended (${how}) before it served.`));
        if (isUp) void this.#replace(`Worker ${worker.process.pid} ended (${how}); another takes its place.`);
      });
    });
  }

  #hear({ lines, notice, outage, swap, swapGone }: Omit<FromWorker, 'ready' | 'listening' | 'failed'>, visitor: SwapVisitor): void {
    if (lines !== undefined) this.#voices.print(lines);
    if (notice !== undefined) this.#voices.notice(notice);
    if (outage !== undefined) this.#refuse(outage);
    if (swap) void visitor.wait(swap);
    if (swapGone !== undefined) visitor.leave(swapGone);
  }

  #refuse(milliseconds: number): void {
    this.#outageEnds = Date.now() + milliseconds;
    for (const worker of this.#workers) tell(worker, { outage: milliseconds });
  }

  async #replace(why: string): Promise<void> {
    if (this.#isEnding) return;
    this.#voices.notice(why);
    // A new one would listen, and end the outage for all.
    await wait(Math.max(0, this.#outageEnds - Date.now()));
    while (!this.#isEnding) {
      try {
        await this.#fork();
        return;
      } catch (error) {
        if (!this.#isEnding) this.#voices.notice((error as Error).message);
        await wait(PAUSE);
      }
    }
  }
}
