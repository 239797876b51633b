import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparePlans, describePlan } from '../../../scenarios/explore/failures.js';
import { isOfQuestion, KINDS, kindBy } from '../../../scenarios/explore/kinds.js';
import { conditionsOf, exclude, type Plan, planKey, ruleId, withoutOne } from '../../../scenarios/explore/perturbation.js';
import { continuations } from '../../../scenarios/explore/search.js';
import { shuffled } from '../../../scenarios/explore/shuffle.js';
import { createSimulator } from '../../../simulator/index.js';

const perturbation = fc
  .constantFrom(...KINDS)
  .chain((kind) => fc.record({ kind: fc.constant(kind.id), at: isOfQuestion(kind) ? fc.integer({ min: 1, max: 9 }) : fc.constant(0) }));
const plan: fc.Arbitrary<Plan> = fc.array(perturbation, { maxLength: 4 });

const POINTS = [
  { TYPE: '00011', operation: 'exists', request: [] },
  { TYPE: '00003', operation: 'pay', request: [['PORTEUR', '*'] as const] },
];

describe('a plan', () => {
  test('has a key of its own', () => {
    fc.assert(
      fc.property(plan, plan, (one, other) => {
        expect(planKey(one) === planKey(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });

  test('comes before each plan that it is a part of', () => {
    fc.assert(
      fc.property(plan, (one) => {
        for (const shorter of withoutOne(one)) expect(comparePlans(shorter, one)).toBeLessThan(0);
      }),
    );
  });

  test('says what happens and where', () => {
    const text = describePlan(
      [
        { kind: 'main-down', at: 0 },
        { kind: 'drop', at: 2 },
      ],
      { points: POINTS },
    );
    expect(text).toBe(
      'the main host refuses connections; then the gateway processes the question, and its reply is lost (question 2, pay)',
    );
    expect(describePlan([], { points: [] })).toBe('nothing happens');
  });
});

describe('the kinds', () => {
  test('have different ids', () => {
    expect(new Set(KINDS.map(({ id }) => id)).size).toBe(KINDS.length);
  });

  test('a kind that does not exist is an error', () => {
    expect(() => kindBy('lightning')).toThrow('lightning is not a kind');
  });

  test.each(KINDS.map(({ id }) => id))('a gateway accepts the conditions of %s', (id) => {
    const at = isOfQuestion(kindBy(id)) ? 1 : 0;
    const { rules, variants } = conditionsOf([{ kind: id, at }]);
    const { gateway } = createSimulator();
    for (const rule of rules) expect(gateway.rules.add(rule).id).toBe(ruleId({ kind: id, at }));
    expect(gateway.setAccount({ SITE: '1999888', RANG: '32', variants }).variants).toMatchObject(variants);
  });
});

describe('the continuations of a run', () => {
  test('add one perturbation at a later place, without repeating one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...continuations({ plan: [], points: POINTS })), (first) => {
        const next = continuations({ plan: first, points: POINTS });
        expect(new Set(next.map(planKey)).size).toBe(next.length);
        for (const [earlier, later, ...more] of next) {
          expect(more).toEqual([]);
          expect(earlier).toEqual(first[0]);
          expect(earlier && later && !exclude(earlier, later)).toBe(true);
          expect(later?.at === 0 || (later?.at ?? 0) > (earlier?.at ?? 0)).toBe(true);
        }
      }),
    );
  });

  test('place no double processing at an inquiry, and no refusal by the bank where no card is sent', () => {
    const placed = continuations({ plan: [], points: POINTS }).map(planKey);
    expect(placed).toEqual(expect.arrayContaining(['twice@2', '00105@2', 'drop@1', 'drop@2', 'main-down@0']));
    expect(placed).not.toContain('twice@1');
    expect(placed).not.toContain('00105@1');
  });

  test('are none after the program was killed', () => {
    expect(continuations({ plan: [{ kind: 'kill', at: 1 }], points: POINTS })).toEqual([]);
  });
});

test('a shuffle has the same items, in an order that the seed chooses', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string()), fc.nat(), (items, seed) => {
      const mixed = shuffled(items, seed, (item) => item);
      expect([...mixed].sort()).toEqual([...items].sort());
      expect(shuffled([...items].reverse(), seed, (item) => item).sort()).toEqual([...mixed].sort());
      expect(shuffled(items, seed, (item) => item)).toEqual(mixed);
    }),
  );
  const many = Array.from({ length: 50 }, (_, index) => String(index));
  expect(shuffled(many, 1, (item) => item)).not.toEqual(shuffled(many, 2, (item) => item));
});
