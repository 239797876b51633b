import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadScenarios } from './load.js';
import type { LoadedScenario } from './parse.js';

// Beside the sources, and two folders up from where these are built.
const PLACES = ['./contract', '../../scenarios/contract'];

/** The folder of the contract tests. */
export function contractFolder(): string {
  const places = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return places.find((place) => existsSync(place)) ?? places[0] ?? '';
}

/** The contract tests: scenarios that any endpoint of Paybox Direct passes. */
export function contractScenarios(): Promise<LoadedScenario[]> {
  return loadScenarios([contractFolder()]);
}
