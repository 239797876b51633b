import { readFileSync, statSync } from 'node:fs';
import { type Comparison, compareRecordings, type Difference } from '../../scenarios/compare.js';
import { contradictions, learnVariants, variantsBlock } from '../../scenarios/learn.js';
import { contractScenarios } from '../../scenarios/load.js';
import { makeRecording, type Recording, RecordingError, readRecording } from '../../scenarios/recording.js';
import { runScenarios } from '../../scenarios/runner.js';
import type { Target } from '../../scenarios/target.js';
import type { CommandIo } from '../command-io.js';
import { messages } from '../messages/index.js';
import { toText } from '../tables.js';
import { type TargetOptions, targetAt, withSimulator } from '../target.js';
import { UserError } from '../user-error.js';

/** Options of `paybox-sim compare`. */
export interface CompareOptions extends TargetOptions {
  readonly json?: boolean;
  readonly safe?: boolean;
  /** Print the variant values that `a` shows instead of comparing. */
  readonly learn?: boolean;
}

function readFile(file: string): Recording {
  try {
    return readRecording(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof RecordingError) throw new UserError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Reads a recording, or makes one by running the contract tests. */
type RecordingSource = () => Promise<Recording>;

/** @throws UserError when the name is not a recording, a URL or `simulator` */
function recordingSource(name: string, options: CompareOptions): RecordingSource {
  const record = async (target: Target): Promise<Recording> =>
    makeRecording(await runScenarios(await contractScenarios(), { target, safe: options.safe ?? false }));
  if (name === 'simulator') return () => withSimulator(record);
  if (statSync(name, { throwIfNoEntry: false })?.isFile()) {
    const recording = readFile(name);
    return async () => recording;
  }
  if (/^https?:/.test(name)) {
    const target = targetAt(name, options);
    return () => record(target);
  }
  throw new UserError(messages().compare.notRecording(name));
}

const rowOf = (difference: Difference): string[] => [
  difference.case,
  String(difference.step),
  difference.what,
  difference.a,
  difference.b,
  difference.section ?? '',
  difference.weight ?? '',
];

function textOf({ differences, compared, onlyInA, onlyInB }: Comparison, a: string, b: string): string {
  const texts = messages().compare;
  const { head } = texts;
  const table =
    differences.length === 0
      ? []
      : [toText({ head: [head.case, head.step, head.variable, a, b, head.basis, head.weight], rows: differences.map(rowOf) }), ''];
  const alone = [
    ...(onlyInA.length > 0 ? [texts.onlyIn(onlyInA.length, a)] : []),
    ...(onlyInB.length > 0 ? [texts.onlyIn(onlyInB.length, b)] : []),
  ];
  return [...table, [texts.compared(compared, differences.length), ...alone].join(', ')].join('\n');
}

async function learn(name: string, options: CompareOptions, io: CommandIo): Promise<void> {
  const texts = messages().compare;
  const learned = learnVariants(await recordingSource(name, options)());
  if (options.json) {
    io.stdout.write(`${JSON.stringify(learned, null, 2)}\n`);
    return;
  }
  if (learned.shown.length === 0) {
    io.stdout.write(`${texts.noVariant(name)}\n`);
    return;
  }
  const rows = learned.shown.map(({ name: variant, value, case: caseName, step, reason }) => [
    variant,
    value,
    caseName,
    String(step),
    reason,
  ]);
  const unsure = contradictions(learned);
  const notes = [
    ...(unsure.length > 0 ? [texts.unsure(unsure.join(', '))] : []),
    ...(learned.notShown.length > 0 ? [texts.notShown(learned.notShown.join(', '))] : []),
  ];
  const table = toText({ head: texts.learnHead, rows });
  io.stdout.write(`${[table, '', ...notes, '', variantsBlock(learned)].join('\n')}\n`);
}

/**
 * Prints the differences between the replies of two endpoints, or of recordings of them. Exit status 1 if there are any.
 *
 * @param a a recording file, a URL, or `simulator`
 * @throws UserError when the recordings have no case in common
 */
export async function compare(a: string, b: string | undefined, options: CompareOptions, io: CommandIo): Promise<void> {
  if (options.learn && b !== undefined) throw new UserError(messages().compare.learnTakesOne);
  if (options.learn) return learn(a, options, io);
  if (b === undefined) throw new UserError(messages().compare.needsTwo);
  // Both names are checked before the contract tests run, which may take a while.
  const sources = [recordingSource(a, options), recordingSource(b, options)] as const;
  const comparison = compareRecordings(await sources[0](), await sources[1]());
  io.stdout.write(`${options.json ? JSON.stringify(comparison, null, 2) : textOf(comparison, a, b)}\n`);
  if (comparison.compared === 0) throw new UserError(messages().compare.nothing(a, b));
  if (comparison.differences.length > 0) io.exitCode = 1;
}
