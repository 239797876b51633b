import { expect, test } from 'vitest';
import { inProcessSandboxes } from '../../../cli/explore/in-process-sandbox.js';
import { codeFlow } from '../../../scenarios/explore/code-flow.js';
import { explore } from '../../../scenarios/explore/explore.js';
import { kindBy } from '../../../scenarios/explore/kinds.js';
import { shopSteps } from './shop.js';

/** Explores a shop that fails only in its second run, as on a machine that is busy for a moment. */
async function failuresOf(isTimed: boolean): Promise<number> {
  let runs = 0;
  const { pay } = shopSteps();
  const flow = codeFlow({
    amount: 1000,
    steps: { pay: async (shop) => (++runs === 2 ? Promise.reject(new Error('too late')) : pay(shop)) },
  });
  const { failures } = await explore({
    flow: { ...flow, isTimed },
    sandboxes: inProcessSandboxes(),
    depth: 1,
    kinds: [kindBy('utf-8')],
    jobs: 1,
  });
  return failures.length;
}

test('a run that fails once is not a failure where time limits are real', async () => {
  expect(await failuresOf(true)).toBe(0);
});

test('a run that fails once is a failure where everything is repeatable', async () => {
  expect(await failuresOf(false)).toBe(1);
});
