import { describe, expect, test } from 'vitest';
import { codeFlow } from '../../cli/vitest.js';
import { createClient, minorUnits } from '../../client/index.js';
import type { ShopStep } from '../../scenarios/explore/code-flow.js';
import { shopSteps } from '../scenarios/explore/shop.js';

/** A shop with the reference client, as a user would write it. It stores that it sent the payment before it sends it. */
const payWithClient: ShopStep = async ({ url, backupUrl, account, fetch, reference, amount, card, stored }) => {
  const { site, rang, cle = '' } = account;
  const client = createClient({ url, backupUrl, site, rang, cle, version: '00104', timeout: 1000, fetch, askAfter: [0, 0, 0] });
  const isRetry = stored.has('sent');
  stored.set('sent', reference);
  const outcome = await client.pay({ amount: minorUnits(amount, 'EUR'), reference, card }, { retry: isRetry }).catch(() => undefined);
  if (outcome?.kind === 'approved') return 'paid';
  return outcome?.kind === 'refused' ? `refused ${outcome.code}` : 'unknown';
};

describe('toHoldUnderFaults', () => {
  test('passes for a shop with the reference client', async () => {
    await expect(codeFlow({ amount: 1000, steps: { pay: payWithClient } })).toHoldUnderFaults({ depth: 1 });
  });

  test('fails with the timeline of the shortest failure', async () => {
    const flow = codeFlow({ amount: 1000, steps: { pay: shopSteps('says paid after a lost reply').pay } });
    await expect(expect(flow).toHoldUnderFaults({ depth: 1 })).rejects.toThrow(/said-paid, at pay[\s\S]*drop-before-at-2/);
  });

  test('can be negated', async () => {
    const flow = codeFlow({ amount: 1000, steps: { pay: shopSteps('no echo check').pay } });
    await expect(flow).not.toHoldUnderFaults({ depth: 1 });
  });

  test('needs a flow', async () => {
    await expect(expect({}).toHoldUnderFaults()).rejects.toThrow('toHoldUnderFaults needs a flow');
  });

  test('says that the flow does not succeed without any fault', async () => {
    const flow = codeFlow({ name: 'never', amount: 1000, steps: { pay: async () => 'refused 00151' } });
    await expect(expect(flow).toHoldUnderFaults()).rejects.toThrow('never: Without any fault, the last step says: refused 00151');
  });
});
