import { decodeReply, encodeForm } from '../../contracts/index.js';
import { createSimulator, type Simulator, type SimulatorOptions } from '../../simulator/index.js';
import { HEAD, NOON, type Variables } from './question.js';

/** A simulator in this process, with functions that send questions and call the control API. */
export interface TestSimulator {
  readonly simulator: Simulator;
  /** Sends a question with the variables of {@link HEAD} and these. Default of NUMQUESTION: the number of the call. */
  ask(variables: Variables): Promise<Variables>;
  /** Calls the control API. `body` of the result is undefined if the response is empty, and `{ text }` if it is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect of it
  control(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }>;
}

/** Creates a simulator for one test. Its clock is stopped at `options.clock`. Default: {@link NOON}. */
export function openTestSimulator(options: SimulatorOptions = {}): TestSimulator {
  const simulator = createSimulator({ clock: NOON, ...options });
  simulator.clock.set(options.clock ?? NOON, true);
  let questions = 0;
  return {
    simulator,
    ask: async (variables) => {
      const body = encodeForm(Object.entries({ ...HEAD, NUMQUESTION: String(++questions), ...variables }));
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
      const response = await simulator.fetch(new Request('http://localhost/PPPS.php', { method: 'POST', body, headers }));
      return Object.fromEntries(decodeReply(new Uint8Array(await response.arrayBuffer())));
    },
    control: async (method, path, body) => {
      const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
      const response = await simulator.fetch(new Request(`http://localhost/_sim${path}`, init));
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json');
      return { status: response.status, body: text === '' ? undefined : isJson ? JSON.parse(text) : { text } };
    },
  };
}
