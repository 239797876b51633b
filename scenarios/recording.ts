import type { Evidence } from '../contracts/index.js';
import type { Exchange } from './exchange.js';
import { type MaskedField, maskedFields } from './masked-fields.js';
import type { RunSummary } from './runner.js';

/** Version of the form of recordings. */
const RECORDING_VERSION = 1;

/** One exchange, masked. */
export interface RecordedExchange {
  /** Number of the step within its scenario, from 1. */
  readonly step: number;
  readonly request: readonly MaskedField[];
  readonly status: number;
  readonly contentType: string;
  readonly reply: readonly MaskedField[];
}

/** What was exchanged in a case, and what the case rests on. */
export interface RecordedCase {
  readonly section: string;
  readonly weight: Evidence;
  readonly exchanges: readonly RecordedExchange[];
}

/** What an endpoint answered to a run of scenarios. Fit to be kept: card numbers are masked, CVV and keys left out. */
export interface Recording {
  readonly kind: 'paybox-sim recording';
  readonly version: number;
  readonly target: string;
  readonly cases: Readonly<Record<string, RecordedCase>>;
}

/** A document that is no recording, or one of another version. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}

function recorded({ sent, reply, wire }: Exchange, step: number): RecordedExchange {
  return {
    step,
    request: maskedFields(sent),
    status: wire.status,
    contentType: wire.headers['content-type'] ?? '',
    reply: maskedFields(reply),
  };
}

/** Makes a recording of a run. Skipped cases have none. */
export function makeRecording(summary: RunSummary, target: string): Recording {
  const cases = summary.results.flatMap((result) => {
    if (result.outcome === 'skipped') return [];
    const { section, weight } = result.case.scenario;
    const steps = result.record.steps.flatMap((step) => [step, ...(step.parts ?? [])]);
    const exchanges = steps.flatMap(({ exchange, path }) => (exchange ? [recorded(exchange, Number(path[1]) + 1)] : []));
    return [[result.case.name, { section, weight, exchanges }] as const];
  });
  return { kind: 'paybox-sim recording', version: RECORDING_VERSION, target, cases: Object.fromEntries(cases) };
}

/**
 * Reads a recording.
 *
 * @throws RecordingError when the text is none
 */
export function readRecording(text: string): Recording {
  let recording: Partial<Recording>;
  try {
    recording = JSON.parse(text) as Partial<Recording>;
  } catch (cause) {
    throw new RecordingError(`It is no JSON: ${(cause as Error).message}.`, { cause });
  }
  if (recording?.kind !== 'paybox-sim recording' || typeof recording.cases !== 'object')
    throw new RecordingError('It is no recording of `paybox-sim run --record FILE`.');
  if (recording.version !== RECORDING_VERSION)
    throw new RecordingError(`It has version ${recording.version}; this program reads version ${RECORDING_VERSION}.`);
  return recording as Recording;
}
