/**
 * How well a fact of the wire is known.
 *
 * - `D`: documented by the gateway, as several public clients repeat it
 * - `O`: observed against the real pre-production server
 * - `I`: inferred; public evidence is silent and this is the project's decision
 */
export type Evidence = 'D' | 'O' | 'I';

/** A text in the two languages the project speaks. */
export interface Bilingual {
  readonly en: string;
  readonly fr: string;
}
