/** What a campaign has to work with. */
export interface Setting {
  /** A folder of its own, gone at the end. */
  readonly folder: string;
  readonly rounds: number;
  /** Requests of one round. */
  readonly requests: number;
  /** Payments of the large file. */
  readonly payments: number;
  readonly print: (line: string) => void;
}

/** Measures something, prints it, and answers it for the JSON file. */
export type Campaign = (setting: Setting) => Promise<Readonly<Record<string, unknown>>>;

/** The middle of what was measured. */
export const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
