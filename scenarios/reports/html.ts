import { html } from 'hono/html';
import { sheetLink } from '../../contracts/protocol-sheet.js';
import type { CaseResult, RunSummary } from '../runner.js';
import { timeline } from '../timeline.js';
import { countLine } from './pretty.js';

const STYLE = `body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color-scheme: light dark }
summary { cursor: pointer } summary:hover { text-decoration: underline } pre { overflow-x: auto; padding: 1rem; border: 1px solid }
.failed summary { font-weight: bold } .skipped { opacity: 0.7 }`;

const MARK: Record<CaseResult['outcome'], string> = { passed: '✓', failed: '✗', skipped: '–' };

function row(result: CaseResult) {
  const { name, scenario } = result.case;
  const { why, section, weight, file } = scenario;
  const about = [section && sheetLink(section), weight, file].filter(Boolean);
  const detail = result.outcome === 'skipped' ? result.reason : timeline(scenario, result.record);
  return html`<details class="${result.outcome}" ${result.outcome === 'failed' ? 'open' : ''}>
<summary>${MARK[result.outcome]} ${name}</summary>
<p>${why} (${about.join(', ')})</p>
<pre>${detail}</pre>
</details>`;
}

/** Formats a run as one self-contained HTML page without scripts. Failures come first and are expanded. */
export function htmlReport(summary: RunSummary): string {
  const failedFirst = [...summary.results].sort((a, b) => Number(b.outcome === 'failed') - Number(a.outcome === 'failed'));
  const page = html`<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${countLine(summary)}</title><style>${STYLE}</style></head>
<body>
<h1>${countLine(summary)}</h1>
${failedFirst.map(row)}
</body>
</html>
`;
  return String(page);
}
