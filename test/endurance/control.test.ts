import { STORAGES } from '../simulator/storages.js';
import { runControlCampaign } from '../support/control-campaign.js';
import { NOON } from '../support/question.js';
import { campaign } from './campaign.js';
import { Random } from './random.js';

const UNITS: Readonly<Record<string, { readonly unit: string; readonly short: number; readonly long: number }>> = {
  memory: { unit: 'control requests', short: 200, long: 8000 },
  SQLite: { unit: 'stored control requests', short: 50, long: 2500 },
  PostgreSQL: { unit: 'control requests to PostgreSQL', short: 10, long: 300 },
};

for (const { storage, options } of STORAGES) {
  const { unit, short, long } = UNITS[storage] as (typeof UNITS)[string];
  campaign({ name: `no mutated request to the control API breaks a gateway in ${storage}`, unit, short, long }, async (count, seed) => {
    const isRestarted = storage !== 'memory';
    const { accepted, refused } = await runControlCampaign({ ...(await options()), clock: NOON }, count, new Random(seed), isRestarted);
    return `${accepted} accepted, ${refused} refused with a reason`;
  });
}
