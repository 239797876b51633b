import { html } from 'hono/html';
import { maskText } from '../../../contracts/index.js';
import type { Exploration } from '../explore.js';
import { describePlan, type Failure } from '../failures.js';
import { KINDS } from '../kinds.js';
import { brokenLaws, depthCounts, type Mark, plural, spaceMap } from './table.js';

const STYLE = `body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color-scheme: light dark }
table { border-collapse: collapse } th, td { border: 1px solid #8888; padding: 0.1rem 0.6rem; text-align: left } td.mark { text-align: center }
.held { background: #2a7d3a; color: #fff } .broken { background: #b3261e; color: #fff } .missed { background: #8888 } .none { opacity: 0.4 }
pre { overflow-x: auto; padding: 1rem; border: 1px solid } .scroll { overflow-x: auto }`;

const SIGNS: Record<Mark, readonly [sign: string, title: string]> = {
  held: ['✓', 'every law held'],
  broken: ['✗', 'a law was broken'],
  missed: ['–', 'it did not happen'],
  none: ['·', 'it cannot happen here'],
};

function cell(mark: Mark) {
  const [sign, title] = SIGNS[mark];
  return html`<td class="mark ${mark}" title="${title}">${sign}</td>`;
}

function map(exploration: Exploration) {
  const points = exploration.results[0]?.points ?? [];
  const rows = spaceMap(exploration, KINDS).filter(({ marks }) => marks.some((mark) => mark !== 'none'));
  return html`<div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">what happens</th><th scope="col">the whole run</th>${points.map(({ operation, TYPE }, index) => html`<th scope="col">${index + 1} ${operation || TYPE}</th>`)}</tr></thead>
<tbody>${rows.map(({ kind, marks }) => html`<tr><th scope="row" title="${kind.happens}">${kind.id}</th>${marks.map(cell)}</tr>`)}</tbody>
</table></div>`;
}

function section(exploration: Exploration, { law, place, problem, run, plans }: Failure) {
  const found = exploration.laws.find(({ id }) => id === law);
  return html`<section><h3>${law}, at ${place}</h3>
<p><strong>${maskText(problem)}</strong> ${found?.sentence ?? ''}</p>
<p>When ${describePlan(run.plan, run)}. ${plural(plans.length, 'run')}.</p>
<pre>${maskText(run.timeline.join('\n'))}</pre>
<p>What to do: ${found?.remedy ?? ''}</p></section>`;
}

/** Formats an exploration as one self-contained HTML page without scripts: the map of the space, and each failure. */
export function explorationHtml(exploration: Exploration): string {
  const { flow, failures, reported, laws } = exploration;
  const title = `${flow}: ${plural(failures.length, 'failure')}`;
  const broken = brokenLaws(exploration);
  const page = html`<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head>
<body>
<h1>${title}</h1>
<ul>${depthCounts(exploration).map(({ runs, broken: count, left }, depth) => html`<li>${plural(depth, 'fault')}: ${plural(runs, 'run')}, ${count} broke a law, ${left} left</li>`)}</ul>
<h2>Laws</h2>
<ul>${laws.map(({ id, sentence }) => html`<li>${broken.has(id) ? '✗' : '✓'} <strong>${id}</strong>: ${sentence}</li>`)}</ul>
<h2>The space, with one fault</h2>
<p>✓ every law held, ✗ a law was broken, – it did not happen, · it cannot happen here.</p>
${map(exploration)}
<h2>Failures</h2>
${failures.length === 0 ? html`<p>None.</p>` : failures.map((failure) => section(exploration, failure))}
${reported.length === 0 ? '' : html`<h2>Reported</h2>${reported.map((failure) => section(exploration, failure))}`}
</body>
</html>
`;
  return String(page);
}
