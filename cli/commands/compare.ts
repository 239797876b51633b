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

/** Makes a recording that was asked for by a name. */
type Source = () => Promise<Recording>;

/** Where a recording comes from: a file, or an endpoint or a simulator of our own that are asked when it is made. */
function sourceOf(name: string, options: CompareOptions): Source {
  const record = async (target: Target): Promise<Recording> =>
    makeRecording(await runScenarios(await contractScenarios(), { target, safe: options.safe ?? false }), target.name);
  if (name === 'simulator') return () => withSimulator(record);
  if (statSync(name, { throwIfNoEntry: false })?.isFile()) {
    const recording = readFile(name);
    return async () => recording;
  }
  if (/^https?:/.test(name)) {
    const endpoint = endpointOf(name, options);
    return () => record(endpoint);
  }
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

/**
 * Shows where two endpoints, or recordings of them, answered differently. Exit status 1 when they did.
 *
 * @throws UserError when there was nothing to compare
 */
export async function compare(a: string, b: string, options: CompareOptions): Promise<void> {
  // Both are looked at before either is asked, which may take a while.
  const sources = [sourceOf(a, options), sourceOf(b, options)] as const;
  const comparison = compareRecordings(await sources[0](), await sources[1]());
  process.stdout.write(`${options.json ? JSON.stringify(comparison, null, 2) : textOf(comparison, a, b)}\n`);
  if (comparison.compared === 0) throw new UserError(`Nothing was compared: no case was run on both ${a} and ${b}.`);
  if (comparison.differences.length > 0) process.exitCode = 1;
}
