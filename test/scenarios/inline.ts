import { type LoadedScenario, parseScenario } from '../../scenarios/parse.js';
import { ScenarioError } from '../../scenarios/scenario-error.js';

/** What the scenarios of these tests are called in messages. */
const FILE = 'order.yaml';

const HEAD = `id: order
why: A shop that takes an order wants to know that it was taken.
section: §3
weight: D
`;

/** A scenario whose head is the usual one; the rest begins on line 5. */
export const withHead = (rest: string): string => HEAD + rest;

/** Reads a scenario of the usual head. */
export const inline = (rest: string): Promise<LoadedScenario> => parseScenario(withHead(rest), FILE);

/** What is wrong with a text, one line for each problem. */
export async function problemsIn(text: string): Promise<string[]> {
  try {
    await parseScenario(text, FILE);
  } catch (error) {
    if (error instanceof ScenarioError) return error.message.split('\n');
    throw error;
  }
  return [];
}
