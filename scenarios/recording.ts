import { decodeForm, type Evidence, latin1Bytes, readReplyText } from '../contracts/index.js';
import type { Exchange } from './exchange.js';
import { type MaskedField, maskFields } from './masking.js';
import type { RunSummary } from './runner.js';

/** Version of the recording format. */
const RECORDING_VERSION = 1;

/** An exchange with masked card data and keys. */
export interface RecordedExchange {
  /** Number of the step within its scenario, from 1. */
  readonly step: number;
  readonly request: readonly MaskedField[];
  readonly status: number;
  readonly contentType: string;
  readonly reply: readonly MaskedField[];
}

/** The exchanges of a case, and the section of the protocol sheet that the case is based on. */
export interface RecordedCase {
  readonly section?: string | undefined;
  readonly weight?: Evidence | undefined;
  readonly exchanges: readonly RecordedExchange[];
}

/** The exchanges of a run of scenarios with an endpoint. Safe to store: card numbers, CVV and keys are masked. */
export interface Recording {
  readonly kind: 'paybox-sim recording';
  readonly version: number;
  readonly target: string;
  readonly cases: Readonly<Record<string, RecordedCase>>;
}

/** A text is not a recording, or has an unknown version. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}

function recordExchange({ sent, reply, wire }: Exchange, step: number): RecordedExchange {
  return {
    step,
    request: maskFields(sent),
    status: wire.status,
    contentType: wire.headers['content-type'] ?? '',
    reply: maskFields(reply),
  };
}

/** Returns the recording of a run. It does not contain skipped cases. */
export function makeRecording(summary: RunSummary, target: string): Recording {
  const cases = summary.results.flatMap((result) => {
    if (result.outcome === 'skipped') return [];
    const { section, weight } = result.case.scenario;
    const steps = result.record.steps.flatMap((step) => [step, ...(step.parts ?? [])]);
    const exchanges = steps.flatMap(({ exchange, path }) => (exchange ? [recordExchange(exchange, Number(path[1]) + 1)] : []));
    return [[result.case.name, { section, weight, exchanges }] as const];
  });
  return { kind: 'paybox-sim recording', version: RECORDING_VERSION, target, cases: Object.fromEntries(cases) };
}

/** An exchange as it was on the wire: the form of the files in test/recorded. */
interface RawExchange {
  readonly request: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** One character per byte. */
  readonly reply: string;
}

/** Reads raw exchanges as the exchanges of one case. */
function readRawExchanges(raw: readonly Partial<RawExchange>[]): Recording {
  const exchanges = raw.map(({ request, status = 0, headers = {}, reply }, index) => {
    if (typeof request !== 'string' || typeof reply !== 'string')
      throw new RecordingError(`Exchange ${index + 1} has no request and reply.`);
    const sent = new Map(decodeForm(latin1Bytes(request)).fields.map(({ name, value }) => [name, value]));
    const contentType = headers['Content-Type'] ?? headers['content-type'] ?? '';
    return { step: index + 1, request: maskFields(sent), status, contentType, reply: maskFields(readReplyText(reply)) };
  });
  const cases = { recorded: { section: '§1', weight: 'O', exchanges } } as const;
  return { kind: 'paybox-sim recording', version: RECORDING_VERSION, target: 'recorded', cases };
}

/**
 * Parses a recording, or a list of raw exchanges.
 *
 * @throws RecordingError when the text is not a recording of this version
 */
export function readRecording(text: string): Recording {
  let recording: Partial<Recording>;
  try {
    recording = JSON.parse(text) as Partial<Recording>;
  } catch (cause) {
    throw new RecordingError(`This is not JSON: ${(cause as Error).message}.`, { cause });
  }
  if (Array.isArray(recording)) return readRawExchanges(recording);
  if (recording?.kind !== 'paybox-sim recording' || typeof recording.cases !== 'object')
    throw new RecordingError('This is not a recording. Make one with `paybox-sim run --record FILE`.');
  if (recording.version !== RECORDING_VERSION)
    throw new RecordingError(`This recording has version ${recording.version}; only version ${RECORDING_VERSION} is supported.`);
  return recording as Recording;
}
