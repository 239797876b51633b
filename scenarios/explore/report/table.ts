import type { Exploration } from '../explore.js';
import { KIND_GROUPS, type Kind, type KindGroup, kindBy } from '../kinds.js';
import type { RunResult } from '../run-result.js';
import { isFailure } from '../search.js';

/** What the runs with a perturbation of one group at one place showed. */
export interface Cell {
  readonly runs: number;
  readonly broken: number;
}

/** A place, with what each group of kinds showed there. */
export interface Row {
  readonly place: string;
  readonly cells: Readonly<Record<KindGroup, Cell>>;
}

const NOTHING: Cell = { runs: 0, broken: 0 };

const emptyCells = (): Record<KindGroup, Cell> =>
  Object.fromEntries(KIND_GROUPS.map((group) => [group, NOTHING])) as Record<KindGroup, Cell>;

const groupOf = ({ plan }: RunResult): KindGroup => kindBy(plan[0]?.kind ?? '').group;

/** Returns a row for each question of the flow and one for the whole run, from the runs with one perturbation. */
export function spaceTable({ results, reportedOnly }: Pick<Exploration, 'results' | 'reportedOnly'>): Row[] {
  const [baseline] = results;
  const names = ['the whole run', ...(baseline?.points ?? []).map(({ operation, TYPE }, index) => `${index + 1} ${operation || TYPE}`)];
  const rows = names.map((place) => ({ place, cells: emptyCells() }));
  for (const result of results) {
    const [only, ...others] = result.plan;
    const row = only && others.length === 0 ? rows[only.at] : undefined;
    if (!row) continue;
    const group = groupOf(result);
    const { runs, broken } = row.cells[group];
    row.cells[group] = { runs: runs + 1, broken: broken + (isFailure(result, reportedOnly) ? 1 : 0) };
  }
  return rows;
}

/** What happened with one kind at one question. `none`: it was not tried there. */
export type Mark = 'held' | 'broken' | 'missed' | 'none';

const markOf = (result: RunResult | undefined, reportedOnly: ReadonlySet<string>): Mark => {
  if (!result) return 'none';
  if (isFailure(result, reportedOnly)) return 'broken';
  return result.happened ? 'held' : 'missed';
};

/** Returns the mark of each kind at each place of the flow, from the runs with one perturbation: the first is the whole run. */
export function spaceMap(
  { results, reportedOnly }: Pick<Exploration, 'results' | 'reportedOnly'>,
  kinds: readonly Kind[],
): { kind: Kind; marks: Mark[] }[] {
  const places = (results[0]?.points.length ?? 0) + 1;
  const byKey = new Map(
    results.filter(({ plan }) => plan.length === 1).map((result) => [`${result.plan[0]?.kind}@${result.plan[0]?.at}`, result]),
  );
  return kinds.map((kind) => ({
    kind,
    marks: Array.from({ length: places }, (_, at) => markOf(byKey.get(`${kind.id}@${at}`), reportedOnly)),
  }));
}

/** Returns a number of things: `1 run`, `2 runs`. */
export const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** The ids of the laws that any run broke. A run with several is a failure of the first one only. */
export const brokenLaws = ({ results }: Pick<Exploration, 'results'>): ReadonlySet<string> =>
  new Set(results.flatMap(({ breaches }) => breaches.map(({ law }) => law)));

/** How many runs of each depth were made, broke a law and were left out. */
export function depthCounts({
  results,
  left,
  reportedOnly,
}: Pick<Exploration, 'results' | 'left' | 'reportedOnly'>): { runs: number; broken: number; left: number }[] {
  return left.map((count, depth) => {
    const made = results.filter(({ plan }) => plan.length === depth);
    return { runs: made.length, broken: made.filter((result) => isFailure(result, reportedOnly)).length, left: count };
  });
}
