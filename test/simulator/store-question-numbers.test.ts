import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OPERATIONS } from '../../contracts/index.js';
import type { Fact } from '../../simulator/engine/fact.js';
import { MemoryStore } from '../../simulator/store/memory/memory-store.js';

const used = (number: number, TYPE: string): Fact => ({
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

/** Numbers that follow one another, that keep a step, or that are drawn. */
const numbers = fc.oneof(
  fc
    .record({ first: fc.nat(2_147_483_647 - 400 * 65_536), step: fc.constantFrom(1, 2, 10, 1000, 4096, 65_536), count: fc.nat(400) })
    .map(({ first, step, count }) => Array.from({ length: count }, (_, i) => first + i * step)),
  fc.array(fc.oneof(fc.nat(2_147_483_647), fc.nat(20), fc.constantFrom(0, 2_147_483_647)), { maxLength: 400 }),
);

test('a memory store knows what each question number was used for, whatever numbers a shop takes', async () => {
  await fc.assert(
    fc.asyncProperty(numbers, fc.array(TYPE, { minLength: 1, maxLength: 6 }), async (all, types) => {
      const store = new MemoryStore();
      const known = new Map<number, Set<string>>();
      const facts = all.map((number, i) => {
        const type = types[i % types.length] as string;
        known.set(number, (known.get(number) ?? new Set()).add(type));
        return used(number, type);
      });
      await write(store, facts);

      for (const [number, expected] of known) expect(await typesOf(store, number)).toEqual([...expected].sort());
      for (const number of all) if (!known.has(number + 1)) expect(await typesOf(store, number + 1)).toEqual([]);
      const inOrder = [...known].sort(([a], [b]) => a - b);
      expect((await store.dump()).questions).toEqual(
        inOrder.flatMap(([number, of]) => [...of].sort().map((type) => ['1999888/032', '2026-03-28', String(number), type])),
      );
    }),
    { numRuns: 60 },
  );
});
