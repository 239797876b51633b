import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'vitest';
import type { SimulatorOptions } from '../../simulator/index.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { histories, type Step } from './payment-histories.js';
import { followHistory, REFUSED } from './payment-run.js';

async function follow(steps: readonly Step[], options: SimulatorOptions): Promise<void> {
  const bench = openTestSimulator({ rules: [{ match: REFUSED, answer: '00105' }], ...options });
  try {
    await followHistory(bench, steps);
  } finally {
    await bench.simulator.close();
  }
}

test('every history of payments goes as the protocol sheet says', async () => {
  await fc.assert(
    fc.asyncProperty(histories, (steps) => follow(steps, {})),
    { numRuns: 400 },
  );
});

test('every history goes the same way when it is kept in a SQLite file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'payment-histories-'));
  let files = 0;
  const followInFile = (steps: Step[]) => follow(steps, { db: join(folder, `${++files}.db`) });
  try {
    await fc.assert(fc.asyncProperty(histories, followInFile), { numRuns: 30 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
