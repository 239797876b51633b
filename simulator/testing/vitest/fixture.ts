import type { Simulator } from '../../create-simulator.js';
import { createSimulator } from '../../create-simulator.js';
import { createTestGateway, type TestGateway } from '../test-gateway.js';

/** A gateway for one test that listens on its own port. */
export interface ListeningGateway extends TestGateway {
  readonly simulator: Simulator;
}

/** Creates an empty gateway that listens on a free port. */
export async function openTestGateway(): Promise<{ paybox: ListeningGateway; close: () => Promise<void> }> {
  const simulator = createSimulator();
  const base = await simulator.listen();
  const urls = { url: `${base}/PPPS.php`, backupUrl: `${base}/backup/PPPS.php` };
  return { paybox: { ...createTestGateway(simulator.gateway, urls), simulator }, close: () => simulator.close() };
}
