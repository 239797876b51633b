import { join } from 'node:path';
import fc from 'fast-check';
import type { SimulatorOptions } from '../../simulator/index.js';
import { type HistoryStep, histories } from '../simulator/payment-histories.js';
import { REFUSED, runHistory } from '../simulator/payment-run.js';
import { tempFolder } from '../support/temp-folder.js';
import { campaign } from './campaign.js';
import { makeDirectBench } from './direct-bench.js';

/** Runs histories on one simulator, which is reset before each history. */
async function followAll(numRuns: number, seed: number, options: SimulatorOptions): Promise<string> {
  let steps = 0;
  const bench = makeDirectBench({ rules: [{ match: REFUSED, answer: '00105' }], ...options });
  const follow = async (history: readonly HistoryStep[]): Promise<void> => {
    await bench.simulator.reset();
    bench.simulator.clock.freeze();
    steps += history.length;
    await runHistory(bench, history);
  };
  try {
    await fc.assert(fc.asyncProperty(histories, follow), { numRuns, seed });
  } finally {
    await bench.simulator.close();
  }
  return `${steps} steps`;
}

campaign({ name: 'random histories give the results of the model', unit: 'histories', short: 150, long: 100_000 }, (count, seed) =>
  followAll(count, seed, {}),
);

campaign(
  { name: 'random histories in SQLite give the results of the model', unit: 'stored histories', short: 20, long: 5000 },
  async (count, seed) => followAll(count, seed, { db: join(await tempFolder(), 'state.db') }),
);
