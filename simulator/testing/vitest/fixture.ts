import { createSimulator } from '../../create-simulator.js';
import type { Simulator } from '../../simulator.js';
import { type Paybox, payboxOf } from '../test-gateway.js';

/** A gateway for one test, listening on a port of its own. */
export interface ListeningPaybox extends Paybox {
  readonly simulator: Simulator;
}

/** Makes a gateway that listens on a free port, with nothing in it. */
export async function openPaybox(): Promise<{ paybox: ListeningPaybox; close: () => Promise<void> }> {
  const simulator = createSimulator();
  const base = await simulator.listen();
  const urls = { url: `${base}/PPPS.php`, backupUrl: `${base}/backup/PPPS.php` };
  return { paybox: { ...payboxOf(simulator.gateway, urls), simulator }, close: () => simulator.close() };
}
