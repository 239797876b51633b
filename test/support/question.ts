import { decodeReply, encodeForm } from '../../contracts/index.js';
import { createSimulator, type Simulator, type SimulatorOptions } from '../../simulator/index.js';

/** Variables of a request or a reply. */
export type Variables = Readonly<Record<string, string>>;

/** The published accepted test card, as a question carries it. */
export const CARD: Variables = { PORTEUR: '1111222233334444', DATEVAL: '1299', CVV: '123' };

/** What every question of the test account carries, but for NUMQUESTION. The day is that of {@link NOON}. */
export const HEAD: Variables = { VERSION: '00104', SITE: '1999888', RANG: '32', CLE: '1999888I', DATEQ: '10062026' };

/** Where the tests' clocks stand: noon in Paris on an ordinary day. */
export const NOON = '2026-06-10T12:00';

/** A simulator whose clock stands at {@link NOON}, and short ways to ask it. */
export interface Bench {
  readonly simulator: Simulator;
  /** Puts a question through the HTTP interface; NUMQUESTION counts up unless it is given. */
  ask(variables: Variables): Promise<Variables>;
  /** Calls the control API; the answer's body, or undefined for an empty one. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect of it
  control(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }>;
}

/** Makes a simulator for one test, through whose doors the test goes. */
export function makeBench(options: SimulatorOptions = {}): Bench {
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
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    },
  };
}

/** The numbers of a reply, for a later question to name. */
export function numbersOf(reply: Variables): Variables {
  return { NUMTRANS: reply.NUMTRANS ?? '', NUMAPPEL: reply.NUMAPPEL ?? '' };
}
