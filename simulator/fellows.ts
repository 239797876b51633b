import type { SwapDesk } from './door/swap-desk.js';
import type { Entrance } from './http/entrance.js';

/** The other processes that serve the same port and file: what has to be agreed on with them, beside what the store holds. */
export interface Fellows {
  /** Name of the start that all of them belong to: the settings are put in by one. */
  readonly start: string;
  /** Has all of them refuse connections for so many milliseconds; kept once they were told. */
  outage(milliseconds: number): Promise<void>;
  /** Where replies meet that are to be exchanged. */
  readonly swaps: SwapDesk;
  /** How connections come here, where another process has the port. */
  readonly entrance?: Entrance;
}
