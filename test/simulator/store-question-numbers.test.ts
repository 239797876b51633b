import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OPERATIONS } from '../../contracts/index.js';
import type { Fact } from '../../simulator/engine/fact.js';
import { MemoryStore } from '../../simulator/store/memory/memory-store.js';
import { dump } from '../../simulator/store/store.js';

const questionFact = (number: number, TYPE: string): Fact => ({
  fact: 'question',
  account: '1999888/032',
  day: '2026-03-28',
  questionNumber: String(number),
  TYPE,
});

const write = (store: MemoryStore, facts: readonly Fact[]): Promise<void> =>
  store.transact(undefined, () => ({ facts, result: undefined }));

const typesOf = (store: MemoryStore, number: number): Promise<readonly string[]> =>
  store.transact({ account: '1999888/032', day: '2026-03-28', questionNumber: String(number) }, ({ questionTypes }) => ({
    facts: [],
    result: questionTypes,
  }));

const TYPE = fc.constantFrom(...OPERATIONS.map(({ TYPE: type }) => type));

/** Consecutive numbers, numbers at a constant step, or random numbers. */
const numbers = fc.oneof(
  fc
    .record({ first: fc.nat(2_147_483_647 - 400 * 65_536), step: fc.constantFrom(1, 2, 10, 1000, 4096, 65_536), count: fc.nat(400) })
    .map(({ first, step, count }) => Array.from({ length: count }, (_, i) => first + i * step)),
  fc.array(fc.oneof(fc.nat(2_147_483_647), fc.nat(20), fc.constantFrom(0, 2_147_483_647)), { maxLength: 400 }),
);

test('a memory store returns the TYPEs for which each question number was used, for any numbers', async () => {
  await fc.assert(
    fc.asyncProperty(numbers, fc.array(TYPE, { minLength: 1, maxLength: 6 }), async (all, types) => {
      const store = new MemoryStore();
      const expectedTypes = new Map<number, Set<string>>();
      const facts = all.map((number, i) => {
        const type = types[i % types.length] as string;
        expectedTypes.set(number, (expectedTypes.get(number) ?? new Set()).add(type));
        return questionFact(number, type);
      });
      await write(store, facts);

      for (const [number, expected] of expectedTypes) expect(await typesOf(store, number)).toEqual([...expected].sort());
      for (const number of all) if (!expectedTypes.has(number + 1)) expect(await typesOf(store, number + 1)).toEqual([]);
      const inOrder = [...expectedTypes].sort(([a], [b]) => a - b);
      expect((await dump(store)).questions).toEqual(
        inOrder.flatMap(([number, of]) => [...of].sort().map((type) => ['1999888/032', '2026-03-28', String(number), type])),
      );
    }),
    { numRuns: 60 },
  );
});
