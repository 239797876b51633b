import { readFileSync, statSync } from 'node:fs';
import { type Comparison, compareRecordings, type Difference } from '../../scenarios/compare.js';
import { contractScenarios } from '../../scenarios/contract.js';
import { makeRecording, type Recording, RecordingError, readRecording } from '../../scenarios/recording.js';
import { runScenarios } from '../../scenarios/runner.js';
import type { Target } from '../../scenarios/target.js';
import { toText } from '../tables.js';
import { endpointOf, type TargetOptions, withSimulator } from '../target.js';
import { UserError } from '../user-error.js';

/** Options of `paybox-sim compare`. */
export interface CompareOptions extends TargetOptions {
  readonly json?: boolean;
  readonly safe?: boolean;
}

function readFile(file: string): Recording {
  try {
    return readRecording(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof RecordingError) throw new UserError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** A recording: of a file, or made now of an endpoint or of a simulator of our own. */
function recordingOf(name: string, options: CompareOptions): Promise<Recording> | Recording {
  const record = async (target: Target): Promise<Recording> =>
    makeRecording(await runScenarios(await contractScenarios(), { target, safe: options.safe ?? false }), target.name);
  if (name === 'simulator') return withSimulator(record);
  if (statSync(name, { throwIfNoEntry: false })?.isFile()) return readFile(name);
  if (/^https?:/.test(name)) return record(endpointOf(name, options));
  throw new UserError(`${name} is neither a recording (made with --record FILE), nor a URL, nor the word simulator.`);
}

const rowOf = (difference: Difference): string[] => [
  difference.case,
  String(difference.step),
  difference.what,
  difference.a,
  difference.b,
  difference.section,
  difference.weight,
];

function textOf({ differences, compared, onlyInA, onlyInB }: Comparison, a: string, b: string): string {
  const table =
    differences.length === 0
      ? []
      : [toText({ head: ['case', 'step', 'variable', a, b, 'rests on', 'weight'], rows: differences.map(rowOf) }), ''];
  const alone = [
    ...(onlyInA.length > 0 ? [`${onlyInA.length} cases only in ${a}`] : []),
    ...(onlyInB.length > 0 ? [`${onlyInB.length} cases only in ${b}`] : []),
  ];
  return [...table, [`${compared} cases compared`, `${differences.length} differences`, ...alone].join(', ')].join('\n');
}

/** Shows where two endpoints, or recordings of them, answered differently. Exit status 1 when they did. */
export async function compare(a: string, b: string, options: CompareOptions): Promise<void> {
  const comparison = compareRecordings(await recordingOf(a, options), await recordingOf(b, options));
  process.stdout.write(`${options.json ? JSON.stringify(comparison, null, 2) : textOf(comparison, a, b)}\n`);
  if (comparison.differences.length > 0) process.exitCode = 1;
}
