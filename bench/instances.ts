import { createSimulator } from '../simulator/index.js';
import { type Campaign, median } from './campaign.js';
import { paymentBody } from './question.js';

const SESSIONS = 10_000;

async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function pay(fetch: (request: Request) => Promise<Response>, path: string, n: number): Promise<void> {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const response = await fetch(new Request(`http://localhost${path}`, { method: 'POST', body: paymentBody(n), headers }));
  if (!(await response.text()).includes('CODEREPONSE=00000')) throw new Error('A payment was refused.');
}

// Without --expose-gc nothing can be said of the heap that means anything.
const heap = (): number => {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

/** What isolation costs: an instance, a reset, a session; and whether sessions leave anything behind. */
export const instances: Campaign = async ({ rounds, print }) => {
  const made: number[] = [];
  for (let i = 0; i < 10 + rounds * 10; i++) made.push(await timed(() => createSimulator()));
  const simulator = createSimulator();
  const resets: number[] = [];
  const sessions: number[] = [];
  for (let i = 0; i < 10 + rounds * 20; i++) {
    await pay(simulator.fetch, '/PPPS.php', i + 1);
    resets.push(await timed(() => simulator.reset()));
    sessions.push(await timed(() => pay(simulator.fetch, `/s/warm-${i}/PPPS.php`, 1)));
  }
  const before = heap();
  for (let i = 0; i < SESSIONS; i++) await pay(simulator.fetch, `/s/session-${i}/PPPS.php`, 1);
  const live = heap();
  for (let i = 0; i < SESSIONS; i++)
    await simulator.fetch(new Request(`http://localhost/_sim/sessions/session-${i}`, { method: 'DELETE' }));
  const after = heap();
  await simulator.close();
  const result = {
    tenthInstance: made[9],
    laterInstance: median(made.slice(10)),
    reset: median(resets.slice(10)),
    sessionWithPayment: median(sessions.slice(10)),
    kilobytesPerSession: ((live - before) * 1024) / SESSIONS,
    kilobytesPerDroppedSession: ((after - before) * 1024) / SESSIONS,
  };
  const ms = (value: number | undefined): string => `${(value ?? Number.NaN).toFixed(3)} ms`;
  print(
    `createSimulator(): ${ms(result.tenthInstance)} the tenth, ${ms(result.laterInstance)} later; reset ${ms(result.reset)}; a new session with its first payment ${ms(result.sessionWithPayment)}`,
  );
  print(
    `${SESSIONS} live sessions with a payment each: ${result.kilobytesPerSession.toFixed(1)} kB a session, ${result.kilobytesPerDroppedSession.toFixed(1)} kB each once they are dropped`,
  );
  return result;
};
