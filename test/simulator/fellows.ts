import { onTestFinished } from 'vitest';
import { decodeReply, encodeForm } from '../../contracts/index.js';
import { makeSimulator } from '../../simulator/create-simulator.js';
import { LocalSwapDesk } from '../../simulator/door/swap-desk.js';
import type { Simulator, SimulatorOptions } from '../../simulator/index.js';
import { HEAD, type Variables } from '../support/question.js';

/** Several simulators of one start, as the workers of `serve --workers` are. */
export function makeFellows(count: number, options: SimulatorOptions, start = 'one'): readonly Simulator[] {
  const swaps = new LocalSwapDesk();
  const outage = async (): Promise<void> => {};
  const fellows = Array.from({ length: count }, () => makeSimulator(options, { start, outage, swaps }));
  onTestFinished(async () => {
    await Promise.all(fellows.map((simulator) => simulator.close()));
  });
  return fellows;
}

/** Puts a question to a simulator's main gateway. */
export async function put(simulator: Pick<Simulator, 'fetch'>, variables: Variables, path = ''): Promise<Variables> {
  const body = encodeForm(Object.entries({ ...HEAD, NUMQUESTION: '1', ...variables }));
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const response = await simulator.fetch(new Request(`http://localhost${path}/PPPS.php`, { method: 'POST', body, headers }));
  return Object.fromEntries(decodeReply(new Uint8Array(await response.arrayBuffer())));
}

/** Calls a simulator's control API; answers the body, undefined for an empty one. */
// biome-ignore lint/suspicious/noExplicitAny: tests read what they expect of it
export async function control(simulator: Pick<Simulator, 'fetch'>, method: string, path: string, body?: unknown): Promise<any> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const response = await simulator.fetch(new Request(`http://localhost${path}`, init));
  const text = await response.text();
  return text === '' ? undefined : JSON.parse(text);
}
