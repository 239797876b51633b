import { onTestFinished } from 'vitest';
import { decodeReply, encodeForm } from '../../contracts/index.js';
import { createSimulator, type Simulator, type SimulatorOptions } from '../../simulator/index.js';
import { HEAD, type Variables } from '../support/question.js';

/** Several simulators of one deployment, as several processes on one database are. */
export function openDeployment(count: number, options: SimulatorOptions, deployment = 'one'): readonly Simulator[] {
  const simulators = Array.from({ length: count }, () => createSimulator({ ...options, deployment }));
  onTestFinished(async () => {
    await Promise.all(simulators.map((simulator) => simulator.close()));
  });
  return simulators;
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
