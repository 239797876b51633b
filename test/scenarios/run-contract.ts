import type { Simulator } from '../../simulator/index.js';

/** Folder of the contract tests. */
export const CONTRACT = 'scenarios/contract';

/** Returns the `fetch` of a simulator with the signature of the global one. Requests do not use the network. */
export function inProcessFetch(simulator: Pick<Simulator, 'fetch'>): typeof globalThis.fetch {
  return (input, init) => simulator.fetch(new Request(input, init));
}
