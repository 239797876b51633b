/**
 * How well a fact of the wire contract is known.
 *
 * - `D`: documented by the gateway and repeated by several public clients
 * - `O`: observed on the real pre-production server
 * - `I`: inferred; there is no public evidence, so the project decided
 */
export type Evidence = 'D' | 'O' | 'I';

/** A text in English and French. */
export interface Bilingual {
  readonly en: string;
  readonly fr: string;
}
