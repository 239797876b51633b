import pc from 'picocolors';
import type { Staged } from './stage-scenario.js';

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

// Names and texts come from a file: whatever a terminal would act on is taken out.
const printable = (text: string): string => text.replace(/[\x00-\x1f\x7f-\x9f]/g, '·');

/** What `serve --scenario` prints of what was set up. */
export function stagedMessage({ scenario, reference, items }: Staged): string {
  const lines = items.map(({ what, item }) => {
    const pairs = Object.entries(item).map(([name, value]) => `${pc.dim(printable(name))} ${printable(shown(value))}`);
    return `  ${what.padEnd(11)}${pairs.join('  ')}`;
  });
  const head = `${pc.bold(`Staged as ${scenario} begins`)}${pc.dim(`  \${reference} is ${reference}`)}`;
  return [head, ...(lines.length > 0 ? lines : ['  nothing: it has no given']), ''].join('\n');
}
