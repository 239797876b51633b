import pc from 'picocolors';
import { printable } from '../../terminal.js';
import type { Exploration } from '../explore.js';
import { describePlan, type Failure } from '../failures.js';
import { KIND_GROUPS } from '../kinds.js';
import { brokenLaws, type Cell, depthCounts, plural, type Row, spaceTable } from './table.js';

const cellText = ({ runs, broken }: Cell): string => (runs === 0 ? '·' : broken === 0 ? `${runs} ok` : `${broken}/${runs} broken`);

function tableLines(rows: readonly Row[]): string[] {
  const lines = [
    ['question', ...KIND_GROUPS],
    ...rows.map(({ place, cells }) => [place, ...KIND_GROUPS.map((group) => cellText(cells[group]))]),
  ];
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines.map((line) =>
    line
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** How many other kinds a failure names. */
const MOST_NAMED = 8;

function otherKinds({ run, plans }: Failure): string {
  const kinds = [...new Set(plans.flatMap((plan) => plan.map(({ kind }) => kind)))];
  const others = kinds.filter((kind) => !run.plan.some((own) => own.kind === kind));
  if (others.length === 0) return '';
  const more = others.length > MOST_NAMED ? `, and ${others.length - MOST_NAMED} more` : '';
  return `  also: ${others.slice(0, MOST_NAMED).join(', ')}${more}`;
}

function depthLines(exploration: Exploration): string[] {
  return depthCounts(exploration).flatMap(({ runs, broken, left }, depth) => {
    if (depth === 0) return [];
    const rest = left === 0 ? 'none left' : `${left} left`;
    return [`${depth === 1 ? 'one fault' : `${depth} faults`}: ${plural(runs, 'run')}, ${broken} broke a law, ${rest}`];
  });
}

function lawLines(exploration: Exploration): string[] {
  const { laws, failures, reported } = exploration;
  const groups = [...failures, ...reported];
  const broken = brokenLaws(exploration);
  return laws.map(({ id, sentence }) => {
    if (!broken.has(id)) return `${pc.green('✓')} ${id}: ${sentence}`;
    const count = groups.filter(({ law }) => law === id).length;
    return `${pc.red('✗')} ${id}: ${sentence} ${pc.red(count === 0 ? 'in runs that break another law too' : plural(count, 'place'))}`;
  });
}

function failureLines(exploration: Exploration, failure: Failure, file: string | undefined, options: string): string[] {
  const { law, place, problem, run, plans } = failure;
  const remedy = exploration.laws.find(({ id }) => id === law)?.remedy;
  return [
    pc.bold(pc.red(`✗ ${law}, at ${place}`)),
    `  ${printable(problem)}`,
    `  when ${describePlan(run.plan, run)}${plans.length > 1 ? pc.dim(` (and ${plural(plans.length - 1, 'other run')})`) : ''}`,
    ...[otherKinds(failure)].filter((line) => line !== ''),
    ...run.timeline.map((line) => `    ${printable(line)}`),
    ...(remedy === undefined ? [] : [`  → ${remedy}`]),
    ...(file === undefined ? [] : [`  → paybox-sim run ${file}${options}`]),
    '',
  ];
}

/**
 * Formats an exploration for a terminal: the table of the space, the laws, each failure with its timeline, and the counts.
 *
 * @param files the scenario files that were written, by failure
 * @param options what `run` needs beside a file: ` --shop URL`
 */
export function explorationText(exploration: Exploration, files: ReadonlyMap<Failure, string> = new Map(), options = ''): string {
  const { flow, failures, reported, results, alike, milliseconds } = exploration;
  const shown = [...failures, ...reported];
  const count = failures.length === 0 ? pc.green('no law is broken') : pc.red(`${plural(failures.length, 'failure')}`);
  return [
    ...shown.flatMap((failure) => failureLines(exploration, failure, files.get(failure), options)),
    ...tableLines(spaceTable(exploration)),
    '',
    ...lawLines(exploration),
    '',
    ...depthLines(exploration),
    `${flow}: ${count} in ${plural(results.length, 'run')} ${pc.dim(`(${alike} behaved as an earlier one) in ${(milliseconds / 1000).toFixed(1)} s`)}`,
    '',
  ].join('\n');
}
