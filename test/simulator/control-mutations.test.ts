import { expect, test } from 'vitest';
import { Random } from '../endurance/random.js';
import { runControlCampaign } from '../support/control-campaign.js';
import { NOON } from '../support/question.js';
import { STORAGES } from './storages.js';

test.each(STORAGES)('no mutated request to the control API breaks a gateway stored in $storage', async ({ storage, options }) => {
  const count = storage === 'memory' ? 300 : storage === 'SQLite' ? 100 : 20;
  const { accepted, refused } = await runControlCampaign({ ...(await options()), clock: NOON }, count, new Random(1), storage !== 'memory');
  expect(accepted).toBeGreaterThan(count / 20);
  expect(refused).toBeGreaterThan(count / 3);
});
