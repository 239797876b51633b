import type { Simulator } from '../../simulator/index.js';

/** Where the contract tests are. */
export const CONTRACT = 'scenarios/contract';

/** A simulator's own `fetch`, as the platform's is called: requests never reach a network. */
export function inProcessFetch(simulator: Pick<Simulator, 'fetch'>): typeof globalThis.fetch {
  return (input, init) => simulator.fetch(new Request(input, init));
}
