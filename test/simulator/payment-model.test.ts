import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'vitest';
import type { SimulatorOptions } from '../../simulator/index.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { type HistoryStep, histories } from './payment-histories.js';
import { REFUSED, runHistory } from './payment-run.js';

async function run(steps: readonly HistoryStep[], options: SimulatorOptions): Promise<void> {
  const bench = openTestSimulator({ rules: [{ match: REFUSED, answer: '00105' }], ...options });
  try {
    await runHistory(bench, steps);
  } finally {
    await bench.simulator.close();
  }
}

test('the simulator behaves like the model for every history of payments', async () => {
  await fc.assert(
    fc.asyncProperty(histories, (steps) => run(steps, {})),
    { numRuns: 100 },
  );
});

test('the simulator behaves like the model with a SQLite file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'payment-histories-'));
  let files = 0;
  const runInFile = (steps: HistoryStep[]) => run(steps, { db: join(folder, `${++files}.db`) });
  try {
    await fc.assert(fc.asyncProperty(histories, runInFile), { numRuns: 12 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
