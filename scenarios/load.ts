import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type LoadedScenario, parseScenario, ScenarioError } from './parse.js';

const SCENARIO_FILE = /\.ya?ml$/;

function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).sort();
  return names.flatMap((name) => {
    const below = join(path, name);
    return statSync(below).isDirectory() || SCENARIO_FILE.test(name) ? filesBelow(below) : [];
  });
}

function checkIds(scenarios: readonly LoadedScenario[]): void {
  const files = new Map<string, string>();
  for (const { id, file, placeOf } of scenarios) {
    const other = files.get(id);
    if (other !== undefined) throw new ScenarioError(file, [{ ...placeOf(['id']), message: `id: ${id} is that of ${other} too` }]);
    files.set(id, file);
  }
}

/** Reads one scenario file. In code: `await scenario('file.yaml')`. */
export function scenario(file: string): Promise<LoadedScenario> {
  return parseScenario(readFileSync(file, 'utf8'), file);
}

/**
 * Reads scenario files, and those in folders however deep.
 *
 * @throws ScenarioError naming every place in every file that is wrong
 */
export async function loadScenarios(paths: readonly string[]): Promise<LoadedScenario[]> {
  const read = await Promise.allSettled(paths.flatMap(filesBelow).map(scenario));
  const problems = read.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  const other = problems.find((problem) => !(problem instanceof ScenarioError));
  if (other !== undefined) throw other;
  const errors = problems as ScenarioError[];
  if (errors.length > 1) throw new AggregateError(errors, errors.map(({ message }) => message).join('\n'));
  if (errors[0]) throw errors[0];
  const scenarios = read.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  checkIds(scenarios);
  return scenarios;
}
