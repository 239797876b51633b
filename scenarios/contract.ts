import { fileURLToPath } from 'node:url';
import { loadScenarios } from './load.js';
import { packageRoot } from './package-root.js';
import type { LoadedScenario } from './parse.js';

/** The folder of the contract tests. */
export function contractFolder(): string {
  return fileURLToPath(new URL('scenarios/contract', packageRoot()));
}

/** The contract tests: scenarios that any endpoint of Paybox Direct passes. */
export function contractScenarios(): Promise<LoadedScenario[]> {
  return loadScenarios([contractFolder()]);
}
