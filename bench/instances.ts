import { createSimulator } from '../simulator/index.js';
import { type Benchmark, median } from './benchmark.js';
import { paymentBody } from './question.js';

const SESSIONS = 10_000;

async function millisecondsOf(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function pay(fetch: (request: Request) => Promise<Response>, path: string, n: number): Promise<void> {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const response = await fetch(new Request(`http://localhost${path}`, { method: 'POST', body: paymentBody(n), headers }));
  if (!(await response.text()).includes('CODEREPONSE=00000')) throw new Error('A payment was refused.');
}

/** The used heap in MiB. Without `--expose-gc` the figure includes garbage and means nothing. */
const usedHeap = (): number => {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

/** Measures the cost of isolation: creating an instance, a reset, a session, and the memory of sessions before and after they are deleted. */
export const instances: Benchmark = async ({ rounds, print }) => {
  const created: number[] = [];
  for (let i = 0; i < 10 + rounds * 10; i++) created.push(await millisecondsOf(() => createSimulator()));
  const simulator = createSimulator();
  const resets: number[] = [];
  const sessions: number[] = [];
  for (let i = 0; i < 10 + rounds * 20; i++) {
    await pay(simulator.fetch, '/PPPS.php', i + 1);
    resets.push(await millisecondsOf(() => simulator.reset()));
    sessions.push(await millisecondsOf(() => pay(simulator.fetch, `/s/warm-${i}/PPPS.php`, 1)));
  }
  const before = usedHeap();
  for (let i = 0; i < SESSIONS; i++) await pay(simulator.fetch, `/s/session-${i}/PPPS.php`, 1);
  const live = usedHeap();
  for (let i = 0; i < SESSIONS; i++)
    await simulator.fetch(new Request(`http://localhost/_sim/sessions/session-${i}`, { method: 'DELETE' }));
  const after = usedHeap();
  await simulator.close();
  const result = {
    tenthInstance: created[9],
    laterInstance: median(created.slice(10)),
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
    `${SESSIONS} live sessions with a payment each: ${result.kilobytesPerSession.toFixed(1)} kB per session, ${result.kilobytesPerDroppedSession.toFixed(1)} kB each after they are deleted`,
  );
  return result;
};
