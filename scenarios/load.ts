import { readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from './package-root.js';
import { type LoadedScenario, parseScenario, withScenarioError } from './parse.js';
import { readUtf8 } from './read-utf8.js';
import { ScenarioError } from './scenario-error.js';

const SCENARIO_FILE = /\.ya?ml$/;

// JSON is YAML. A file without an extension may be a pipe.
const POSSIBLE_EXTENSIONS: readonly string[] = ['', '.yaml', '.yml', '.json'];

function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).sort();
  return names.flatMap((name) => {
    const below = join(path, name);
    return statSync(below).isDirectory() || SCENARIO_FILE.test(name) ? filesBelow(below) : [];
  });
}

function checkIdsAreUnique(scenarios: readonly LoadedScenario[]): void {
  const files = new Map<string, string>();
  for (const { id, file, positionOf } of scenarios) {
    const other = files.get(id);
    if (other !== undefined) throw new ScenarioError(file, [{ ...positionOf(['id']), message: `id: ${id} is already used by ${other}` }]);
    files.set(id, file);
  }
}

/**
 * Reads one scenario file.
 *
 * @example
 * const refund = await scenario('partial-refund.yaml');
 * @throws ScenarioError when the file is not a valid scenario
 */
export async function scenario(file: string): Promise<LoadedScenario> {
  if (statSync(file).isDirectory()) throw new ScenarioError(file, [], `${file} is a folder, not a scenario file.`);
  if (!POSSIBLE_EXTENSIONS.includes(extname(file).toLowerCase()))
    throw new ScenarioError(file, [], `${file} is not a scenario file (YAML).`);
  return parseScenario(
    withScenarioError(file, () => readUtf8(file)),
    file,
  );
}

/**
 * Reads scenario files and all scenario files below the given folders.
 *
 * @throws ScenarioError listing every problem of an invalid file; an AggregateError of them if several files are invalid
 */
export async function loadScenarios(paths: readonly string[]): Promise<LoadedScenario[]> {
  const results = await Promise.allSettled(paths.flatMap(filesBelow).map(scenario));
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  const other = reasons.find((reason) => !(reason instanceof ScenarioError));
  if (other !== undefined) throw other;
  const errors = reasons as ScenarioError[];
  if (errors.length > 1) throw new AggregateError(errors, errors.map(({ message }) => message).join('\n'));
  if (errors[0]) throw errors[0];
  const scenarios = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  checkIdsAreUnique(scenarios);
  return scenarios;
}

/** Returns the folder of the contract tests. */
export function contractFolder(): string {
  return fileURLToPath(new URL('scenarios/contract', packageRoot()));
}

/** Reads the contract tests: scenarios that every Paybox Direct endpoint must pass. */
export function contractScenarios(): Promise<LoadedScenario[]> {
  return loadScenarios([contractFolder()]);
}
