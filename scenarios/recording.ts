import {
  decodeForm,
  type Evidence,
  latin1Bytes,
  latin1Text,
  maskBody,
  maskCardsIn,
  maskField,
  readReplyText,
  TEST_ACCOUNTS,
  TEST_CARDS,
} from '../contracts/index.js';
import { isForm, type MaskedField, maskFields } from './masking.js';
import { everyStepOf } from './run-case.js';
import type { RunSummary } from './runner.js';

/** An exchange as it was on the wire: an entry of a recording, the form of the files in test/recorded. */
export interface WireExchange {
  /** When the reply came, as an HTTP date. */
  readonly recorded?: string;
  /** Name of the case that sent the request, and the number of its step, from 1. */
  readonly case?: string;
  readonly step?: number;
  readonly section?: string | undefined;
  readonly weight?: Evidence | undefined;
  /** The body of the request, one character per byte. */
  readonly request: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body of the reply, one character per byte. */
  readonly reply: string;
}

/** An exchange with its variables, card data and keys masked. */
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

/** The exchanges of a run of scenarios with an endpoint, by the name of the case. */
export interface Recording {
  readonly cases: Readonly<Record<string, RecordedCase>>;
}

/** A text is not a recording. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}

const PUBLISHED_VALUES: ReadonlySet<string> = new Set([
  ...TEST_CARDS.flatMap(({ PORTEUR, CVV }) => [`PORTEUR=${PORTEUR}`, `CVV=${CVV}`]),
  ...TEST_ACCOUNTS.map(({ CLE }) => `CLE=${CLE}`),
]);

/**
 * Masks the variables of a form. All other bytes are unchanged. Published test cards and the keys of published test accounts
 * are no secrets and are kept, so that the recording can be sent again.
 */
function maskForm(text: string): string {
  if (!isForm(text)) return maskBody(text);
  const pairs = text.split('&').map((pair) => {
    const [field] = decodeForm(latin1Bytes(pair)).fields;
    if (!field || PUBLISHED_VALUES.has(`${field.name}=${field.value}`)) return pair;
    const shown = maskField(field.name, field.value);
    return shown === field.value && maskCardsIn(field.name) === field.name ? pair : `${maskCardsIn(field.name)}=${shown}`;
  });
  return pairs.join('&');
}

const wireName = (header: string): string => header.replace(/(?<![a-z])[a-z]/g, (letter) => letter.toUpperCase());

/** Returns the exchanges of a run as they were on the wire, masked. Safe to store. Skipped cases have none. */
export function wireExchanges(summary: RunSummary): WireExchange[] {
  return summary.results.flatMap((result) => {
    if (result.outcome === 'skipped') return [];
    const { section, weight } = result.case.scenario;
    return everyStepOf(result.record).flatMap(({ exchange, path }) => {
      if (!exchange) return [];
      const { body, wire } = exchange;
      const headers = Object.fromEntries(Object.entries(wire.headers).map(([name, value]) => [wireName(name), value]));
      return {
        recorded: wire.headers.date ?? new Date().toUTCString(),
        case: result.case.name,
        step: Number(path[1]) + 1,
        section,
        weight,
        request: maskForm(latin1Text(body)),
        status: wire.status,
        headers,
        reply: maskForm(latin1Text(wire.body)),
      };
    });
  });
}

function comparable({ request, status = 0, headers = {}, reply }: WireExchange, step: number): RecordedExchange {
  const sent = new Map(decodeForm(latin1Bytes(request)).fields.map(({ name, value }) => [name, value]));
  const contentType = headers['Content-Type'] ?? headers['content-type'] ?? '';
  return { step, request: maskFields(sent), status, contentType, reply: maskFields(readReplyText(reply)) };
}

/** Groups exchanges by their case. Those without one become the case `recorded`. */
function readExchanges(exchanges: readonly WireExchange[]): Recording {
  const cases = new Map<string, { section: string | undefined; weight: Evidence | undefined; exchanges: RecordedExchange[] }>();
  for (const exchange of exchanges) {
    const { case: name = 'recorded', section, weight } = exchange;
    const one = cases.get(name) ?? { section, weight, exchanges: [] };
    one.exchanges.push(comparable(exchange, exchange.step ?? one.exchanges.length + 1));
    cases.set(name, one);
  }
  return { cases: Object.fromEntries(cases) };
}

/** Returns the recording of a run. It does not contain skipped cases. */
export const makeRecording = (summary: RunSummary): Recording => readExchanges(wireExchanges(summary));

const isExchange = (entry: unknown): entry is WireExchange => {
  const { request, reply } = (entry ?? {}) as Partial<WireExchange>;
  return typeof request === 'string' && typeof reply === 'string';
};

/**
 * Parses a recording: a JSON list of exchanges as they were on the wire.
 *
 * @throws RecordingError when the text is not such a list
 */
export function readRecording(text: string): Recording {
  let exchanges: unknown;
  try {
    exchanges = JSON.parse(text);
  } catch (cause) {
    throw new RecordingError(`This is not JSON: ${(cause as Error).message}.`, { cause });
  }
  if (!Array.isArray(exchanges)) throw new RecordingError('This is not a recording. Make one with `paybox-sim run --record FILE`.');
  const wrong = exchanges.findIndex((entry) => !isExchange(entry));
  if (wrong >= 0) throw new RecordingError(`Exchange ${wrong + 1} has no request and reply.`);
  return readExchanges(exchanges as WireExchange[]);
}
