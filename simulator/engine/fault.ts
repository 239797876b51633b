import { messageText, TEXT_SEPARATORS } from './finding-messages.js';

/** A delay in milliseconds: a number, or a range to draw from. */
type Delay = number | { readonly min: number; readonly max: number };

/** What happens to a reply on the way to the client. */
type ReplyFault =
  /** The connection is closed instead. */
  | 'drop'
  /** No reply is sent and the connection stays open. */
  | 'never'
  /** Half of the reply is sent, then the connection is closed. */
  | 'half'
  /** HTTP 200 without a body is sent. */
  | 'empty'
  /** Bytes that are not a reply are sent instead. */
  | 'garbage'
  /** The reply is encoded in UTF-8. */
  | 'utf-8'
  /** The reply is swapped with the reply to the next question that matches the same rule. */
  | 'swap';

/** Whether a fault of the reply can happen to a page of the gateway too. */
export const canHappenToPage = (reply: Fault['reply']): boolean => reply !== 'utf-8' && reply !== 'swap';

/** How a clock moves: past the next remittance, past the next midnight in Paris, or by an ISO 8601 duration. */
export type ClockStep = 'remit' | 'midnight' | (string & {});

/** A failure between the gateway and the client. The parts can be combined. */
export interface Fault {
  /** How often the question is processed. Default: `once`. */
  readonly processed?: 'no' | 'once' | 'twice';
  readonly reply?: ReplyFault;
  /** An HTML page with this HTTP status is sent instead of the reply. */
  readonly http?: 500 | 502 | 503 | 504;
  /** Values that the reply echoes instead of those that were sent. */
  readonly echo?: { readonly NUMQUESTION?: string; readonly SITE?: string; readonly RANG?: string };
  /** Delay before the reply, in milliseconds. */
  readonly delay?: Delay;
  /** The reply is sent byte by byte, with this delay in milliseconds after each byte. */
  readonly slow?: number;
  /** How the gateway's clock moves between the question and its reply: past the next remittance, past midnight in Paris, or by a duration. */
  readonly clock?: ClockStep;
  /** The reply is held until the gateway has answered this many further questions, or is told to release what it holds. */
  readonly hold?: number;
}

/** The fault of a rule for one question, with the drawn delay. */
export interface InjectedFault extends Omit<Fault, 'delay'> {
  /** The id of the rule. */
  readonly rule: string;
  /** Delay before the reply, in milliseconds. */
  readonly delay: number;
  /** Human-readable. */
  readonly description: string;
}

// Mulberry32, because its n-th number depends on seed and n only.
function randomAt(seed: number, n: number): number {
  let a = (seed + Math.imul(n, 0x6d2b79f5)) | 0;
  a = Math.imul(a ^ (a >>> 15), a | 1);
  a ^= a + Math.imul(a ^ (a >>> 7), a | 61);
  return ((a ^ (a >>> 14)) >>> 0) / 4_294_967_296;
}

/**
 * Whether an event with a probability happens at the n-th call. The same arguments always give the same result.
 *
 * @param probability from 0 to 1
 */
export function happens(probability: number, seed: number, n: number): boolean {
  return probability >= 1 || randomAt(seed, n) < probability;
}

/** The delay at the n-th call, in milliseconds. The same arguments always give the same result. */
export function drawDelay(delay: Delay, seed: number, n: number): number {
  if (typeof delay === 'number') return delay;
  return Math.round(delay.min + randomAt(seed ^ 0x5bd1e995, n) * (delay.max - delay.min));
}

/** A human-readable description of a fault. */
export function describeFault({ processed = 'once', reply, http, echo, delay, slow, clock, hold }: Fault): string {
  const parts = [
    ...(processed === 'once' ? [] : [messageText('fault', processed === 'no' ? 'unprocessed' : 'twice')]),
    ...(clock === undefined ? [] : [messageText('fault', 'clock', { clock })]),
    ...(hold === undefined ? [] : [messageText('fault', 'held', { questions: hold })]),
    ...(delay === undefined ? [] : [messageText('fault', 'delayed')]),
    ...(http === undefined ? [] : [messageText('fault', 'http', { status: http })]),
    ...(echo === undefined ? [] : [messageText('fault', 'echo', { variables: Object.keys(echo).join(', ') })]),
    ...(slow === undefined ? [] : [messageText('fault', 'slow')]),
    ...(reply === undefined ? [] : [messageText('fault', reply)]),
  ];
  return parts.join(TEXT_SEPARATORS.fault);
}
