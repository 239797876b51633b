import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sortNumbers } from '../../simulator/store/memory/sort-numbers.js';
import { Random } from '../endurance/random.js';

test('sorts any number of numbers, also those that are sorted already', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(12_000), fc.nat(), fc.boolean(), async (count, seed, isSorted) => {
      const random = new Random(seed);
      const numbers = Array.from({ length: count }, () => random.below(2_147_483_647));
      const expected = [...numbers].sort((a, b) => a - b);
      expect([...(await sortNumbers(isSorted ? expected : numbers))]).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});
