/** How long something takes, in milliseconds: so long, or between two bounds. */
export type Duration = number | { readonly min: number; readonly max: number };

/** What becomes of a reply on its way out. */
type ReplyFault =
  /** The connection is cut instead of it. */
  | 'drop'
  /** It never comes; the connection stays open. */
  | 'never'
  /** Half of it comes, then the connection is cut. */
  | 'half'
  /** HTTP 200 without a body. */
  | 'empty'
  /** Bytes that are no reply. */
  | 'garbage'
  /** It is written in UTF-8. */
  | 'utf-8'
  /** It is exchanged with the reply to the next question that meets the same rule. */
  | 'swap';

/** Something that goes wrong between the gateway and whoever asks. Parts can be combined. */
export interface Fault {
  /** How often the question is processed: `no`, `once` (the default) or `twice`. */
  readonly processed?: 'no' | 'once' | 'twice';
  readonly reply?: ReplyFault;
  /** An HTML page with this HTTP status instead of the reply. */
  readonly http?: 500 | 502 | 503 | 504;
  /** Values repeated in place of those that were sent. */
  readonly echo?: { readonly NUMQUESTION?: string; readonly SITE?: string; readonly RANG?: string };
  /** Waits before the reply. */
  readonly delay?: Duration;
  /** Sends the reply byte by byte, waiting so many milliseconds after each. */
  readonly slow?: number;
}

/** A fault that a rule asks for, its delay drawn. */
export interface InjectedFault extends Omit<Fault, 'delay'> {
  readonly rule: string;
  /** Milliseconds to wait before the reply. */
  readonly delay: number;
  /** What it does, for people to read. */
  readonly description: string;
}

// Mulberry32: a small generator whose n-th number depends on nothing but seed and n.
function randomAt(seed: number, n: number): number {
  let a = (seed + Math.imul(n, 0x6d2b79f5)) | 0;
  a = Math.imul(a ^ (a >>> 15), a | 1);
  a ^= a + Math.imul(a ^ (a >>> 7), a | 61);
  return ((a ^ (a >>> 14)) >>> 0) / 4_294_967_296;
}

/**
 * Whether something of a probability happens at the n-th call: the same for the same seed, whenever it is asked.
 *
 * @param probability from 0 to 1
 */
export function happens(probability: number, seed: number, n: number): boolean {
  return probability >= 1 || randomAt(seed, n) < probability;
}

/** The milliseconds of a duration at the n-th call. */
export function millisecondsOf(duration: Duration, seed: number, n: number): number {
  if (typeof duration === 'number') return duration;
  return Math.round(duration.min + randomAt(seed ^ 0x5bd1e995, n) * (duration.max - duration.min));
}

/** What a fault does, for people to read. */
export function describeFault({ processed = 'once', reply, http, echo, delay, slow }: Fault): string {
  const parts = [
    ...(processed === 'once' ? [] : [processed === 'no' ? 'not processed' : 'processed twice']),
    ...(delay === undefined ? [] : ['delayed']),
    ...(http === undefined ? [] : [`HTTP ${http}`]),
    ...(echo === undefined ? [] : [`wrong ${Object.keys(echo).join(', ')}`]),
    ...(slow === undefined ? [] : ['byte by byte']),
    ...(reply === undefined ? [] : [`reply: ${reply}`]),
  ];
  return parts.join(', ');
}
