import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import type { SwapDesk } from '../../simulator/door/swap-desk.js';
import type { Failure } from '../report-failure.js';
import { UserError } from '../user-error.js';
import { SwapVisitor } from './distant-swaps.js';
import type { FromWorker, Listening, Role, ToWorker } from './messages.js';

/** What a worker asks of its pool. */
export type Asked = Pick<FromWorker, 'lines' | 'notice' | 'outage'>;

const asError = ({ message, status }: Failure): Error => (status === 2 ? new UserError(message) : new Error(message));

/** One worker as the first process has it: a process that serves the connections it is handed. */
export class Hand {
  readonly #child: ChildProcess;
  readonly #visitor: SwapVisitor;
  /** Kept once it serves; fails where it ends before that. */
  readonly up: Promise<Listening>;
  /** Kept when it has ended, with how. */
  readonly ended: Promise<string>;
  readonly #handed = new Map<number, Socket>();
  #count = 0;
  #onDrained = (): void => {};

  constructor(role: Role, swaps: SwapDesk, onAsked: (asked: Asked) => void) {
    this.#child = fork(process.argv[1] ?? '', ['worker']);
    this.#visitor = new SwapVisitor(swaps, (message) => this.#tell(message));
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', (status, signal) => {
        this.#release();
        resolve(signal ?? `status ${status}`);
      });
    });
    this.up = new Promise((resolve, reject) => {
      this.#child.on('message', ({ ready, listening, failed, ...said }: FromWorker) => {
        if (ready) this.#tell({ role });
        if (listening) resolve(listening);
        if (failed) reject(asError(failed));
        this.#hear(said);
        onAsked(said);
      });
      this.#child.once('error', reject);
      void this.ended.then((how) => reject(new Error(`A worker ended (${how}) before it served.`)));
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Gives it a connection. It stays open here until it has come: where the worker is no more by then, it is closed, and nobody waits. */
  hand(socket: Socket): void {
    const connection = ++this.#count;
    this.#handed.set(connection, socket);
    this.#child.send({ connection } satisfies ToWorker, socket, { keepOpen: true }, (error) => error && this.#close(connection));
  }

  /** Has it end its connections; kept once they have, or it has. */
  drain(): Promise<unknown> {
    const drained = new Promise<void>((resolve) => {
      this.#onDrained = resolve;
    });
    this.#tell({ drain: true });
    return Promise.race([drained, this.ended]);
  }

  /** Has it answer what is at work and end. */
  stop(): Promise<string> {
    this.#tell({ stop: true });
    return this.ended;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #hear({ taken, drained, swap, swapGone }: FromWorker): void {
    if (taken !== undefined) this.#close(taken);
    if (drained) this.#onDrained();
    if (swap) void this.#visitor.wait(swap);
    if (swapGone !== undefined) this.#visitor.leave(swapGone);
  }

  #tell(message: ToWorker): void {
    // It may be gone already: `ended` says so.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #close(connection: number): void {
    this.#handed.get(connection)?.destroy();
    this.#handed.delete(connection);
  }

  #release(): void {
    this.#visitor.leaveAll();
    for (const connection of this.#handed.keys()) this.#close(connection);
  }
}
