import type { Plan } from '../plan.js';
import type { Failure } from '../report-failure.js';
import type { Shown } from '../start-message.js';

/** How a worker shows exchanges. */
export type LineForm = 'text' | 'json' | 'none';

/** What a worker is to be. */
export interface Role extends Pick<Plan, 'settings' | 'place'> {
  /** Which start it belongs to. */
  readonly start: string;
  readonly lines: LineForm;
}

/** Where a worker listens, as the start message shows it. */
export type Listening = Pick<Shown, 'url' | 'httpsUrl' | 'certificateAuthority'>;

/** A reply that is to be exchanged with one of another worker. */
interface Swap {
  /** Tells the swaps of a worker apart. */
  readonly id: number;
  readonly key: string;
  /** Base64. */
  readonly body: string;
}

/** What the first process says to a worker. One of them. */
export interface ToWorker {
  readonly role?: Role;
  readonly stop?: true;
  /** Id of a connection that comes with it. */
  readonly connection?: number;
  /** End all connections. */
  readonly drain?: true;
  /** The body that was got for one's own, base64. */
  readonly swapped?: Pick<Swap, 'id' | 'body'>;
}

/** What a worker says to the first process. One of them. */
export interface FromWorker {
  /** It listens to what it is told. */
  readonly ready?: true;
  readonly listening?: Listening;
  /** Why it cannot serve. */
  readonly failed?: Failure;
  /** Lines for standard output. */
  readonly lines?: string;
  /** A sentence for standard error. */
  readonly notice?: string;
  /** Id of a connection that has come. */
  readonly taken?: number;
  /** Refuse connections for so many milliseconds. */
  readonly outage?: number;
  /** All connections have ended. */
  readonly drained?: true;
  readonly swap?: Swap;
  /** Id of a swap whose caller has gone. */
  readonly swapGone?: number;
}
