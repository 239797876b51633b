import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Scenario } from '../scenario.js';
import type { Order, Wording } from './attempt.js';
import { planKey } from './perturbation.js';
import type { RunResult } from './run-result.js';

const VERSION = 2;

/** A file that has the results of an exploration, so that it can be continued. */
export interface Checkpoint {
  /** The results that the file had. */
  readonly known: ReadonlyMap<string, RunResult>;
  /** Adds a result to the file. */
  add(result: RunResult): void;
}

/** A file is not one of an exploration, or is one of another flow. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

interface Head {
  readonly version: number;
  readonly flow: string;
}

function readHead(line: string, file: string): Head {
  try {
    const head = JSON.parse(line) as Head | null;
    if (typeof head?.version === 'number') return head;
  } catch {
    // It is another file.
  }
  throw new CheckpointError(`${file} is not a file of an exploration.`);
}

// The last line may be half written.
function readResults(lines: readonly string[]): RunResult[] {
  return lines.flatMap((line) => {
    try {
      const result = JSON.parse(line) as RunResult | null;
      return Array.isArray(result?.plan) && Array.isArray(result.points) && Array.isArray(result.breaches) ? [result] : [];
    } catch {
      return [];
    }
  });
}

/** What tells one exploration from another, beside its kinds and its depth. */
export interface CheckpointIdentity {
  readonly scenario: Pick<Scenario, 'id' | 'given' | 'examples' | 'laws' | 'steps'>;
  readonly order: Order;
  readonly wording: Wording;
  /** Further values that a run depends on. */
  readonly more: unknown;
}

/** Returns a text that differs for explorations whose results must not be mixed. */
export function checkpointFlow({ scenario, order, wording, more }: CheckpointIdentity): string {
  const { id, given, examples, laws, steps } = scenario;
  const text = JSON.stringify([id, given, examples, laws, steps, order, String(wording.done), String(wording.refused), more]);
  // A command may contain a card number.
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Opens the file of an exploration, or creates it.
 *
 * @param flow {@link checkpointFlow}: the results of another flow are not used
 * @throws CheckpointError when it is another file, or of another flow
 */
export function openCheckpoint(file: string, flow: string): Checkpoint {
  const append = (result: RunResult): void => appendFileSync(file, `${JSON.stringify(result)}\n`);
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify({ version: VERSION, flow } satisfies Head)}\n`);
    return { known: new Map(), add: append };
  }
  if (!statSync(file).isFile()) throw new CheckpointError(`${file} is not a file.`);
  const [first = '', ...rest] = readFileSync(file, 'utf8').split('\n');
  const head = readHead(first, file);
  if (head.version !== VERSION || head.flow !== flow)
    throw new CheckpointError(`${file} has the results of another flow. Give another file, or delete it.`);
  const results = readResults(rest.filter((line) => line !== ''));
  // A half line at the end must not be continued by the next one.
  appendFileSync(file, '\n');
  return { known: new Map(results.map((result) => [planKey(result.plan), result])), add: append };
}
