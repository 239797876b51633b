import { afterEach, expect, test } from 'vitest';
import { inProcessSandboxes } from '../../../cli/explore/in-process-sandbox.js';
import { explore } from '../../../scenarios/explore/explore.js';
import { explorationText } from '../../../scenarios/explore/report/text.js';
import { REFERENCE_FLOWS, restoreGlobals } from './reference-merchant.js';

afterEach(restoreGlobals);

test.each(REFERENCE_FLOWS)('the merchant with the reference client breaks no law with one fault: $name', async (flow) => {
  const exploration = await explore({ flow, sandboxes: inProcessSandboxes(), depth: 1, jobs: 1 });
  expect(exploration.failures.length, explorationText(exploration)).toBe(0);
});
