import type { RunSummary } from '../runner.js';
import { firstFailure, timeline } from '../timeline.js';

/** Formats a run as JSON. */
export function jsonReport({ results, passed, failed, skipped, milliseconds }: RunSummary): string {
  const cases = results.map((result) => {
    const { name, scenario } = result.case;
    const { id, why, section, weight, tags, file } = scenario;
    return {
      name,
      outcome: result.outcome,
      milliseconds: Math.round(result.milliseconds),
      scenario: { id, why, section, weight, tags, file },
      ...(result.outcome === 'skipped' && { reason: result.reason }),
      ...(result.outcome === 'failed' && { failure: firstFailure(result), timeline: timeline(scenario, result.record).split('\n') }),
    };
  });
  return `${JSON.stringify({ passed, failed, skipped, milliseconds: Math.round(milliseconds), cases }, null, 2)}\n`;
}
