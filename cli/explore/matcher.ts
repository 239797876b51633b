import { type ExploreOptions, explore } from '../../scenarios/explore/explore.js';
import type { Flow } from '../../scenarios/explore/flow.js';
import { explorationText } from '../../scenarios/explore/report/text.js';
import { inProcessSandboxes } from './in-process-sandbox.js';

/** Options of `toHoldUnderFaults`. */
export type HoldOptions = Pick<ExploreOptions, 'depth' | 'budget' | 'seed' | 'kinds' | 'strict'>;

interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

const isFlow = (value: unknown): value is Flow => typeof value === 'object' && value !== null && 'order' in value && 'open' in value;

/**
 * Passes if no law is broken, whatever happens to the flow.
 *
 * @throws TypeError if the value is not a flow; BaselineError if the flow does not succeed without any fault
 */
export async function toHoldUnderFaults(flow: unknown, options: HoldOptions = {}): Promise<MatcherResult> {
  if (!isFlow(flow)) throw new TypeError('toHoldUnderFaults needs a flow. Use expect(codeFlow({ … })).');
  const exploration = await explore({ ...options, flow, sandboxes: inProcessSandboxes(), jobs: 1 });
  return {
    pass: exploration.failures.length === 0,
    message: () =>
      exploration.failures.length === 0
        ? `Expected the flow to break a law. No law is broken in ${exploration.results.length} runs.`
        : explorationText(exploration),
  };
}
