import { expect, test } from 'vitest';
import { Random } from '../endurance/random.js';
import { COMBINATIONS, runSecretCampaign } from '../support/secret-campaign.js';

test.each([
  { showUnknown: false, seed: 1, share: 0.2 },
  { showUnknown: true, seed: 2, share: 0.13 },
])(
  'no secret is stored, shown or printed, whatever carries it and wherever it is put (showUnknown: $showUnknown)',
  { timeout: 120_000 },
  async ({ showUnknown, seed, share }) => {
    const { combinations, leaks } = await runSecretCampaign(new Random(seed), share, showUnknown);
    expect(leaks.slice(0, 20)).toEqual([]);
    expect(combinations).toBeGreaterThan(share * COMBINATIONS * 0.9);
  },
);
