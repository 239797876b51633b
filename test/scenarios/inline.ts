import { type LoadedScenario, parseScenario } from '../../scenarios/parse.js';
import { ScenarioError } from '../../scenarios/scenario-error.js';

/** Name of the scenario file in messages. */
const FILE = 'order.yaml';

const HEAD = `id: order
why: A shop must know whether an order was paid.
section: §3
weight: D
`;

/** Returns the text of a scenario with the usual head; the rest starts on line 5. */
export const withHead = (rest: string): string => HEAD + rest;

/** Parses a scenario with the usual head. */
export const inline = (rest: string): Promise<LoadedScenario> => parseScenario(withHead(rest), FILE);

/** Returns the problems of a scenario file, one string each. */
export async function problemsIn(text: string): Promise<string[]> {
  try {
    await parseScenario(text, FILE);
  } catch (error) {
    if (error instanceof ScenarioError) return error.message.split('\n');
    throw error;
  }
  return [];
}
