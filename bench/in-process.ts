import { createSimulator, type SimulatorOptions } from '../simulator/index.js';
import { paymentBody } from './question.js';

/**
 * Milliseconds a TYPE 00003 costs on a fresh in-process simulator, through `fetch`, one at a time.
 *
 * @throws Error when a payment is not accepted
 */
export async function millisecondsInProcess(options: SimulatorOptions, payments: number): Promise<number> {
  const simulator = createSimulator(options);
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const start = performance.now();
  for (let n = 1; n <= payments; n++) {
    const response = await simulator.fetch(new Request('http://localhost/PPPS.php', { method: 'POST', body: paymentBody(n), headers }));
    if (!(await response.text()).includes('CODEREPONSE=00000')) throw new Error('A payment was refused.');
  }
  const each = (performance.now() - start) / payments;
  await simulator.close();
  return each;
}
