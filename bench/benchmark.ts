/** The settings of a run of the benchmarks. */
export interface BenchmarkSettings {
  /** An empty folder that is deleted at the end. */
  readonly folder: string;
  readonly rounds: number;
  /** Requests per round. */
  readonly requests: number;
  /** Payments in the large store of the benchmarks `scale` and `stalls`. */
  readonly payments: number;
  readonly print: (line: string) => void;
}

/** Measures something and prints the figures. Returns them for the JSON file. */
export type Benchmark = (settings: BenchmarkSettings) => Promise<Readonly<Record<string, unknown>>>;

/** Returns the median; of an even number of figures, the upper of the two in the middle. */
export const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
