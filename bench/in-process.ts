import { createSimulator, type SimulatorOptions } from '../simulator/index.js';
import { paymentBody } from './question.js';

/**
 * Sends payments (TYPE 00003) one at a time to a new simulator in this process, through its `fetch`.
 *
 * @returns milliseconds per payment
 * @throws Error when a payment is refused
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
