import { onTestFinished } from 'vitest';
import { decodeReply, encodeForm } from '../../contracts/index.js';
import { createSimulator, type Simulator, type SimulatorOptions } from '../../simulator/index.js';
import { HEAD, type Variables } from '../support/question.js';

/** Creates several simulators of one deployment, like several processes on one database. They are closed at the end of the test. */
export function openDeployment(count: number, options: SimulatorOptions, deployment = 'one'): readonly Simulator[] {
  const simulators = Array.from({ length: count }, () => createSimulator({ ...options, deployment }));
  onTestFinished(async () => {
    await Promise.all(simulators.map((simulator) => simulator.close()));
  });
  return simulators;
}

/**
 * Sends a question to a simulator. Default of NUMQUESTION: 1.
 *
 * @param path `/s/<name>` for a separate gateway. Default: the main gateway
 */
export async function sendQuestion(simulator: Pick<Simulator, 'fetch'>, variables: Variables, path = ''): Promise<Variables> {
  const body = encodeForm(Object.entries({ ...HEAD, NUMQUESTION: '1', ...variables }));
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const response = await simulator.fetch(new Request(`http://localhost${path}/PPPS.php`, { method: 'POST', body, headers }));
  return Object.fromEntries(decodeReply(new Uint8Array(await response.arrayBuffer())));
}

/** Calls a simulator's control API. Returns the parsed body, or undefined if it is empty. */
// biome-ignore lint/suspicious/noExplicitAny: each test knows the shape that it expects
export async function control(simulator: Pick<Simulator, 'fetch'>, method: string, path: string, body?: unknown): Promise<any> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const response = await simulator.fetch(new Request(`http://localhost${path}`, init));
  const text = await response.text();
  return text === '' ? undefined : JSON.parse(text);
}
